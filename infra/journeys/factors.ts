import type { Aal, Channel, Factor } from "../identity-config/journeys/journey";
import { messagesTo, type OutboxUrl, readCode, waitUntilSent } from "./courier-message";
import { JourneyError } from "./journey-error";
import type { KratosApi } from "./kratos-api";
import { unexpected } from "./kratos-reply";
import type { Person } from "./person";
import {
  askForCode,
  type Entry,
  enterCode,
  expectWrongCodeRefused,
  levelOf,
  signInWithPassword,
  startFlow,
  startSecondStep,
  submit,
} from "./sign-in";
import { totp } from "./totp";
import type { Way } from "./ways";

/** Where factors are given, and where codes are read. */
export interface Scene {
  api: KratosApi;
  outbox?: OutboxUrl;
  messageTimeoutMs: number;
  signal?: AbortSignal;
  /** Told each step as it is done. Codes and addresses are in it. */
  done?: (step: string) => void;
}

const BY: Record<Channel, string> = { email: "e-mail", sms: "SMS" };

/**
 * Signs in the way that is named. A second factor has to be demanded where the way has one, and only there.
 *
 * @returns the level of the session
 * @throws JourneyError
 */
export async function signIn(scene: Scene, person: Person, { first, second }: Way): Promise<Aal> {
  const { api, done } = scene;
  const session = await giveFirst(scene, person, first);
  const level = await levelOf(api, session);
  const given = first === "password" ? "the password" : "the code";
  if (second === undefined) {
    if (level === "demanded")
      throw new JourneyError(
        "SecondFactorDemanded",
        `expected whoami to be content after ${given} (200), got 403 session_aal2_required`,
      );
    done?.(`whoami reaches ${level}`);
    return level;
  }
  if (level !== "demanded")
    throw new JourneyError(
      "SecondFactorNotDemanded",
      `expected whoami to demand aal2 (403 session_aal2_required) after ${given}, got 200 with ${level}; session.whoami.required_aal has to be highest_available${second.startsWith("code:") ? " and selfservice.methods.code.mfa_enabled true" : ""}`,
    );
  done?.("whoami demands aal2 (403 session_aal2_required)");
  const raised = await levelOf(api, await giveSecond(scene, session, person, second));
  if (raised !== "aal2")
    throw new JourneyError(
      "CodeRefused",
      `expected whoami to answer 200 with aal2 after the second factor, got ${raised === "demanded" ? "403 session_aal2_required" : `200 with ${raised}`}`,
    );
  done?.("whoami reaches aal2");
  return raised;
}

/** The code that `ask` has Kratos send to `address`. */
export async function sentCode(
  { api, outbox, messageTimeoutMs, signal, done }: Scene,
  address: string,
  ask: () => Promise<void>,
): Promise<string> {
  const earlier = await messagesTo(api, address);
  await ask();
  const message = await waitUntilSent(api, address, earlier, messageTimeoutMs);
  const code = await readCode(message, address, outbox, signal);
  done?.(`code ${code} arrived`);
  return code;
}

/** Signs in by a first factor. @returns the session token. @throws JourneyError */
export async function giveFirst(scene: Scene, person: Person, factor: Factor): Promise<string> {
  const { api, done } = scene;
  if (factor === "password") {
    const token = await signInWithPassword(api, person.identifier, person.password);
    done?.("signed in with the password");
    return token;
  }
  const identifier = addressOf(person, factor);
  const { id: flow } = await startFlow(api, "/self-service/login/api");
  const code = await sentCode(scene, identifier, async () => {
    const asked = await submit(api, flow, { method: "code", identifier });
    if (asked.body?.state !== "sent_email")
      throw unexpected(
        "SignInRefused",
        "a code to be sent (sent_email)",
        asked,
        "selfservice.methods.code.passwordless_enabled has to be true",
      );
    done?.(`asked for a code at ${identifier} by ${BY[channelOf(factor)]}`);
  });
  const token = await entered(scene, { flow, method: "code", identifier, code });
  done?.("signed in with the code");
  return token;
}

/** Raises a session by a second factor. @returns the session token. @throws JourneyError */
export async function giveSecond(
  scene: Scene,
  sessionToken: string,
  person: Person,
  factor: Factor,
): Promise<string> {
  const { api, done } = scene;
  if (factor.startsWith("code:")) {
    const address = addressOf(person, factor);
    let flow = "";
    const code = await sentCode(scene, address, async () => {
      const step = await startSecondStep(api, sessionToken, address);
      if (!step.codeSent) await askForCode(api, step, sessionToken, address);
      flow = step.flow;
      done?.(`${step.codeSent ? "was sent" : "asked for"} a code at ${address} by ${BY[channelOf(factor)]}`);
    });
    return entered(scene, { flow, method: "code", code, sessionToken });
  }
  const { id: flow } = await startFlow(api, "/self-service/login/api?aal=aal2", sessionToken);
  if (factor === "totp")
    return entered(scene, { flow, method: "totp", code: totp(person.totpSecret ?? ""), sessionToken });
  const code = person.lookupCodes.shift() ?? "";
  return entered(scene, { flow, method: "lookup_secret", code, sessionToken });
}

/** Enters a wrong code, which has to be refused, and then the right one. @returns the session token */
async function entered({ api, done }: Scene, right: Entry): Promise<string> {
  const wrong = await expectWrongCodeRefused(api, right);
  done?.(`wrong code ${wrong} refused`);
  return enterCode(api, right);
}

/** The address of `person` that a code of `factor` goes to. */
export function addressOf({ addresses }: Person, factor: Factor): string {
  const found = addresses.find(({ via }) => via === channelOf(factor));
  if (found !== undefined) return found.value;
  throw new JourneyError("NoSuchAddress", `the throw-away identity has no address for ${factor}`);
}

const channelOf = (factor: Factor) => factor.split(":")[1] as Channel;
