import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { emailTrait, SCHEMA, schemaUrl } from "../kratos/config";
import { type Plugin, startPlugin } from "./plugin";
import { Resource, type State } from "./resource";

export const SELFSERVICE = { default_browser_return_url: "https://shop.example/" };

const OPERATOR: Document = {
  dsn: "memory",
  selfservice: SELFSERVICE,
  identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
};

/** The files of a Kratos that does not run, in a Pulumi project, and a plugin that manages them. */
export class ManagedKratos {
  readonly resource: Resource;

  private constructor(
    private readonly binary: string,
    readonly root: string,
    readonly plugin: Plugin,
  ) {
    this.resource = new Resource(plugin);
  }

  static async start(binary: string): Promise<ManagedKratos> {
    const root = await mkdtemp(join(tmpdir(), "provider-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await mkdir(join(root, "kratos"));
    return new ManagedKratos(binary, root, await startPlugin(root));
  }

  async stop(): Promise<void> {
    await this.plugin.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  /** As before anything was applied. */
  async reset(): Promise<void> {
    this.plugin.logs.length = 0;
    await rm(join(this.root, "kratos", "identity.yml"), { force: true });
    await this.operate({});
  }

  /** Writes the operator's file with `changes` at its top level. */
  async operate(changes: Document): Promise<void> {
    await writeFile(join(this.root, "kratos", "kratos.yml"), stringify({ ...OPERATOR, ...changes }));
  }

  /** The text of identity.yml. */
  identity(): Promise<string> {
    return readFile(join(this.root, "kratos", "identity.yml"), "utf8");
  }

  /** Edits identity.yml by hand, and returns its text. */
  async edit(from: string, to: string): Promise<string> {
    const text = await this.identity();
    expect(text).toContain(from);
    await writeFile(join(this.root, "kratos", "identity.yml"), text.replace(from, to));
    return text.replace(from, to);
  }

  target(name = "shop"): Properties {
    return {
      kratos: {
        name,
        environment: "dev",
        dir: "kratos",
        binary: this.binary,
        adminUrls: ["http://127.0.0.1:9"],
      },
    };
  }

  /** What a program would send: a default schema, and `config` beside it. */
  inputs(config: Properties, more: Properties = {}): Properties {
    const identity = {
      default_schema_id: "customer",
      schemas: [{ id: "customer", url: "asset:customer.json" }],
    };
    return {
      target: this.target(),
      config: { identity, ...config },
      assets: { "customer.json": SCHEMA },
      ...more,
    };
  }

  async checked(config: Properties, more: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.resource.check(this.inputs(config, more));
    expect(failures).toEqual([]);
    return inputs;
  }

  async created(config: Properties, more: Properties = {}): Promise<State> {
    return this.resource.create(await this.checked(config, more));
  }
}

/** A config that declares sign-in methods. */
export const methods = (fields: Properties): Properties => ({ selfservice: { methods: fields } });
