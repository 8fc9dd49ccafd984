import { basename } from "node:path";
import { canonicalLeaves } from "../../identity-config/canonical";
import { changesBetween } from "../../identity-config/change-set";
import { valueAt } from "../../identity-config/leaves";
import type { Document } from "../../identity-config/model";
import { UserError } from "../../identity-config/user-error";
import type { Applied, Endpoints, Observed, Target, Write } from "../target";
import { readConfig, readOwnConfig } from "./config-file";
import { type Executable, findExecutable } from "./executable";
import {
  identityText,
  managedPaths,
  overlay,
  overrideByEnvironment,
  ownDocument,
  type Paths,
  pathsOf,
} from "./files";
import { mark, markedSchema, newMarker, unmark } from "./marker";
import { type Evidence, runningVersion, shows } from "./proof";
import type { KratosSettings } from "./settings";
import { restore, swapIn, withLock } from "./swap";
import { tryOut } from "./trial";
import { restartNeeded, revisionMarker } from "./versions";

/** What was read of a Kratos's files. */
interface KratosObserved extends Observed {
  kratosVersion: string;
  operator: Document;
  own: Document;
  /** Content of identity.yml, to be put back where a write does not take. */
  ownText: string | undefined;
}

/**
 * A self-hosted Kratos that is configured by files: the operator's own, and identity.yml beside it, which is ours:
 * `kratos serve -c kratos.yml -c identity.yml`.
 */
export class KratosTarget implements Target {
  readonly kind = "kratos";
  readonly id: string;
  private readonly paths: Paths;
  private readonly env: Record<string, string>;

  /** @param root The folder of Pulumi.yaml, which relative paths in `settings` start from. */
  constructor(
    private readonly settings: KratosSettings,
    root: string,
  ) {
    this.id = `kratos/${settings.name}`;
    this.paths = pathsOf(settings, root);
    this.env = settings.env ?? {};
  }

  async endpoints(): Promise<Endpoints> {
    const { document } = await readConfig(this.paths.operator);
    const publicUrl = this.settings.publicUrl ?? listenerUrl(document, "public", 4433);
    return { publicUrl, adminUrl: this.adminUrls(document)[0]! };
  }

  async observe(signal: AbortSignal): Promise<KratosObserved> {
    const [operator, identity] = await Promise.all([
      readConfig(this.paths.operator),
      readOwnConfig(this.paths.identity),
    ]);
    if (operator.text === undefined) {
      throw new UserError(
        `there is no ${this.paths.operator}: target.kratos.dir must be the folder of your Kratos's own configuration file, and target.kratos.config that file's name`,
      );
    }
    const own = unmark(identity.document);
    const known = [...TOGGLES, ...canonicalLeaves(own).keys()];
    return {
      revision: identity.revision,
      kratosVersion: await this.version(operator.document, signal),
      effective: overrideByEnvironment(overlay(operator.document, own), this.env, known),
      defaults: overrideByEnvironment(operator.document, this.env, known),
      managed: managedPaths(operator.document, own),
      operator: operator.document,
      own,
      ownText: identity.text,
    };
  }

  isStale(write: Write): boolean {
    const { own } = write.observed as KratosObserved;
    return changesBetween(canonicalLeaves(own), canonicalLeaves(this.planned(write))).length > 0;
  }

  notices({ plan, observed }: Write): string[] {
    const waiting = new Map<string, string[]>();
    for (const { path } of plan.changes) {
      const what = restartNeeded(path, (observed as KratosObserved).kratosVersion);
      if (what !== undefined) waiting.set(what, [...(waiting.get(what) ?? []), path]);
    }
    return [...waiting].map(([what, paths]) => {
      const more = paths.length > 2 ? ` and ${paths.length - 2} more` : "";
      return `restart ${what} after this update: hot reload does not apply ${paths.slice(0, 2).join(", ")}${more}`;
    });
  }

  async trial(write: Write, signal: AbortSignal): Promise<void> {
    this.refuseOverrides(write);
    const { operator } = write.observed as KratosObserved;
    const { path, version } = await this.executable(signal);
    await tryOut(
      {
        binary: path,
        version,
        operator: this.paths.operator,
        dir: this.paths.dir,
        config: overlay(operator, this.planned(write)),
        env: this.env,
        secrets: write.secrets,
      },
      signal,
    );
  }

