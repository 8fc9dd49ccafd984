import type { AxiosError } from "axios";
import { redactText } from "../../identity-config/sensitive";
import { UserError } from "../../identity-config/user-error";
import { RefusedKey } from "../target";
import { KEY_PREFIXES } from "./behavior";

/** The project has another revision than the one that a write was made for. */
export class StaleRevision extends Error {}

/** A write whose answer did not arrive: it may be in force or not. Its text says what became of the call. */
export class LostAnswer extends Error {}

/** What Ory's APIs answer with when they refuse. */
interface OryError {
  id?: string;
  request?: string;
  reason?: string;
  message?: string;
  details?: Record<string, unknown>;
}

/** A failed call, told to the user. */
export interface Call {
  /** What was attempted, such as `read project 3f0c…`. */
  attempt: string;
  /** Whether the call may have changed something. */
  writes: boolean;
  /** Texts of secrets that an answer could repeat. */
  secrets: readonly string[];
}

const WORKSPACE_KEY = `a workspace API key (${KEY_PREFIXES.workspace[0]}…) of the project's workspace`;

/** axios itself would take a fifth of the start of a provider that calls no Ory Network. */
const isAxiosError = (error: unknown): error is AxiosError =>
  error instanceof Error && "isAxiosError" in error && error.isAxiosError === true;

/** The error to throw for `error`, which a call ended with. */
export function problem(error: unknown, { attempt, writes, secrets }: Call): Error {
  if (!isAxiosError(error)) return error as Error;
  const { response, code, config } = error;
  const host = URL.canParse(config?.url ?? "") ? new URL(config!.url!).host : "Ory Network";
  // An answer that breaks off has a status already.
  if (response === undefined || response.status < 300) {
    if (code === "ERR_CANCELED") return error;
    const text = `cannot ${attempt}: no answer from ${host} (${code ?? "connection lost"})`;
    return writes
      ? new LostAnswer(text)
      : new UserError(`${text}; check the network, a proxy and ORY_CONSOLE_URL`);
  }
  const { status, data } = response;
  const said = oryError(data);
  const reason = redactText([said.message, said.reason].filter(Boolean).join(": "), secrets);
  const request = said.request ? `, request ${said.request}` : "";
  const text = `cannot ${attempt}: ${status}${reason ? ` ${reason}` : ""}${request}`;
  if (status === 409) return new StaleRevision(text);
  if (writes && status >= 500) return new LostAnswer(text);
  if (status === 401 || (status === 403 && said.id !== "feature_not_available")) {
    return new RefusedKey(`${text}; ${remedy(status, said)}`);
  }
  return new UserError(`${text}; ${remedy(status, said)}`);
}

function oryError(data: unknown): OryError {
  const body = typeof data === "object" && data !== null ? (data as { error?: unknown }).error : undefined;
  return typeof body === "object" && body !== null ? (body as OryError) : {};
}

function remedy(status: number, { id, details }: OryError): string {
  if (id === "feature_not_available") {
    const feature = details?.feature ? `"${details.feature}"` : "a setting in this change";
    return `the project's plan does not include ${feature}: upgrade it, or leave the setting out`;
  }
  if (status === 401) return `the key is not valid any more: set ORY_WORKSPACE_API_KEY to ${WORKSPACE_KEY}`;
  if (status === 403) return `the key may not do this: it has to be ${WORKSPACE_KEY}`;
  if (status === 404)
    return "check target.network.project, and that the key belongs to the project's workspace";
  if (status === 429) return "too many requests for the project's plan: wait a minute and run it again";
  if (status >= 500)
    return "Ory Network has a problem: try again, and name the request to Ory's support if it stays";
  return "nothing was written; change the setting that the reason names";
}
