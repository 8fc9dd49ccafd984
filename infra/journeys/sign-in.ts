import type { Aal } from "../identity-config/journeys/journey";
import { JourneyError } from "./journey-error";
import type { KratosApi, Reply } from "./kratos-api";
import { type Flow, messagesOf, unexpected } from "./kratos-reply";

/** A login flow that asks for the second factor, and whether Kratos has sent a code on its own account already. */
export type SecondStep = { flow: string; codeSent: boolean };

type Session = Flow & { session_token?: string; authenticator_assurance_level?: string };

/** How the login flow calls what is entered, and the number of Kratos' message that it is wrong. */
const CODES = {
  code: { field: "code", invalid: 4010008 },
  totp: { field: "totp_code", invalid: 4000008 },
  lookup_secret: { field: "lookup_secret", invalid: 4000016 },
};

/** A code that is entered in a login flow. */
export interface Entry {
  flow: string;
  method: keyof typeof CODES;
  code: string;
  /** Whom a code as the first factor was sent to. */
  identifier?: string;
  /** Of the session that a second factor raises. */
  sessionToken?: string;
}

/**
 * The first step: signs in with the password.
 *
 * @returns the session token
 * @throws JourneyError `SignInRefused`
 */
export async function signInWithPassword(
  api: KratosApi,
  identifier: string,
  password: string,
): Promise<string> {
  const flow = await startFlow(api, "/self-service/login/api");
  const reply = await submit(api, flow.id, { method: "password", identifier, password });
  if (reply.status === 200 && reply.body?.session_token) return reply.body.session_token;
  throw unexpected("SignInRefused", "a session after the password (200)", reply);
}

/**
 * What a session is good for: its level, or `demanded` where whoami wants a second factor.
 *
 * @throws JourneyError `UnexpectedReply`
 */
export async function levelOf(api: KratosApi, sessionToken: string): Promise<Aal | "demanded"> {
  const reply = await api.public<Session>("/sessions/whoami", { sessionToken });
  if (reply.status === 403 && reply.body?.error?.id === "session_aal2_required") return "demanded";
  const level = reply.body?.authenticator_assurance_level;
  if (reply.status === 200 && (level === "aal1" || level === "aal2")) return level;
  throw unexpected("UnexpectedReply", "whoami to tell the session", reply);
}

/**
 * Opens the second step. From v26.2 on Kratos sends the code at this moment when there is only one address for it.
 *
 * @throws JourneyError `AddressNotOffered`
 */
export async function startSecondStep(
  api: KratosApi,
  sessionToken: string,
  address: string,
): Promise<SecondStep> {
  const flow = await startFlow(api, "/self-service/login/api?aal=aal2", sessionToken);
  if (flow.state === "sent_email") return { flow: flow.id, codeSent: true };
  const inputs = flow.ui?.nodes ?? [];
  if (inputs.some(({ attributes }) => attributes.value === address))
    return { flow: flow.id, codeSent: false };
  const offered =
    [...new Set(inputs.map(({ attributes }) => attributes.name))].join(", ") || "no input at all";
  throw new JourneyError(
    "AddressNotOffered",
    `expected the second step to offer a code at ${address}, got ${offered}; selfservice.methods.code needs enabled and mfa_enabled`,
  );
}

/**
 * Asks for a code. Kratos answers 400 by design: the form now wants the code.
 *
 * @throws JourneyError `UnexpectedReply`
 */
export async function askForCode(
  api: KratosApi,
  step: SecondStep,
  sessionToken: string,
  address: string,
): Promise<void> {
  const reply = await submit(api, step.flow, { method: "code", address }, sessionToken);
  if (reply.body?.state === "sent_email") return;
  throw unexpected("UnexpectedReply", "the second step in state sent_email", reply);
}

/**
 * Sees that Kratos refuses a wrong code in the place of the right one.
 *
 * @returns the wrong code
 * @throws JourneyError `WrongCodeAccepted`
 */
export async function expectWrongCodeRefused(api: KratosApi, right: Entry): Promise<string> {
  const zeros = "0".repeat(right.code.length);
  const code = right.code === zeros ? zeros.replace(/.$/, "1") : zeros;
  const reply = await enter(api, { ...right, code });
  const { invalid } = CODES[right.method];
  if (messagesOf(reply.body).some(({ id }) => id === invalid)) return code;
  const outcome = reply.status === 200 ? "WrongCodeAccepted" : "UnexpectedReply";
  throw unexpected(outcome, `the wrong code ${code} to be refused (${invalid})`, reply);
}

/**
 * Enters the right code.
 *
 * @returns the token of the session that it makes or raises
 * @throws JourneyError `CodeRefused`
 */
export async function enterCode(api: KratosApi, right: Entry): Promise<string> {
  const reply = await enter(api, right);
  const token = reply.body?.session_token ?? right.sessionToken;
  if (reply.status === 200 && token !== undefined) return token;
  throw unexpected("CodeRefused", `code ${right.code} to be accepted (200)`, reply);
}

const enter = (api: KratosApi, { flow, method, code, identifier, sessionToken }: Entry) =>
  submit(api, flow, { method, identifier, [CODES[method].field]: code }, sessionToken);

/** Starts a flow, as the one at `/self-service/login/api`. */
export async function startFlow(
  api: KratosApi,
  path: string,
  sessionToken?: string,
): Promise<Flow & { id: string }> {
  const reply = await api.public<Flow>(path, { sessionToken });
  if (reply.status === 200 && reply.body?.id) return { ...reply.body, id: reply.body.id };
  throw unexpected("UnexpectedReply", `a flow at ${path} (200)`, reply);
}

/** Sends what a login flow asks for. */
// The flow's own ui.action points at serve.public.base_url, which need not be reachable from here.
export function submit(
  api: KratosApi,
  flow: string,
  body: unknown,
  sessionToken?: string,
): Promise<Reply<Session>> {
  return api.public<Session>(`/self-service/login?flow=${encodeURIComponent(flow)}`, {
    method: "POST",
    body,
    sessionToken,
  });
}