  async apply(write: Write, signal: AbortSignal): Promise<Applied> {
    await this.trial(write, signal);
    const observed = write.observed as KratosObserved;
    const own = this.planned(write);
    const kind = revisionMarker(observed.kratosVersion);
    const marker = newMarker(own);
    const marked = mark(own, write.plan.after, marker, kind);
    const evidence = marked && { marker, kind, schemaId: markedSchema(write.plan.after).id };
    const { version } = await this.executable(signal);
    const differing =
      version === observed.kratosVersion
        ? []
        : [
            `the trial ran on Kratos ${version}, but the server runs ${observed.kratosVersion}; name its executable in target.kratos.binary`,
          ];
    return withLock(this.paths, async () => {
      signal.throwIfAborted();
      await swapIn(this.paths, identityText(marked ?? own), observed.revision);
      try {
        const warnings = await this.prove(observed.operator, evidence, signal);
        const { revision } = await readOwnConfig(this.paths.identity);
        return { revision, warnings: [...differing, ...warnings] };
      } catch (error) {
        await restore(this.paths, observed.ownText);
        throw error;
      }
    });
  }

  private executable(signal: AbortSignal): Promise<Executable> {
    return findExecutable(this.settings.binary ?? "kratos", signal);
  }

  private planned({ observed, plan, declared }: Write): Document {
    return ownDocument((observed as KratosObserved).operator, plan.after, declared);
  }

  /** The running server's version where one answers, else the executable's. */
  private async version(operator: Document, signal: AbortSignal): Promise<string> {
    for (const url of this.adminUrls(operator)) {
      const version = await runningVersion(url, signal);
      if (version !== undefined) return version;
    }
    return (await this.executable(signal)).version;
  }

  private adminUrls(operator: Document): string[] {
    return this.settings.adminUrls ?? [listenerUrl(operator, "admin", 4434)];
  }

  /** The environment wins over files, so a declared path that it sets differently could never be in force. */
  private refuseOverrides({ plan: { after }, declared }: Write): void {
    const wanted = canonicalLeaves(declared);
    const overridden = overrideByEnvironment(after, this.env, [...wanted.keys()]);
    const changes = changesBetween(canonicalLeaves(after), canonicalLeaves(overridden));
    const change = changes.find(({ path }) => wanted.has(path));
    if (change === undefined) return;
    throw new UserError(
      `${change.path} is declared as ${JSON.stringify(change.before)}, but target.kratos.env sets it to ${JSON.stringify(change.after)}, which wins; remove one of them`,
    );
  }

  /** Sees every running server deliver the marker. Returns what could not be proven; throws where one does not. */
  private async prove(
    operator: Document,
    evidence: Evidence | undefined,
    signal: AbortSignal,
  ): Promise<string[]> {
    const name = basename(this.paths.identity);
    const warnings: string[] = [];
    for (const url of this.adminUrls(operator)) {
      if ((await runningVersion(url, signal)) === undefined) {
        warnings.push(
          `not running: unproven; nothing answers at ${url}, ${name} takes effect when Kratos starts`,
        );
      } else if (evidence === undefined) {
        warnings.push(
          `unproven: this Kratos shows what it has loaded only through the default identity schema; declare it`,
        );
      } else if (!(await shows(url, evidence, signal))) {
        throw new UserError(
          `the Kratos at ${url} did not load the new ${name}, the old one was put back; see its log, and see that it was started with \`kratos serve -c ${basename(this.paths.operator)} -c ${name}\` and without environment variables that target.kratos.env does not name`,
        );
      }
    }
    return warnings;
  }
}

/** Leaves that decide about sign-in, for which environment variables are looked up even where no file sets them. */
const TOGGLES = [
  ...["password", "code", "totp", "lookup_secret", "webauthn", "passkey", "link", "oidc", "profile"].map(
    (method) => `/selfservice/methods/${method}/enabled`,
  ),
  "/selfservice/methods/code/mfa_enabled",
  "/selfservice/methods/code/passwordless_enabled",
  "/selfservice/methods/webauthn/config/passwordless",
  "/selfservice/flows/settings/required_aal",
  "/session/whoami/required_aal",
  "/identity/default_schema_id",
];

/** Where a listener of the operator's file is reached from this machine. */
export function listenerUrl(operator: Document, name: "admin" | "public", defaultPort: number): string {
  const host = valueAt(operator, `/serve/${name}/host`);
  const port = valueAt(operator, `/serve/${name}/port`) ?? defaultPort;
  const reachable = typeof host === "string" && !["", "0.0.0.0", "::"].includes(host) ? host : "127.0.0.1";
  return `http://${reachable}:${port}/`;
}
