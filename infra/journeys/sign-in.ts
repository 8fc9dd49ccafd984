import { JourneyError } from "./journey-error";
import type { KratosApi, Reply } from "./kratos-api";
import { describeReply, type Flow, messagesOf, unexpected } from "./kratos-reply";

/** A login flow that asks for the second factor, and whether Kratos has sent a code on its own account already. */
export type SecondStep = { flow: string; codeSent: boolean };

type Session = Flow & { session_token?: string; authenticator_assurance_level?: string };

// The number of Kratos' message "The login code is invalid or has already been used."
const CODE_INVALID = 4010008;

const ENFORCE =
  "session.whoami.required_aal has to be highest_available and selfservice.methods.code.mfa_enabled true for this journey; where no code shall be demanded, remove the SignInProof (in the stack file: proof)";

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
 * Sees that the password alone is not enough.
 *
 * @throws JourneyError `SecondFactorNotDemanded`
 */
export async function expectSecondFactorDemanded(api: KratosApi, sessionToken: string): Promise<void> {
  const reply = await api.public<Session>("/sessions/whoami", { sessionToken });
  if (reply.status === 403 && reply.body?.error?.id === "session_aal2_required") return;
  if (reply.status === 200) {
    const aal = reply.body?.authenticator_assurance_level ?? "a session";
    throw new JourneyError(
      "SecondFactorNotDemanded",
      `expected whoami to demand aal2 (403 session_aal2_required) after the password, got 200 with ${aal}; ${ENFORCE}`,
    );
  }
  throw unexpected(
    "UnexpectedReply",
    "whoami to demand aal2 (403 session_aal2_required) after the password",
    reply,
  );
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
 * Sees that Kratos refuses a wrong code.
 *
 * @returns the wrong code
 * @throws JourneyError `WrongCodeAccepted`
 */
export async function expectWrongCodeRefused(
  api: KratosApi,
  step: SecondStep,
  sessionToken: string,
  rightCode: string,
): Promise<string> {
  const code = rightCode === "000000" ? "000001" : "000000";
  const reply = await submit(api, step.flow, { method: "code", code }, sessionToken);
  if (messagesOf(reply.body).some(({ id }) => id === CODE_INVALID)) return code;
  const outcome = reply.status === 200 ? "WrongCodeAccepted" : "UnexpectedReply";
  throw unexpected(outcome, `the wrong code ${code} to be refused (${CODE_INVALID})`, reply);
}

/**
 * Enters the right code and sees whoami content with the session.
 *
 * @throws JourneyError `CodeRefused`
 */
export async function signInWithCode(
  api: KratosApi,
  step: SecondStep,
  sessionToken: string,
  code: string,
): Promise<void> {
  const reply = await submit(api, step.flow, { method: "code", code }, sessionToken);
  if (reply.status !== 200) throw unexpected("CodeRefused", `code ${code} to be accepted (200)`, reply);
  const token = reply.body?.session_token ?? sessionToken;
  const whoami = await api.public<Session>("/sessions/whoami", { sessionToken: token });
  const aal = whoami.body?.authenticator_assurance_level;
  if (whoami.status === 200 && aal === "aal2") return;
  throw new JourneyError(
    "CodeRefused",
    `expected whoami to answer 200 with aal2 after the code, got ${describeReply(whoami)} ${aal ?? ""}`.trimEnd(),
  );
}

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
