import { identitySchemas } from "../identity-config/identity-schema";
import { type Config, isEnabled, setting } from "../identity-config/journeys/config";
import type { Aal, End, Journey, Path } from "../identity-config/journeys/journey";
import { journeysOf } from "../identity-config/journeys/predict";
import { stepsOf } from "../identity-config/journeys/words";
import type { OutboxUrl } from "./courier-message";
import { type Scene, signIn } from "./factors";
import { allTraits, readIdentitySchema } from "./identity-schema";
import { JourneyError, type JourneyErrorCode } from "./journey-error";
import { type KratosApi, type KratosUrls, openKratos } from "./kratos-api";
import { createPerson, type Enrolled, enrol, kindNow, type Person } from "./person";
import { recover } from "./recover";
import { removeLeftovers, removeThrowAway } from "./throw-away-identity";
import { FIRST, SECOND, type Way } from "./ways";

export type VerifyOptions = KratosUrls & {
  /** What is in force: tells which journeys there should be. */
  config: Config;
  /** Where codes are read. Default: in the courier's messages, which a Kratos shows only in dev mode. */
  outbox?: OutboxUrl;
  /** How long a message may take to be sent, in milliseconds. Default: 30000. */
  messageTimeoutMs?: number;
  signal?: AbortSignal;
  /** Told what is being walked. */
  log?: (line: string) => void;
};

/** One way through a journey, as it should be and as it was. */
export interface Verified {
  /** Whose journey it is: the throw-away identity, by what it has. */
  who: string;
  journey: "sign-in" | "recovery";
  /** What was given, in words: `password → TOTP code`. */
  by: string;
  /** How the config says that it ends. */
  predicted: string;
  /** How it ended. */
  walked: string;
  /** `left-out`: it needs a browser or a person, or there is none; or nobody who could walk it can be made up. */
  outcome: "walked" | "failed" | "left-out";
}

export interface Verification {
  paths: Verified[];
  /** Ids of throw-away identities that could not be removed. */
  notRemoved: string[];
}

/** Those whose journeys are walked. */
const PEOPLE: readonly { who: string; enrols?: Enrolled }[] = [
  { who: "with a password and addresses" },
  { who: "with TOTP, too", enrols: "totp" },
  { who: "with lookup codes, too", enrols: "lookup_secret" },
];

/** Those whose sign-in needs a browser, by the method that they have. */
const IN_BROWSERS = [
  { method: "oidc", who: "of another provider", by: "social sign-in" },
  { method: "passkey", who: "with a passkey", by: "passkey" },
  { method: "webauthn", who: "with a security key", by: "security key" },
] as const;

/**
 * Walks every journey of `config` that an API can drive, with throw-away identities that are removed in every case, also
 * where it is aborted; then what was walked until then is returned. Messages are really sent, to addresses that belong
 * to nobody.
 *
 * @throws JourneyError where nothing can be walked at all
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { config, signal, log, outbox, messageTimeoutMs = 30_000 } = options;
  const api = openKratos(options, signal);
  // Nothing that tidies up may be cut short by the caller's signal.
  const tidying = openKratos(options);
  await removeLeftovers(api);
  const id = defaultSchemaId(config);
  await readIdentitySchema(api, id);
  const scene: Scene = { api, messageTimeoutMs, ...(outbox && { outbox }), ...(signal && { signal }) };
  const result: Verification = { paths: [], notRemoved: [] };
  const walkAs = async (who: string, schema: string, enrols?: Enrolled): Promise<void> => {
    if (signal?.aborted || (enrols && !isEnabled(config, enrols))) return;
    const told = (path: Omit<Verified, "who">): void => {
      result.paths.push({ who, ...path });
    };
    const note = (line: string): void => log?.(`${who}: ${line}`);
    const left = await walkPerson({ config, scene, schema, tidying, enrols, told, note });
    if (left !== undefined) result.notRemoved.push(left);
  };
  for (const { who, enrols } of PEOPLE) await walkAs(who, id, enrols);
  for (const other of identitySchemas(config.document).map((one) => String(one.id)))
    if (other !== id) await walkAs(`of identity schema ${other}`, other);
  result.paths.push(...inBrowsers(config));
  return result;
}

/** What is on and needs a browser. */
const inBrowsers = (config: Config): Verified[] =>
  IN_BROWSERS.filter(({ method }) => isEnabled(config, method)).map(({ who, by }) => ({
    who,
    journey: "sign-in",
    by,
    predicted: "",
    walked: "it needs a browser",
    outcome: "left-out",
  }));

interface Walking {
  config: Config;
  scene: Scene;
  /** Id of their identity schema. */
  schema: string;
  tidying: KratosApi;
  enrols: Enrolled | undefined;
  told(path: Omit<Verified, "who">): void;
  note(line: string): void;
}

