import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { type Baseline, plan } from "../../infra/identity-config/change-set";
import type { Running } from "../../infra/identity-config/kratos-version";
import type { Document, Environment } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { scalarsOf } from "../../infra/identity-config/scalars";
import { redactText } from "../../infra/identity-config/sensitive";
import { UserError } from "../../infra/identity-config/user-error";
import { importId } from "../../infra/targets/import-id";
import { findExecutable, isOnPath } from "../../infra/targets/kratos/executable";
import { managedPaths } from "../../infra/targets/kratos/files";
import { stampOf } from "../../infra/targets/kratos/stamp";
import { tryOut } from "../../infra/targets/kratos/trial";
import type { NetworkSettings } from "../../infra/targets/network/settings";
import { environmentOf, type TargetSettings } from "../../infra/targets/open";
import type { Observed } from "../../infra/targets/target";
import { readFile, readFiles } from "../config-files";
import { namedTarget } from "../live";
import { withProgress } from "../progress";
import { isImportId, refuseOther, type SubjectOptions } from "../subjects";
import { withTexts } from "../texts";
import { readableSchemas } from "./schema-names";

/** How a source is read. */
export interface SourceOptions
  extends Pick<SubjectOptions, "target" | "kratosVersion" | "environment" | "workingDir"> {
  /** What a Kratos that files are of is called. */
  name: string;
  /** Takes texts that `file://` URIs point at into the project. Default: they stay the server's files. */
  embed?: boolean;
  /** The Kratos that files are tried on. Default: `kratos` on PATH, if there is one. */
  binary?: string;
}

/** What a declared document does to a source. */
export interface Proof {
  /** Paths that would change; there should be none. */
  changes: string[];
  /** What came of trying it on a throw-away Kratos, in words; undefined where there is none to try it on. */
  trial?: string;
}

/** What exists, and what it can be compared with. */
export interface Source {
  /** How it was named, without secrets. */
  told: string;
  /** What the program is compared with; texts that are not to be taken in stand there as URIs. */
  document: Document;
  /** Where texts stand that the server has in files, and the program takes in. */
  moved: string[];
  /** The same with all texts that can be read, for rules. */
  legible: Document;
  running: Running;
  environment: Environment;
  /** Paths that somebody manages already, defaults among them. */
  managed: readonly string[];
  /** Environment variables of the server whose values are nobody's to see. */
  hiddenVariables: readonly string[];
  /** What the program's stack must be told as its target; undefined where that is not known. */
  settings?: TargetSettings;
  notices: string[];
  /** The target's id, where there is a target. */
  id?: string;
  /** URN of the resource that manages it already, where its files tell. */
  owner?: string;
  /** Plans `declared` against the source, and tries the result where there is a Kratos. */
  prove(declared: Document, secrets: readonly string[], signal: AbortSignal): Promise<Proof>;
}

/** Reads what `names` name: files of one config, or the import id of a target. Throws UserError. */
export async function sourceOf(
  names: readonly string[],
  options: SourceOptions,
  signal: AbortSignal,
): Promise<Source> {
  if (names.length === 0)
    throw new UserError(
      "nothing to import: name a target, such as network/<project-id> or kratos/<name>?dir=<folder>, or configuration files",
    );
  if (!names.some(isImportId)) return filesSource(names, options);
  if (names.length > 1) throw new UserError(`import one target at a time: ${names.join(" ")}`);
  return targetSource(names[0]!, options, signal);
}

/** Variables of these names hold secrets. */
const SECRET_VARIABLE = /DSN|SECRET|PASSWORD|TOKEN|KEY|CONNECTION_URI|SALT|CREDENTIAL|HEADERS/i;

async function targetSource(id: string, { embed }: SourceOptions, signal: AbortSignal): Promise<Source> {
  const { target, settings } = namedTarget(id);
  const observed = await withProgress(`reading ${target.id}…`, target.observe(signal));
  if (settings.network) settings.network.environment = observed.environment as NetworkSettings["environment"];
  const dir = settings.kratos ? resolve(settings.kratos.dir ?? ".") : undefined;
  const inlined = async (document: Document) =>
    dir === undefined ? { document, unread: [] } : withTexts(document, dir, settings.kratos?.host);
  const taken = async (document: Document) => (embed ? (await inlined(document)).document : document);
  const { document: legible, unread } = await inlined(observed.effective);
  const shown = await taken(observed.effective);
  const env = settings.kratos?.env ?? {};
  return {
    told: redactText(
      importId(settings.kratos ? { kratos: { ...settings.kratos, env: undefined } } : settings),
    ),
    document: settings.network ? readableSchemas(shown) : shown,
    moved: movedTexts(observed.effective, shown),
    legible,
    running: {
      target: target.kind,
      ...(observed.kratosVersion !== undefined && { kratosVersion: observed.kratosVersion }),
    },
    environment: (observed.environment as Environment | undefined) ?? environmentOf(settings),
    managed: observed.managed,
    hiddenVariables: Object.keys(env).filter((name) => SECRET_VARIABLE.test(name)),
    settings,
    id: target.id,
    ...(observed.stamp && { owner: observed.stamp.owner }),
    notices: [...unread, ...(settings.network ? [UNSHOWN] : [])],
    async prove(declared, secrets) {
      const now = await target.observe(signal, { declared, written: {}, secrets });
      const effective = await taken(now.effective);
      const baseline = { ...now, effective, managed: unprotected(now) };
      const planned = planFor(baseline, declared, secrets, { target: target.kind });
      const changes = planned.changes.map(({ path }) => path);
      if (settings.network) return { changes };
      const stamp = now.stamp ?? { owner: "", leftAlone: [] };
      const write = { plan: planned, observed: now, declared, stamp, secrets, isSecret: () => false };
      const trial = await tried(now.kratosVersion, () => target.trial(write, signal));
      return { changes, trial };
    },
  };
}

