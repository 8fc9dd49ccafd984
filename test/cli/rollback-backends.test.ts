import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Backend, fakePulumi, type HistoryEntry } from "./fake-pulumi";
import { folderWith, pulumiOry } from "./pulumi-ory";

const TYPE = "ory:index:IdentityConfig";

/** The resources of a stack that declares `lifespan`. */
const state = (lifespan: string, revision: string) => [
  { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod" },
  {
    type: TYPE,
    urn: `urn:pulumi:prod::shop::${TYPE}::shop`,
    inputs: { config: { session: { lifespan } }, assets: {} },
    outputs: { revision },
  },
];
const entry = (version: number, kind = "update", result = "succeeded"): HistoryEntry => ({
  ...{ version, kind, result },
  endTime: `2026-11-${String((version % 28) + 1).padStart(2, "0")}T08:00:00.000Z`,
});

const CLOUD: Backend = {
  url: "https://app.pulumi.com/acme",
  // Refreshes of each night, between the updates.
  history: [
    entry(140, "update", "failed"),
    ...Array.from({ length: 130 }, (_, index) => entry(139 - index, "refresh")),
    ...[entry(9), entry(8), entry(7, "destroy"), entry(3), entry(2), entry(1, "update", "failed")],
  ],
  states: {
    2: state("72h", "revision-2"),
    3: state("48h", "revision-3"),
    8: state("24h", "revision-8"),
    9: state("24h", "revision-9"),
    present: state("24h", "revision-9"),
  },
};
const BUCKET: Backend = {
  url: "s3://states",
  history: [entry(0), entry(0)],
  states: { present: state("24h", "revision-9") },
};

let dir: string;
let remove: () => Promise<void>;
const STACK = "config:\n  shop:raw: {}\n";
beforeEach(async () => {
  ({ dir, remove } = await folderWith({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.prod.yaml": STACK,
  }));
});
afterEach(() => remove());

async function rollback(backend: Backend, ...args: string[]) {
  await rm(join(dir, "fake"), { recursive: true, force: true });
  const env = await fakePulumi(join(dir, "fake"), backend);
  return pulumiOry(["rollback", "--stack", "prod", ...args], { cwd: dir, env });
}
const written = async () => parse(await readFile(join(dir, "prod.rollback.yaml"), "utf8"));
const untouched = async () => {
  expect(await readFile(join(dir, "Pulumi.prod.yaml"), "utf8")).toBe(STACK);
  expect(existsSync(join(dir, "prod.rollback.yaml"))).toBe(false);
};

test("a backend that takes no pages is asked until it tells nothing new", async () => {
  const unpaged = { ...CLOUD, history: [entry(9), entry(8)], takesPages: false };
  const { code, stdout } = await rollback(unpaged, "--list", "--json");
  expect(code).toBe(0);
  expect(JSON.stringify(JSON.parse(stdout)).match(/"version":/g)).toHaveLength(2);
});

describe("a rollback with Pulumi Cloud", () => {
  it("lists the updates that succeeded, however many refreshes there were since", async () => {
    const { code, stdout } = await rollback(CLOUD, "--list", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).updates).toEqual([
      { version: 9, at: "2026-11-10T08:00:00Z", revision: "revision-9" },
      { version: 8, at: "2026-11-09T08:00:00Z", revision: "revision-8" },
      { version: 3, at: "2026-11-04T08:00:00Z", revision: "revision-3" },
      { version: 2, at: "2026-11-03T08:00:00Z", revision: "revision-2" },
    ]);
  });

  it("goes back to the last config that was another one, where nothing is named", async () => {
    const dry = await rollback(CLOUD, "--dry-run");
    expect(dry.stdout).toContain(
      'to update 3 (revision revision-3):\n  /session/lifespan: "24h0m0s" => "48h0m0s"',
    );
    expect(dry.code).toBe(2);
    await untouched();

    const done = await rollback(CLOUD, "--json");
    expect(JSON.parse(done.stdout)).toMatchObject({ to: "update 3", isWritten: true });
    expect(await written()).toEqual({
      ...{ resource: "shop", version: "update 3", revision: "revision-3", assets: {} },
      config: { session: { lifespan: "48h" } },
    });
    expect(await readFile(join(dir, "Pulumi.prod.yaml"), "utf8")).toContain("prod.rollback.yaml");
  });

  it.each([
    ["2", "72h"],
    ["revision-3", "48h"],
  ])("goes back to %s, which is named", async (to, lifespan) => {
    expect(await rollback(CLOUD, "--to", to)).toMatchObject({ code: 0 });
    expect((await written()).config).toEqual({ session: { lifespan } });
  });

  it.each([
    [
      ["--to", "7"],
      "prod has no update or revision 7 that succeeded; pulumi-ory rollback --stack prod --list",
    ],
    [["--to", "revision-4"], "prod has no update or revision revision-4 that succeeded"],
    [["--resource", "other"], "cannot roll prod back: its last update has left no identity config"],
  ])("%j is refused, and nothing is written", async (args, message) => {
    const { code, stdout, stderr } = await rollback(CLOUD, ...args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    await untouched();
  });

  it("says that there is nothing else to go back to, and what to do where a state is no longer kept", async () => {
    const alone = { ...CLOUD, history: [entry(9), entry(8)] };
    expect((await rollback(alone)).stderr).toContain("no earlier update of prod declared anything else");
    const { 3: _, ...states } = CLOUD.states;
    const { stderr } = await rollback({ ...CLOUD, states });
    expect(stderr).toMatch(/\[404\] Not found: update 3; name an exported state of that time with --state/);
    await untouched();
  });
});

describe("a rollback with a backend that keeps the last state only", () => {
  const exported = async (resources: unknown) => {
    const text = JSON.stringify({ version: 3, deployment: { resources } });
    await writeFile(join(dir, "backup.json"), text);
    return ["--state", "backup.json"];
  };

  it("takes an exported state, and tells what is otherwise in it", async () => {
    const args = await exported(state("48h", "revision-3"));
    const dry = await rollback(BUCKET, ...args, "--dry-run");
    expect(dry.stdout).toContain(
      'to backup.json (revision revision-3):\n  /session/lifespan: "24h0m0s" => "48h0m0s"',
    );
    expect(dry.code).toBe(2);
    await untouched();
    expect(await rollback(BUCKET, ...args)).toMatchObject({ code: 0 });
    expect(await written()).toMatchObject({
      version: "backup.json",
      config: { session: { lifespan: "48h" } },
    });
  });

  it("says to name one, and refuses a file that is none", async () => {
    expect((await rollback(BUCKET)).stderr).toContain(
      "the backend of prod keeps no earlier states; name an exported state of that time with --state",
    );
    const refused = await rollback(BUCKET, ...(await exported([])));
    expect(refused.stderr).toContain("backup.json holds no state that `pulumi stack export` has written");
    const other = await rollback(BUCKET, ...(await exported([{ type: "other" }])));
    expect(other.stderr).toContain("backup.json holds no identity config shop");
    await untouched();
  });
});
