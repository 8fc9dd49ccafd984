import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type FSWatcher, watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import type { Properties } from "../../infra/provider/wire";
import { emailTrait, SCHEMA, schemaUrl } from "../kratos/config";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { type Plugin, startPlugin } from "./plugin";
import { Resource, type State } from "./resource";

/** Points of an update that are spread over its time, in per cent of what it takes, and over what it does to files. */
const TIMES = Array.from({ length: 32 }, (_, index) => Math.round((index * 100) / 31));
const EVENTS = Array.from({ length: 18 }, (_, index) => index + 1);

describe.each(kratosBinaries())("a provider that is killed in an update, with %s", (binary) => {
  let root: string;
  let kratos: Kratos;
  let plugin: Plugin;
  let state: State;
  /** How long an update takes here, in milliseconds. */
  let duration: number;
  const file = (name = "identity.yml") => join(kratos.dir, name);
  const totp = (text: string): boolean => parse(text).selfservice.methods.totp.enabled;
  /** Each run of an engine has notes of its own of what it has shown; here, a folder of its own. */
  let runs = 0;
  const start = () => {
    runs += 1;
    return startPlugin(root, { TMPDIR: join(root, "tmp"), XDG_CACHE_HOME: join(root, `cache-${runs}`) });
  };

  /** What a program that wants TOTP `enabled` sends. */
  async function wanted(enabled: boolean): Promise<Properties> {
    const { inputs, failures } = await new Resource(plugin).check({
      target: {
        kratos: { name: "shop", environment: "dev", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
      },
      config: {
        identity: {
          default_schema_id: "customer",
          schemas: [{ id: "customer", url: "asset:customer.json" }],
        },
        selfservice: { methods: { totp: { enabled } } },
      },
      assets: { "customer.json": SCHEMA },
    });
    expect(failures).toEqual([]);
    return inputs;
  }

  /** What an engine does in an `up`: refresh, plan, and update where there is something to do. */
  async function up(news: Properties): Promise<void> {
    const resource = new Resource(plugin);
    state = await resource.read(state);
    const { changed } = await resource.diff(state, news);
    state = changed ? await resource.update(state, news) : { ...state, inputs: news };
  }

  /** The marker of the file, once the running server shows it: what is in force is what stands there. */
  async function inForce(): Promise<string> {
    const text = await readFile(file(), "utf8");
    const { revision, identity } = parse(text);
    const [schema] = identity.schemas.filter(({ id }: { id: string }) => id === "customer");
    const { $comment = "" } = JSON.parse(
      Buffer.from(schema.url.slice("base64://".length), "base64").toString(),
    );
    const marker: string = revision ?? $comment.replace("revision:", "");
    expect(marker).toMatch(/^[0-9a-f]{32}$/);
    const url = revision ? `${kratos.adminUrl}/admin/health/config` : `${kratos.publicUrl}/schemas/customer`;
    await waitFor("the server to show what the file holds", async () =>
      (await (await fetch(url)).text()).includes(marker) ? true : undefined,
    );
    return text;
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "killed-"));
    await mkdir(join(root, "tmp"));
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const schemas = [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }];
    const operator = {
      selfservice: { default_browser_return_url: "https://shop.example/" },
      identity: { schemas },
    };
    kratos = await startKratos({ binary, files: { "kratos.yml": operator, "identity.yml": {} } });
    plugin = await start();
    state = await new Resource(plugin).create(await wanted(false));
    const begun = Date.now();
    await up(await wanted(true));
    duration = Date.now() - begun;
    await plugin.stop();
  });
  afterAll(async () => {
    await plugin?.stop();
    await kratos?.stop();
    await rm(root, { recursive: true, force: true });
  });

  /** Kills the provider at `point` of an update, sees what it has left, and brings what was wanted into force. */
  async function killedAt(
    signal: "SIGKILL" | "SIGTERM",
    point: (updated: Promise<unknown>) => Promise<unknown>,
  ): Promise<void> {
    const before = await readFile(file(), "utf8");
    const goal = !totp(before);
    plugin = await start();
    const news = await wanted(goal);
    const updated = new Resource(plugin).update(state, news).catch(() => undefined);
    await point(updated);
    const gone = once(plugin.process, "exit");
    plugin.process.kill(signal);
    await gone;
    await plugin.stop();

    const after = await inForce();
    if (after !== before) {
      expect(totp(after)).toBe(goal);
      const other = (text: string) =>
        text.replace(/revision: .*\n|url: base64.*\n|totp:\n +enabled: .*\n/g, "");
      expect(other(after)).toBe(other(before));
    }
    await waitFor("the trial to end, with its folder and its process", async () => {
      const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
      const isOver =
        (await readdir(join(root, "tmp"))).length === 0 && !processes.includes(join(root, "tmp"));
      return isOver ? true : undefined;
    });

    plugin = await start();
    // The lock of a process that is gone holds for ten seconds; here they pass at once.
    const past = new Date(Date.now() - 60_000);
    await utimes(file("identity.yml.lock"), past, past).catch(() => undefined);
    await up(news);
    const made = await inForce();
    expect(totp(made)).toBe(goal);
    expect(await new Resource(plugin).diff(state, news)).toMatchObject({ changed: false });
    // Such a lock goes with the next write; there was none where the new file stood already.
    const left = (await readdir(kratos.dir)).filter((name) => name !== "identity.yml.lock" || made !== after);
    expect(left.sort()).toEqual(["identity.yml", "identity.yml.last-good", "kratos.yml"]);
    await plugin.stop();
  }

  it.each(TIMES)(
    "leaves the old config or the new one, and is made good, after %d %% of the time",
    (percent) => killedAt("SIGKILL", (updated) => Promise.race([delay((duration * percent) / 100), updated])),
  );

  it.each(EVENTS)(
    "leaves the old config or the new one, and is made good, at event %d of its files",
    async (count) => {
      const watchers: FSWatcher[] = [];
      try {
        await killedAt(count % 2 === 0 ? "SIGTERM" : "SIGKILL", (updated) => {
          const seen = new Promise<void>((reached) => {
            let events = 0;
            const look = (folder: string) =>
              watchers.push(
                watch(folder, () => {
                  events += 1;
                  if (events === count) reached();
                }),
              );
            look(join(root, "tmp"));
            look(kratos.dir);
          });
          return Promise.race([seen, updated]);
        });
      } finally {
        for (const watcher of watchers) watcher.close();
      }
    },
  );
});
