import type { Aal } from "../identity-config/journeys/journey";
import type { OutboxUrl } from "./courier-message";
import { type Scene, signIn } from "./factors";
import { type IdentitySchema, readIdentitySchema, traitsFor } from "./identity-schema";
import { JourneyError, type JourneyErrorCode } from "./journey-error";
import { type KratosApi, type KratosUrls, openKratos } from "./kratos-api";
import { createPerson, enrol, type Person } from "./person";
import { removeLeftovers, removeThrowAway } from "./throw-away-identity";
import { type Journey, WAYS, type Way } from "./ways";

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
export type WalkedJourney = { as: Journey; aal: Aal; steps: string[] };

/** What to change where the config is as it is meant to be, and the journey is not the one for it. */
const OTHERWISE: Partial<Record<JourneyErrorCode, string>> = {
  SecondFactorDemanded:
    "where that is meant, name a journey with a second factor, as password+email or password+totp, in its place",
  SecondFactorNotDemanded:
    "where that is meant, name the journey of the first factor alone in its place: password, email or sms",
};

/**
 * Walks sign-in journeys against a running Kratos, each with a throw-away identity that is removed in every case, also
 * when the walk fails or is aborted. What crashed runs have left behind is removed first.
 *
 * Messages are really sent, to addresses that belong to nobody: under example.com, and to 201-555-01xx.
 *
 * @throws JourneyError at the first journey that does not end as it should
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
  const { outbox, signal, messageTimeoutMs = 30_000 } = options;
  const scene: Scene = { api, messageTimeoutMs, done, ...(outbox && { outbox }), ...(signal && { signal }) };
  const way: Way = WAYS[as];
  const { first, second } = way;
  let person: Person | undefined;
  let aal: Aal | undefined;
  const failures: unknown[] = [];
  try {
    const traits = traitsFor(schema, second === undefined ? [first] : [first, second]);
    // Created without the caller's signal: an aborted request would leave an identity whose id nobody knows.
    person = await createPerson(tidying, schema, traits);
    done(`created the throw-away identity ${person.identifier}`);
    if (second === "totp" || second === "lookup_secret") {
      // Where codes are a second factor, too, the settings ask for one.
      const [code] = person.addresses;
      await enrol(scene, person, second, { first, ...(code && { second: `code:${code.via}` }) });
    }
    aal = await signIn(scene, person, way);
  } catch (error) {
    failures.push(error);
  }
  try {
    if (person) await removeThrowAway(tidying, person.id);
  } catch (error) {
    failures.push(error);
  }
  if (failures.length > 0) throw told(failures, as, steps.at(-1), signal);
  done("removed the throw-away identity");
  return { as, aal: aal!, steps };
}

// Says where the journey stood, so that the message alone is enough to act on.
function told(failures: unknown[], as: Journey, lastStep = "started", signal?: AbortSignal): unknown {
  const bug = failures.find((failure) => !(failure instanceof JourneyError));
  if (bug) return bug;
  const [first, ...later] = failures as [JourneyError, ...JourneyError[]];
  const code = signal?.aborted ? "Aborted" : first.code;
  const otherwise = OTHERWISE[code];
  const why = signal?.aborted ? "aborted" : `${first.message}${otherwise ? `; ${otherwise}` : ""}`;
  const texts = [why, ...later.map(({ message }) => message)];
  return new JourneyError(code, `${as}, after "${lastStep}": ${texts.join("; ")}`, { cause: first });
}
