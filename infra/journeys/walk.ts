import { type CourierMessage, messagesTo, type OutboxUrl, readCode, waitUntilSent } from "./courier-message";
import { type Channel, type IdentitySchema, journeyTraits, readIdentitySchema } from "./identity-schema";
import { JourneyError } from "./journey-error";
import { type KratosApi, type KratosUrls, openKratos } from "./kratos-api";
import * as signIn from "./sign-in";
import {
  createThrowAway,
  removeLeftovers,
  removeThrowAway,
  type ThrowAwayIdentity,
} from "./throw-away-identity";

/** A way to sign in: the first factor, then the second, a code by e-mail or by SMS. */
export type Journey = "password+email" | "password+sms";

export const JOURNEYS: readonly Journey[] = ["password+email", "password+sms"];

export type WalkOptions = KratosUrls & {
  /** The journeys to walk, one after the other, each with an identity of its own. */
  as: readonly Journey[];
  /** The id of the identity schema that new users get. Default: the only one of the server, else "default". */
  schema?: string;
  /** Where codes are read. Default: in the courier's messages, which a Kratos shows only in dev mode. */
  outbox?: OutboxUrl;
  /** How long a message may take to be sent, in milliseconds. Default: 30000. */
  messageTimeoutMs?: number;
  signal?: AbortSignal;
  /** Told each step as it is done. Codes and addresses of the throw-away identities are in it. */
  log?: (line: string) => void;
};

/** A journey that was walked to its end, told in sentences. */
export type WalkedJourney = { as: Journey; aal: "aal2"; steps: string[] };

const CHANNELS: Record<Journey, { channel: Channel; by: string }> = {
  "password+email": { channel: "email", by: "e-mail" },
  "password+sms": { channel: "sms", by: "SMS" },
};

/**
 * Walks sign-in journeys against a running Kratos, each with a throw-away identity that is removed in every case, also
 * when the walk fails or is aborted. What crashed runs have left behind is removed first.
 *
 * Messages are really sent, to addresses that belong to nobody: under example.com, and to 201-555-01xx.
 *
 * @throws JourneyError at the first journey that does not reach aal2
 */
export async function walk(options: WalkOptions): Promise<{ journeys: WalkedJourney[] }> {
  const api = openKratos(options, options.signal);
  // Nothing that tidies up may be cut short by the caller's signal.
  const tidying = openKratos(options);
  const removed = await removeLeftovers(api);
  if (removed > 0) options.log?.(`removed ${removed} throw-away identities of an earlier run`);
  const schema = await readIdentitySchema(api, options.schema);
  const journeys: WalkedJourney[] = [];
  for (const as of options.as) journeys.push(await walkOne(as, schema, options, api, tidying));
  return { journeys };
}

async function walkOne(
  as: Journey,
  schema: IdentitySchema,
  options: WalkOptions,
  api: KratosApi,
  tidying: KratosApi,
): Promise<WalkedJourney> {
  const steps: string[] = [];
  const done = (step: string) => {
    steps.push(step);
    options.log?.(`${as}: ${step}`);
  };
  let identity: ThrowAwayIdentity | undefined;
  const failures: unknown[] = [];
  try {
    // Created without the caller's signal: an aborted request would leave an identity whose id nobody knows.
    identity = await createThrowAway(tidying, schema, journeyTraits(schema, CHANNELS[as].channel));
    done(`created the throw-away identity ${identity.identifier}`);
    await signInTwice(as, identity, options, api, done);
  } catch (error) {
    failures.push(error);
  }
  try {
    if (identity) await removeThrowAway(tidying, identity.id);
  } catch (error) {
    failures.push(error);
  }
  if (failures.length > 0) throw told(failures, as, steps.at(-1), options.signal);
  done("removed the throw-away identity");
  return { as, aal: "aal2", steps };
}

async function signInTwice(
  as: Journey,
  { identifier, address, password }: ThrowAwayIdentity,
  { signal, outbox, messageTimeoutMs = 30_000 }: WalkOptions,
  api: KratosApi,
  done: (step: string) => void,
): Promise<void> {
  const { by } = CHANNELS[as];
  const session = await signIn.signInWithPassword(api, identifier, password);
  done("signed in with the password");
  await signIn.expectSecondFactorDemanded(api, session);
  done("whoami demands aal2 (403 session_aal2_required)");
  const earlier = await messagesTo(api, address);
  const step = await signIn.startSecondStep(api, session, address);
  if (!step.codeSent) await signIn.askForCode(api, step, session, address);
  done(`${step.codeSent ? "was sent" : "asked for"} a code at ${address} by ${by}`);
  const message: CourierMessage = await waitUntilSent(api, address, earlier, messageTimeoutMs);
  const code = await readCode(message, address, outbox, signal);
  done(`code ${code} arrived`);
  const wrong = await signIn.expectWrongCodeRefused(api, step, session, code);
  done(`wrong code ${wrong} refused (4010008)`);
  await signIn.signInWithCode(api, step, session, code);
  done("whoami reaches aal2");
}

// Says where the journey stood, so that the message alone is enough to act on.
function told(failures: unknown[], as: Journey, lastStep = "started", signal?: AbortSignal): unknown {
  const bug = failures.find((failure) => !(failure instanceof JourneyError));
  if (bug) return bug;
  const [first, ...later] = failures as [JourneyError, ...JourneyError[]];
  const code = signal?.aborted ? "Aborted" : first.code;
  const texts = [signal?.aborted ? "aborted" : first.message, ...later.map(({ message }) => message)];
  return new JourneyError(code, `${as}, after "${lastStep}": ${texts.join("; ")}`, { cause: first });
}
