import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { type FakeNetwork, type FakeNetworkOptions, startFakeNetwork } from "../fake-network";
import { emailTrait } from "../kratos/config";
import { type Plugin, startPlugin } from "../provider/plugin";
import { Resource, type State } from "../provider/resource";

/** Stands in everything that is a secret, so that it is found wherever it leaks to. */
export const CANARY = "canary";

/** An identity schema with an e-mail address that codes are sent to. */
export const SCHEMA = JSON.stringify({
  type: "object",
  properties: { traits: { type: "object", properties: { email: emailTrait({ codes: true }) } } },
});

export const PROJECT = "shop";

/** What a program would send: a schema, a secret, and `config` beside them; `more` replaces whole inputs. */
export function inputs(config: Document = {}, more: Properties = {}): Properties {
  return {
    target: { network: { project: PROJECT, environment: "dev" } },
    config: {
      identity: {
        default_schema_id: "customer",
        schemas: [{ id: "customer", url: "asset:customer.json" }],
      },
      courier: { smtp: { connection_uri: "secret:smtp-uri", from_address: "no-reply@shop.example" } },
      ...config,
    },
    assets: { "customer.json": SCHEMA },
    secrets: { "smtp-uri": `smtps://user:${CANARY}-password@mail.example:465/` },
    ...more,
  };
}

/** One-time codes as the second factor. */
export const codeMfa = (on: boolean): Document => ({
  selfservice: { methods: { code: { enabled: true, mfa_enabled: on } } },
});

/** A fake of Ory Network, and a provider that is asked to configure its projects. */
export class NetworkScene {
  private constructor(
    readonly folder: string,
    readonly network: FakeNetwork,
    /** The provider that is asked. */
    public plugin: Plugin,
    /** Starts another provider, to be put in the place of `plugin`. */
    readonly another: () => Promise<Plugin>,
  ) {}

  static async start(options: FakeNetworkOptions = {}, env: NodeJS.ProcessEnv = {}): Promise<NetworkScene> {
    const folder = await mkdtemp(join(tmpdir(), "network-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const network = await startFakeNetwork({ projects: [{ id: PROJECT }], ...options });
    const own = { ORY_CONSOLE_URL: network.consoleUrl, ORY_WORKSPACE_API_KEY: network.workspaceKey };
    const start = () => startPlugin(folder, { ...own, ...env });
    return new NetworkScene(folder, network, await start(), start);
  }

  async stop(): Promise<void> {
    await this.plugin?.stop();
    await this.network?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Calls of the Console API so far, as `GET` and `PATCH`; forgets them. */
  calls(): string[] {
    const made = this.network.calls.splice(0).filter(({ api }) => api === "console");
    return made.map(({ method }) => method);
  }

  /** The identity config that is in force, with all secrets. */
  live(project = PROJECT): Document {
    return this.network.projects.get(project)!.project.services.identity!.config as Document;
  }

  /** Lines that were shown since the last time. */
  told(): string[] {
    return this.plugin.logs.splice(0).map(({ message }) => message);
  }

  /** One phase of an `up`, as the engine goes through it with `refresh: always`. */
  async phase(news: Properties, old: State | undefined, preview: boolean, urn?: string): Promise<State> {
    const resource = new Resource(this.plugin, urn);
    await this.plugin.configure();
    const refreshed = old && (await resource.read(old));
    if (refreshed) await resource.diff(old, old.inputs);
    const { inputs, failures } = await resource.check(news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    if (!refreshed) return resource.create(inputs, preview);
    const { changed, replaces } = await resource.diff(refreshed, inputs);
    if (replaces.length > 0) throw new Error("a replacement");
    // Without a change the engine keeps the old outputs, and takes the new inputs.
    return changed ? resource.update(refreshed, inputs, preview) : { ...refreshed, inputs };
  }

  preview(news: Properties, old?: State, urn?: string): Promise<State> {
    return this.phase(news, old, true, urn);
  }

  /** A preview, then the update. */
  async up(news: Properties, old?: State, urn?: string): Promise<State> {
    await this.phase(news, old, true, urn);
    return this.phase(news, old, false, urn);
  }
}
