import { isDeepStrictEqual } from "node:util";
import { canonicalLeaves } from "../../identity-config/canonical";
import { changesBetween } from "../../identity-config/change-set";
import type { Leaves } from "../../identity-config/leaves";
import type { Document } from "../../identity-config/model";
import { secretPaths } from "../../identity-config/sensitive";
import { UserError } from "../../identity-config/user-error";
import type { Applied, Endpoints, Evidence, Observed, Rendered, Target, Write } from "../target";
import type { ConfigFile } from "./config-file";
import { adminUrls, endpointsFromHere } from "./endpoints";
import { type Executable, isOnPath } from "./executable";
import { managedPaths, overlay, overrideByEnvironment, ownDocument, variableOf } from "./files";
import { httpGet } from "./http-get";
import { mark, markedSchema, newMarker, unmark } from "./marker";
import { type Placement, placementOf } from "./placement";
import { type Get, shows } from "./proof";
import { prove, refuseStrangers, versionsAt } from "./servers";
import type { KratosSettings } from "./settings";
import { identityText, stampOf } from "./stamp";
import { tryOut } from "./trial";
import { revisionMarker } from "./versions";

/** What was read of a Kratos's files. */
interface KratosObserved extends Observed {
  kratosVersion: string;
  operator: Document;
  own: Document;
  /** The Admin APIs at which a Kratos answered. */
  running: string[];
  /** identity.yml as it was delivered last. */
  identity: ConfigFile;
}

/**
 * A self-hosted Kratos that is configured by files: the operator's own, and identity.yml beside it, which is ours:
 * `kratos serve -c kratos.yml -c identity.yml`.
 */
export class KratosTarget implements Target {
  readonly kind = "kratos";
  readonly id: string;
  readonly place: string;
  private readonly at: Placement;
  /** The operator's file, as messages name it; none where identity.yml is all that the server reads. */
  private readonly operator: string | undefined;
  /** From where the Admin APIs are asked: what is named is reached from here. */
  private readonly from: Get;
  private readonly env: Record<string, string>;
  private readonly isUnseen: boolean;

  /**
   * @param root The folder of Pulumi.yaml, which relative paths in `settings` start from.
   * @param rendered What was handed to the program last.
   */
  constructor(
    private readonly settings: KratosSettings,
    root: string,
    rendered?: Rendered,
  ) {
    this.env = settings.env ?? {};
    this.isUnseen = settings.transport === "output" && rendered === undefined;
    this.at = placementOf(settings, root, rendered);
    this.id = this.at.id;
    this.place = this.at.place;
    this.operator = this.at.operator && this.at.machine.named(this.at.operator);
    this.from = settings.adminUrls === undefined ? this.at.machine.get : httpGet;
  }

  async endpoints(signal: AbortSignal): Promise<Endpoints> {
    const { publicUrl, adminUrl } = endpointsFromHere(this.settings, await this.readOperator(signal));
    if (publicUrl !== undefined && adminUrl !== undefined) return { publicUrl, adminUrl };
    const forwarded =
      this.settings.transport === "ssh" ? ", such as the ends of two `ssh -L` that are open meanwhile" : "";
    throw new UserError(
      `cannot reach ${this.id}: name in target.kratos.publicUrl and target.kratos.adminUrls where its APIs are reached from this machine${forwarded}`,
    );
  }

  async observe(signal: AbortSignal): Promise<KratosObserved> {
    const [operator, identity] = await Promise.all([
      this.readOperator(signal),
      this.at.transport.read(signal),
    ]);
    const own = unmark(identity.document);
    const known = [...LOOKED_UP, ...canonicalLeaves(own).keys()];
    const stamp = stampOf(identity.text);
    const running = await versionsAt(adminUrls(this.settings, operator), signal, this.from);
    return {
      ...(stamp && { stamp }),
      ...(this.isUnseen && { isUnseen: true }),
      revision: identity.revision,
      kratosVersion: await this.version([...running.values()], signal),
      running: [...running.keys()],
      effective: overrideByEnvironment(overlay(operator, own), this.env, known),
      defaults: overrideByEnvironment(operator, this.env, known),
      managed: managedPaths(operator, own),
      operator,
      own,
      identity,
    };
  }

  isStale(write: Write): boolean {
    const { own, operator } = write.observed as KratosObserved;
    const documents = [own, operator, this.planned(write)].map(canonicalLeaves);
    const [ours, base, wanted] = documents as [Leaves, Leaves, Leaves];
    // A declared value that the operator's file has already is in force; it comes into ours with the next write.
    const isInForce = (path: string): boolean =>
      this.settings.transport !== "output" &&
      !ours.has(path) &&
      isDeepStrictEqual(base.get(path), wanted.get(path));
    if (changesBetween(ours, wanted).some(({ path }) => !isInForce(path))) return true;
    return this.settings.plain === true && secretPaths(own, write.secrets).length > 0;
  }

  async trial(write: Write, signal: AbortSignal): Promise<string[]> {
    this.refuseOverrides(write);
    this.refuseSecrets(write);
    const { operator, kratosVersion } = write.observed as KratosObserved;
    const source = this.settings.adminUrls ? "target.kratos.adminUrls" : `serve.admin in ${this.operator}`;
    await refuseStrangers(adminUrls(this.settings, operator), source, signal, this.from);
    const executable = await this.executable(signal);
    if (executable === undefined) return [UNTRIED];
    await tryOut(
      {
        machine: this.at.machine,
        binary: executable.path,
        version: executable.version,
        operator: this.operator,
        dir: this.at.dir,
        config: overlay(operator, this.planned(write)),
        env: this.env,
        secrets: write.secrets,
      },
      signal,
    );
    if (executable.version === kratosVersion) return [];
    return [
      `the trial ran on Kratos ${executable.version}, but the server runs ${kratosVersion}; name its executable in target.kratos.binary`,
    ];
  }

