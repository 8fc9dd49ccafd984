import { stringify } from "yaml";
import type { Document } from "../../identity-config/model";
import type { Stamp } from "../target";

const HEADER = "# Written by pulumi-ory. Edits are seen as drift and undone by the next `pulumi up`.\n";
const STAMP = "# pulumi-ory: ";

/** The text of identity.yml. The stamp is a comment in it, so that config and stamp are written in one step. */
export function identityText(document: Document, { owner, leftAlone }: Stamp): string {
  return `${HEADER}${STAMP}${JSON.stringify({ owner, leftAlone })}\n${stringify(document, { lineWidth: 0 })}`;
}

/** The stamp in the text of identity.yml; undefined where there is none, or none that can be read. */
export function stampOf(text: string | undefined): Stamp | undefined {
  const line = text?.split("\n").find((one) => one.startsWith(STAMP));
  if (line === undefined) return undefined;
  try {
    const { owner, leftAlone } = JSON.parse(line.slice(STAMP.length)) as Stamp;
    const isStamp = typeof owner === "string" && Array.isArray(leftAlone);
    return isStamp && leftAlone.every((path) => typeof path === "string") ? { owner, leftAlone } : undefined;
  } catch {
    return undefined;
  }
}
