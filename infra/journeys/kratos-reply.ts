import { JourneyError, type JourneyErrorCode } from "./journey-error";
import type { Reply } from "./kratos-api";

/** A text that Kratos shows to the user, with its number from Ory's list of messages. */
export type Message = { id: number; text: string };

/** One input of a flow's form. */
export type Node = { attributes: { name?: string; value?: unknown }; messages?: Message[] };

/** As much of a self-service flow, or of an error in its place, as journeys look at. */
export type Flow = {
  id?: string;
  state?: string;
  ui?: { messages?: Message[]; nodes?: Node[] };
  error?: { id?: string; status?: string; reason?: string; message?: string };
};

/** Everything that a flow tells its user, at the top and beside its inputs. */
export function messagesOf(body: Flow | undefined): Message[] {
  const nodes = body?.ui?.nodes ?? [];
  return [...(body?.ui?.messages ?? []), ...nodes.flatMap((node) => node.messages ?? [])];
}

/** One line for people: the status, Kratos' error and its messages with their ids. */
export function describeReply({ status, body }: Reply<Flow>): string {
  const error = body?.error;
  const said = [
    error &&
      [error.reason ?? error.message ?? error.status, error.id && `(${error.id})`].filter(Boolean).join(" "),
    ...messagesOf(body).map(({ id, text }) => `${JSON.stringify(text)} (${id})`),
  ].filter(Boolean);
  return [String(status), said.join(", ")].filter(Boolean).join(" ").replace(/\s+/g, " ");
}

/** The error for an answer that is not the one that the journey needs. `remedy` says what to change. */
export function unexpected(
  code: JourneyErrorCode,
  expected: string,
  reply: Reply<Flow>,
  remedy = "",
): JourneyError {
  return new JourneyError(
    code,
    `expected ${expected}, got ${describeReply(reply)}${remedy && `; ${remedy}`}`,
  );
}
