import type { Part } from "../../infra/components/part";
import { merge } from "../../infra/identity-config/merge";

/** The document that `part` alone declares. */
export const declared = ({ fragment }: Part): Record<string, unknown> => merge([fragment]);