/** The paths of what is inlined in `taken` and a file's URI in `document`. */
function movedTexts(document: Document, taken: Document): string[] {
  const left = new Map(scalarsOf(taken));
  return scalarsOf(document).flatMap(([path, uri]) => (left.get(path) === uri ? [] : [path]));
}

const UNSHOWN =
  "Ory Network does not show secrets: those of e-mail delivery, channels, hooks and social sign-in stay as they stand until you declare them";

/** Paths that a program which is silent about them would reset. */
const unprotected = ({ stamp, managed }: Observed): string[] =>
  stamp === undefined ? [] : managed.filter((path) => !stamp.leftAlone.some((left) => isWithin(path, left)));

const planFor = (baseline: Baseline, declared: Document, secrets: readonly string[], running: Running) =>
  plan(baseline, { declared, owned: [], release: [], secrets, running });

async function tried(version: string | undefined, trial: () => Promise<string[]>): Promise<string> {
  try {
    const untried = await trial();
    return untried.length > 0 ? untried.join("; ") : `Kratos ${version} loads it`;
  } catch (error) {
    // Not of what is imported.
    if (error instanceof UserError) return error.message.replace("; nothing was written", "");
    throw error;
  }
}

async function filesSource(names: readonly string[], options: SourceOptions): Promise<Source> {
  const { files, document: legible, merged, unread } = await readFiles(names, options.workingDir);
  const told = files.map(({ name }) => name).join(" ");
  refuseOther("import", told, legible);
  const { target = "kratos", environment = "prod" } = options;
  const version = options.kratosVersion ?? (typeof merged.version === "string" ? merged.version : undefined);
  const stamp = files.map(({ text }) => stampOf(text)).find((found) => found !== undefined);
  const isStdin = names.includes("-");
  const document = options.embed || target === "network" ? legible : merged;
  const [first] = names as [string];
  const dir = options.workingDir ?? dirname(first);
  return {
    told,
    document,
    moved: movedTexts(merged, document),
    legible,
    running: { target, ...(version !== undefined && { kratosVersion: version.replace(/^v/, "") }) },
    environment,
    // What a later file has changed back to a default, the first one would have otherwise.
    managed: names.length > 1 && !isStdin ? managedPaths((await readFile(first)).document, document) : [],
    hiddenVariables: [],
    ...(stamp && { owner: stamp.owner }),
    ...(target === "kratos" &&
      !isStdin && {
        settings: {
          kratos: {
            name: options.name,
            dir: dirname(first),
            ...configName(first),
            ...(environment !== "prod" && { environment }),
          },
        },
      }),
    notices: [
      ...unread,
      ...(target === "network" ? [UNSHOWN] : []),
      ...(names.length > 1 && target === "kratos"
        ? [
            `the server reads ${names.length} files, and a target ${first} and the identity.yml beside it: move what is the server's own from the others to ${first}`,
          ]
        : []),
    ],
    async prove(declared, secrets, signal) {
      const baseline = { effective: document, defaults: {}, managed: [] };
      const planned = planFor(baseline, declared, secrets, { target });
      const changes = planned.changes.map(({ path }) => path);
      if (target === "network" || (options.binary === undefined && !(await isOnPath("kratos"))))
        return { changes };
      const { path: binary, version: tryingOn } = await findExecutable(options.binary ?? "kratos", signal);
      const given = { binary, version: tryingOn, operator: told, dir: resolve(dir), env: {}, secrets };
      const trial = await tried(tryingOn, async () => {
        await tryOut({ ...given, config: planned.after }, signal);
        return [];
      });
      return { changes, trial };
    },
  };
}

const configName = (file: string) => (basename(file) === "kratos.yml" ? {} : { config: basename(file) });

/** The settings of a target as `pulumi config set --path` takes them, with folders as seen from `root`. */
export function configPaths(settings: TargetSettings, root: string): [path: string, value: string][] {
  const { kratos, network } = settings;
  if (network)
    return entries("target.network", { project: network.project, environment: network.environment });
  const { dir = ".", env = {}, ...others } = kratos;
  const seen = isAbsolute(dir) ? dir : relative(root, resolve(dir)) || ".";
  const shown = Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLE.test(name)));
  return entries("target.kratos", { ...others, dir: seen, env: shown });
}

function entries(at: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [[at, String(value)]];
  if (Array.isArray(value)) return value.flatMap((item, index) => entries(`${at}[${index}]`, item));
  return Object.entries(value).flatMap(([name, item]) => entries(`${at}.${name}`, item));
}
