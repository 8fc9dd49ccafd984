/** How soon the provider answers, and how much memory it holds after many resources. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Plugin, startPlugin } from "../test/provider/plugin";
import { Resource, URN } from "../test/provider/resource";
import { median, type Row, ratio, timed } from "./measurement";

const STARTS = 9;
const PROVIDERS = 3;
const COUNTS = [1, 100, 1_000] as const;
/** As many as the engine sends at once. */
const AT_ONCE = 16;

/** Without Kratos on PATH there are no trials: what is measured is the provider alone. */
const PATH = [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);

export async function providerRows(): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), "bench-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  try {
    return [...(await startRows(root)), ...(await memoryRows(root))];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function startRows(root: string): Promise<Row[]> {
  const node: number[] = [];
  const provider: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    node.push(await timed(() => spawnSync(process.execPath, ["-e", "0"])));
    let plugin: Plugin | undefined;
    provider.push(
      await timed(async () => {
        plugin = await startPlugin(root, { PATH });
      }),
    );
    await plugin?.stop();
  }
  return [
    { name: "empty Node process", value: median(node), unit: "ms", runs: STARTS },
    { name: "provider, start to first answer", value: median(provider), unit: "ms", runs: STARTS },
    { name: "provider start over empty Node process", value: ratio(provider, node), unit: "x", runs: STARTS },
  ];
}

async function memoryRows(root: string): Promise<Row[]> {
  const idle: number[] = [];
  const held = new Map<number, number[]>(COUNTS.map((count) => [count, []]));
  for (let run = 0; run < PROVIDERS; run++) {
    const plugin = await startPlugin(root, { PATH });
    try {
      idle.push(residentMegabytes(plugin));
      let handled = 0;
      for (const count of COUNTS) {
        while (handled < count) {
          const batch = Array.from({ length: Math.min(AT_ONCE, count - handled) }, () => handled++);
          await Promise.all(batch.map((index) => live(new Resource(plugin, `${URN}-${index}`), index)));
        }
        held.get(count)!.push(residentMegabytes(plugin));
      }
    } finally {
      await plugin.stop();
    }
  }
  return [
    { name: "provider memory, idle", value: median(idle), unit: "MB", runs: PROVIDERS },
    ...COUNTS.map(
      (count): Row => ({
        name: `provider memory after ${count} resources over idle`,
        value: ratio(held.get(count)!, idle),
        unit: "x",
        budget: 1.5,
        runs: PROVIDERS,
      }),
    ),
  ];
}

/** All that an engine does with a resource in a first and a second `up`. */
async function live(resource: Resource, index: number): Promise<void> {
  const inputs = await checked(resource, index, true);
  await resource.create(inputs, true);
  const state = await resource.create(inputs);
  const read = await resource.read(state);
  const news = await checked(resource, index, false);
  await resource.diff(read, news);
  await resource.update(read, news, true);
  await resource.update(read, news);
}

async function checked(resource: Resource, index: number, totp: boolean): Promise<Record<string, unknown>> {
  const { inputs, failures } = await resource.check({
    target: { kratos: { name: `shop-${index}`, environment: "dev", transport: "output", version: "v1.3.1" } },
    config: {
      identity: { default_schema_id: "customer", schemas: [{ id: "customer", url: "asset:customer.json" }] },
      selfservice: {
        default_browser_return_url: "https://shop.example/",
        methods: { totp: { enabled: totp }, code: { enabled: true, mfa_enabled: true } },
      },
      courier: {
        channels: [
          {
            id: "sms",
            type: "http",
            request_config: { method: "POST", url: "https://sms.shop.example/", body: "asset:sms.jsonnet" },
          },
        ],
      },
    },
    assets: { "customer.json": SCHEMA, "sms.jsonnet": "function(ctx) { to: ctx.recipient, text: ctx.body }" },
  });
  if (failures.length > 0) throw new Error(`a benchmark's inputs are refused: ${failures.join("; ")}`);
  return inputs;
}

const trait = (format: string, via: string) => ({
  type: "string",
  format,
  "ory.sh/kratos": { credentials: { password: { identifier: true }, code: { identifier: true, via } } },
});
const SCHEMA = JSON.stringify({
  type: "object",
  properties: {
    traits: { type: "object", properties: { email: trait("email", "email"), phone: trait("tel", "sms") } },
  },
});

/** What the process holds in memory, in 10^6 bytes. */
export function residentMegabytes({ process: { pid } }: Plugin): number {
  return (Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024) / 1e6;
}