/** Walks all journeys of one person. Returns their id where they could not be removed. */
async function walkPerson(walking: Walking): Promise<string | undefined> {
  const { config, scene, schema, tidying, enrols, told, note } = walking;
  const isOther = schema !== defaultSchemaId(config);
  let person: Person | undefined;
  try {
    // Created without the caller's signal: an aborted request would leave an identity whose id nobody knows.
    const read = await readIdentitySchema(scene.api, schema);
    person = await createPerson(tidying, read, allTraits(read));
    if (enrols) {
      note(`enrolling in ${enrols}`);
      const [signingIn, settings] = journeysOf(config, await kindNow(scene.api, person));
      await enrol(scene, person, enrols, wayToSettings(signingIn!, settings!));
    }
    const [signingIn, , recovery] = journeysOf(config, await kindNow(scene.api, person));
    for (const path of signingIn!.paths) await walkSignIn(walking, person, signingIn!, path);
    for (const path of recovery!.paths) await walkRecovery(walking, person, recovery!, path);
  } catch (error) {
    if (!(error instanceof JourneyError)) throw error;
    if (error.code !== "Aborted")
      told({
        journey: "sign-in",
        by: enrols ? `enrolling in ${enrols}` : "being created",
        predicted: "",
        ...failed(error),
        ...(isOther && UNMADE.includes(error.code) && { outcome: "left-out" }),
      });
  } finally {
    if (person) await removeThrowAway(tidying, person.id).catch(() => note("could not be removed"));
  }
  return person && (await isThere(tidying, person.id)) ? person.id : undefined;
}

const defaultSchemaId = (config: Config): string => setting(config, "/identity/default_schema_id", "default");

/** Why nobody of an identity schema can be made up. */
const UNMADE: readonly JourneyErrorCode[] = ["NoSuchAddress", "IdentityRefused"];

const failed = ({ message }: Error) => ({ walked: message, outcome: "failed" as const });

const isThere = (api: KratosApi, id: string): Promise<boolean> =>
  api.admin(`/admin/identities/${id}`).then(
    ({ status }) => status !== 404,
    () => true,
  );

/** The first way to the settings that an API can go: settings may ask for a second factor where a session does not. */
function wayToSettings(signingIn: Journey, settings: Journey): Way {
  const asked = settings.paths[0]?.second ?? [];
  const second = asked.find((factor) => SECOND.includes(factor));
  for (const { first, end } of signingIn.paths)
    if (first && FIRST.includes(first) && "reached" in end) return { first, ...(second && { second }) };
  throw new JourneyError("SignInRefused", "no way to sign in can be walked, so nothing can be enrolled");
}

async function walkSignIn(walking: Walking, person: Person, journey: Journey, path: Path): Promise<void> {
  const { first, second = [] } = path;
  for (const factor of second.length > 0 ? second : [undefined]) {
    const [by, predicted] = words(journey, { ...path, second: factor && [factor] });
    const about = { journey: "sign-in" as const, by, predicted };
    if (first === undefined || !FIRST.includes(first) || (factor && !SECOND.includes(factor))) {
      const none = first === undefined ? "there is none" : "it needs a browser";
      walking.told({ ...about, walked: none, outcome: isBroken(path.end) ? "failed" : "left-out" });
      continue;
    }
    walking.note(`sign-in by ${by}`);
    walking.told({
      ...about,
      ...(await outcome(path.end, () =>
        signIn(walking.scene, person, { first, ...(factor && { second: factor }) }),
      )),
    });
  }
}

async function walkRecovery(walking: Walking, person: Person, journey: Journey, path: Path): Promise<void> {
  const { config, scene, told, note } = walking;
  const [by, predicted] = words(journey, path);
  const about = { journey: "recovery" as const, by, predicted };
  const { first, second = [], end } = path;
  const byLink = setting(config, "/selfservice/flows/recovery/use", "code") === "link";
  if (first === undefined || byLink) {
    const because = first === undefined ? "there is none" : "links are for people";
    told({ ...about, walked: because, outcome: isBroken(end) ? "failed" : "left-out" });
    return;
  }
  note(`recovery by ${by}`);
  const attempt = async (): Promise<Aal> => {
    const level = await recover(scene, person, first);
    if (level === "aal1") return level;
    if (second.length > 0) return "aal2";
    throw new JourneyError("UnexpectedReply", "the settings demand a second factor");
  };
  told({ ...about, ...(await outcome(end, attempt)) });
}

/** How a walk ended, beside how it should. */
async function outcome(end: End, attempt: () => Promise<Aal>): Promise<Pick<Verified, "walked" | "outcome">> {
  try {
    const reached = await attempt();
    const fits = "unclear" in end || ("reached" in end && end.reached === reached);
    return { walked: `reaches ${reached}`, outcome: fits ? "walked" : "failed" };
  } catch (error) {
    if (!(error instanceof JourneyError) || error.code === "Aborted") throw error;
    // The config says that it is demanded, so there is nothing to set in it.
    return error.code === "SecondFactorNotDemanded"
      ? { walked: "reaches aal1", outcome: "failed" }
      : failed(error);
  }
}

/** Whether what is predicted is no journey that is switched off, but one that leads nowhere. */
const isBroken = (end: End): boolean =>
  "stopped" in end && !["off", "no-way-in", "no-address"].includes(end.stopped);

/** What is given, and how it ends. */
function words(journey: Journey, { second, ...path }: Path): [by: string, end: string] {
  const steps = stepsOf(journey, { ...path, ...(second && { second }) });
  return [steps.slice(0, -1).join(" → ") || journey.journey, steps.at(-1)!];
}