  async apply(write: Write, signal: AbortSignal): Promise<Applied> {
    const untried = await this.trial(write, signal);
    const { kratosVersion, operator, running, identity } = write.observed as KratosObserved;
    const own = this.planned(write);
    const kind = revisionMarker(kratosVersion);
    const marker = newMarker(own);
    const marked = mark(own, write.plan.after, marker, kind);
    const evidence = marked && { marker, kind, schemaId: markedSchema(write.plan.after).id };
    const delivery = {
      text: identityText(marked ?? own, write.stamp),
      isSecret: secretPaths(own, write.secrets).length > 0,
      evidence,
      previous: identity,
      refuseStale: () => this.refuseEdited(operator, signal),
      prove: () =>
        prove(
          {
            urls: adminUrls(this.settings, operator),
            from: this.from,
            running,
            evidence,
            operator: this.operator,
          },
          signal,
        ),
    };
    const { warnings, ...applied } = await this.at.transport.deliver(delivery, signal);
    return { ...applied, warnings: [...untried, ...warnings] };
  }

  async missing(evidence: Evidence, wait: number, signal: AbortSignal): Promise<string[]> {
    const urls = adminUrls(this.settings, await this.readOperator(signal));
    const shown = await Promise.all(urls.map((url) => shows(url, evidence, wait, signal, this.from)));
    return urls
      .filter((_, index) => !shown[index])
      .map((url) => `the Kratos at ${url} does not show the config that was rendered last`);
  }

  private async readOperator(signal: AbortSignal): Promise<Document> {
    if (this.at.operator === undefined) return {};
    const { text, document } = await this.at.machine.readConfig(this.at.operator, signal);
    if (text !== undefined) return document;
    const prepared =
      this.settings.transport === "ssh" ? "; where KratosHost prepares that host, let it do so first" : "";
    throw new UserError(
      this.settings.transport === "output"
        ? `there is no ${this.operator}, which target.kratos.config names`
        : `there is no ${this.operator}: target.kratos.dir must be the folder of your Kratos's own configuration file, and target.kratos.config that file's name${prepared}`,
    );
  }

  /** What was planned, and tried, counts on what the operator's file said. */
  private async refuseEdited(operator: Document, signal: AbortSignal): Promise<void> {
    if (isDeepStrictEqual(await this.readOperator(signal), operator)) return;
    throw new UserError(
      `${this.operator} has changed since it was read; nothing was written, run \`pulumi up\` again`,
    );
  }

  /** The executable for trials; a machine that the server does not run on may have none. */
  private async executable(signal: AbortSignal): Promise<Executable | undefined> {
    const { transport, binary = "kratos" } = this.settings;
    if (transport === "output" && this.settings.binary === undefined && !(await isOnPath(binary)))
      return undefined;
    return this.at.machine.findExecutable(binary, signal);
  }

  private planned({ observed, plan, declared }: Write): Document {
    return ownDocument((observed as KratosObserved).operator, plan.after, declared);
  }

  /** The version that is named, else that of a running server, else the executable's. */
  private async version([running]: string[], signal: AbortSignal): Promise<string> {
    if (this.settings.version !== undefined) return this.settings.version.replace(/^v/, "");
    if (running !== undefined) return running;
    const executable = await this.executable(signal);
    if (executable !== undefined) return executable.version;
    throw new UserError(
      `cannot tell which Kratos ${this.id} is; name in target.kratos.version the tag of its image, such as v1.3.1`,
    );
  }

  /** The environment wins over files, so a declared path that it sets differently could never be in force. */
  private refuseOverrides({ plan: { after }, declared }: Write): void {
    const wanted = canonicalLeaves(declared);
    const overridden = overrideByEnvironment(after, this.env, [...wanted.keys()]);
    const changes = changesBetween(canonicalLeaves(after), canonicalLeaves(overridden));
    const change = changes.find(({ path }) => wanted.has(path));
    if (change === undefined) return;
    const [declares, sets] = [change.before, change.after].map((value) => JSON.stringify(value));
    throw new UserError(
      `${change.path} is declared as ${declares}, but ${variableOf(change.path)} in target.kratos.env sets it to ${sets === declares ? "something else" : sets}, which wins over files; nothing was written, remove one of them`,
    );
  }

  private refuseSecrets(write: Write): void {
    if (this.settings.plain !== true) return;
    const paths = secretPaths(this.planned(write), write.secrets);
    if (paths.length === 0) return;
    throw new UserError(
      `the rendered config would hold a secret at ${paths.join(", ")}, which target.kratos.plain forbids; leave it to an environment variable of the container, such as COURIER_SMTP_CONNECTION_URI, or remove plain and keep the config where secrets are kept`,
    );
  }
}

const UNTRIED =
  "not tried: there is no Kratos executable on this machine; put the version that the server runs on PATH, or name it in target.kratos.binary";

/**
 * Leaves that decide about sign-in, or without which a config is refused: environment variables are looked up for them
 * even where no file sets them.
 */
const LOOKED_UP = [
  "/selfservice/default_browser_return_url",
  "/secrets/cipher",
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
