import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { emailTrait, SCHEMA, schemaUrl } from "../kratos/config";
import { type Plugin, startPlugin } from "../provider/plugin";
import { Resource, type State } from "../provider/resource";
import { describeTold } from "./told";
import { contentOf, filesOf, processesBelow } from "./traces";

/** Stands in everything that is a secret, so that it is found wherever it leaks to. */
export const CANARY = "canary";

export const OPERATOR: Document = {
  dsn: "sqlite:///nowhere/canary-database?_fk=true",
  secrets: { cookie: ["canary-cookie-secret"] },
  selfservice: { default_browser_return_url: "https://shop.example/" },
  identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
};

/** The folder of a Kratos in a Pulumi project, and a provider that is asked to write there. */
export class Scene {
  /** The project's folder. */
  root!: string;
  plugin?: Plugin;

  constructor(readonly binary: string) {}

  /** @param env Laid over the provider's environment. @param wrapper As for `startPlugin`. */
  async start(env: NodeJS.ProcessEnv = {}, wrapper: string[] = []): Promise<void> {
    // Short: a trial's sockets lie below it.
    this.root = await mkdtemp(join(tmpdir(), "b-"));
    await mkdir(this.tmp);
    await writeFile(join(this.root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await this.reset();
    const own = { TMPDIR: this.tmp, XDG_CACHE_HOME: join(this.root, "cache"), ...env };
    this.plugin = await startPlugin(this.root, own, wrapper);
  }

  async stop(): Promise<void> {
    await this.plugin?.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  get dir(): string {
    return join(this.root, "kratos");
  }

  /** The provider's folder for temporary files. */
  get tmp(): string {
    return join(this.root, "tmp");
  }

  /** A Kratos that nothing was ever applied to. */
  async reset(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
    await mkdir(this.dir);
    await this.write("kratos.yml", OPERATOR);
  }

  /** Writes a file of the target's folder. */
  async write(name: string, content: Document | string | Buffer): Promise<string> {
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    const path = join(this.dir, name);
    await writeFile(path, isText ? content : stringify(content));
    return path;
  }

  /** Writes an executable shell script. */
  async script(name: string, ...lines: string[]): Promise<string> {
    const path = join(this.root, name);
    await writeFile(path, ["#!/bin/sh", ...lines, ""].join("\n"));
    await chmod(path, 0o755);
    return path;
  }

  /** Settings of the target, with `changes` to them. */
  target(changes: Properties = {}): Properties {
    const kratos = {
      name: "shop",
      environment: "dev",
      dir: "kratos",
      binary: this.binary,
      adminUrls: ["http://127.0.0.1:9"],
    };
    return { kratos: { ...kratos, ...changes } };
  }

  /** What a program would send: a schema, a secret, and `config` beside them; `more` replaces whole inputs. */
  inputs(config: Properties = {}, more: Properties = {}): Properties {
    return {
      target: this.target(),
      config: {
        identity: {
          default_schema_id: "customer",
          schemas: [{ id: "customer", url: "asset:customer.json" }],
        },
        courier: { smtp: { connection_uri: "secret:smtp-uri" } },
        ...config,
      },
      assets: { "customer.json": SCHEMA },
      secrets: { "smtp-uri": "smtp://user:canary-password@127.0.0.1:9/" },
      ...more,
    };
  }

  /** Sends `inputs` on the whole way of a first `pulumi up`. */
  async up(inputs: Properties): Promise<State> {
    const resource = new Resource(this.plugin!);
    const checked = await resource.check(inputs);
    if (checked.failures.length > 0) throw new Error(checked.failures.join("\n"));
    await resource.create(checked.inputs, true);
    return resource.create(checked.inputs);
  }

  /**
   * What a user sees of the refusal of `inputs`, with this machine's names replaced. Fails where they are accepted, or
   * where anything is written or left running.
   * @param wrote Whether the target was written and put back, so that times may differ.
   * @param except A file that somebody else writes meanwhile.
   */
  async refusal(inputs: Properties, { wrote = false, except = "" } = {}): Promise<string> {
    const look = async (folder: string) => {
      const { [except]: _, ...files } = await (wrote || except ? contentOf : filesOf)(folder);
      return files;
    };
    const before = await look(this.dir);
    const running = await processesBelow(this.root);
    this.plugin!.logs.length = 0;
    const error = await this.up(inputs).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(await look(this.dir)).toEqual(before);
    expect(Object.keys(await contentOf(this.tmp))).toEqual(["."]);
    expect(await processesBelow(this.root)).toEqual(running);
    if (error === undefined) throw new Error("the bad input was accepted");
    const warnings = this.plugin!.logs.filter(({ severity }) => severity === 2);
    return this.seen([...warnings.map(({ message }) => `warning: ${message}`), error.message].join("\n"));
  }

  /** `text` with this machine's names replaced; no secret and no stack trace is in it. */
  seen(text: string): string {
    expect(text).not.toContain(CANARY);
    expect(text).not.toMatch(/^ {4}at |a defect of the provider/m);
    return text
      .replaceAll(this.root, "<project>")
      .replaceAll(this.binary, "<kratos>")
      .replace(/127\.0\.0\.1:(?!9\b)\d+/g, "127.0.0.1:<port>")
      .replace(/\bory-\w{12}\b/g, "ory-<random>")
      .replace(/\b[0-9a-f]{64}\b/g, "<revision>");
  }
}

/** As `describeTold`, in a scene whose Kratos is as new before each test. */
export function describeScene(
  what: string,
  tests: (scene: Scene, expectTold: (said: string) => void) => void,
): void {
  describeTold(what, (binary, expectTold) => {
    const scene = new Scene(binary);
    beforeAll(() => scene.start());
    afterAll(() => scene.stop());
    beforeEach(() => scene.reset());
    tests(scene, expectTold);
  });
}
