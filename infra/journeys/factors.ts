import type { Factor } from "../identity-config/journeys/journey";
import { messagesTo, type OutboxUrl, readCode, waitUntilSent } from "./courier-message";
import type { Channel } from "./identity-schema";
import { JourneyError } from "./journey-error";
import type { KratosApi } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";
import type { Person } from "./person";
import { askForCode, signInWithPassword, startFlow, startSecondStep, submit } from "./sign-in";
import { totp } from "./totp";

/** Where factors are given, and where codes are read. */
export interface Scene {
  api: KratosApi;
  outbox?: OutboxUrl;
  messageTimeoutMs: number;
  signal?: AbortSignal;
}

/** First and second factors that can be given without a browser. */
export const FIRST: readonly Factor[] = ["password", "code:email", "code:sms"];
export const SECOND: readonly Factor[] = ["code:email", "code:sms", "totp", "lookup_secret"];

/** The code that `ask` has Kratos send to `address`. */
export async function sentCode(
  { api, outbox, messageTimeoutMs, signal }: Scene,
  address: string,
  ask: () => Promise<void>,
): Promise<string> {
  const earlier = await messagesTo(api, address);
  await ask();
  const message = await waitUntilSent(api, address, earlier, messageTimeoutMs);
  return readCode(message, address, outbox, signal);
}

/** Signs in by a first factor. @returns the session token. @throws JourneyError */
export async function giveFirst(scene: Scene, person: Person, factor: Factor): Promise<string> {
  const { api } = scene;
  if (factor === "password") return signInWithPassword(api, person.identifier, person.password);
  const identifier = addressOf(person, factor);
  const flow = await startFlow(api, "/self-service/login/api");
  const code = await sentCode(scene, identifier, async () => {
    const asked = await submit(api, flow.id, { method: "code", identifier });
    if (asked.body?.state === "sent_email") return;
    throw unexpected("SignInRefused", "a code to be sent (sent_email)", asked);
  });
  const reply = await submit(api, flow.id, { method: "code", identifier, code });
  if (reply.status === 200 && reply.body?.session_token) return reply.body.session_token;
  throw unexpected("CodeRefused", "a session after the code (200)", reply);
}

/** Raises a session by a second factor. @throws JourneyError */
export async function giveSecond(scene: Scene, token: string, person: Person, factor: Factor): Promise<void> {
  const { api } = scene;
  if (factor.startsWith("code:")) {
    const address = addressOf(person, factor);
    let flow = "";
    const code = await sentCode(scene, address, async () => {
      const step = await startSecondStep(api, token, address);
      if (!step.codeSent) await askForCode(api, step, token, address);
      flow = step.flow;
    });
    await accepted(submit(api, flow, { method: "code", code }, token), "code");
    return;
  }
  const { id } = await startFlow(api, "/self-service/login/api?aal=aal2", token);
  const body =
    factor === "totp"
      ? { method: "totp", totp_code: totp(person.totpSecret ?? "") }
      : { method: "lookup_secret", lookup_secret: person.lookupCodes.shift() };
  await accepted(submit(api, id, body, token), factor);
}

async function accepted(answer: ReturnType<typeof submit>, factor: string): Promise<void> {
  const reply = await answer;
  if (reply.status !== 200) throw unexpected("CodeRefused", `the ${factor} to be accepted (200)`, reply);
}

/** What a session is good for: its level, or `demanded` where whoami wants a second factor. */
export async function levelOf(api: KratosApi, sessionToken: string): Promise<"aal1" | "aal2" | "demanded"> {
  const reply = await api.public<Flow & { authenticator_assurance_level?: string }>("/sessions/whoami", {
    sessionToken,
  });
  if (reply.status === 403 && reply.body?.error?.id === "session_aal2_required") return "demanded";
  const level = reply.body?.authenticator_assurance_level;
  if (reply.status === 200 && (level === "aal1" || level === "aal2")) return level;
  throw unexpected("UnexpectedReply", "whoami to tell the session", reply);
}

/** The address of `person` that a code of `factor` goes to. */
export function addressOf({ addresses }: Person, factor: Factor): string {
  const channel = factor.split(":")[1] as Channel;
  const found = addresses.find(({ via }) => via === channel);
  if (found !== undefined) return found.value;
  throw new JourneyError("NoSuchAddress", `the throw-away identity has no address for ${factor}`);
}
