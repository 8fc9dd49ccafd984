import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emailTrait, schemaUrl } from "../kratos/config";
import { type Plugin, startPlugin } from "./plugin";
import { Resource } from "./resource";

const RULE = "code-lifespan-max";

let root: string;
let plugin: Plugin;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "provider-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  plugin = await startPlugin(root);
});
afterAll(async () => {
  await plugin?.stop();
  await rm(root, { recursive: true, force: true });
});

/** A preview of codes that are good for 20 minutes: what it says of that, as warning and otherwise, and its outputs. */
async function preview(environment: string, rules?: unknown) {
  await plugin.configure(rules === undefined ? {} : { rules: rules as never });
  plugin.logs.length = 0;
  const resource = new Resource(plugin);
  const code = { enabled: true, mfa_enabled: true, config: { lifespan: "20m" } };
  const { inputs, failures } = await resource.check({
    target: { kratos: { name: "shop", transport: "output", version: "v1.3.1", environment } },
    config: {
      selfservice: { default_browser_return_url: "https://shop.example/", methods: { code } },
      identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
      courier: { smtp: { connection_uri: "smtp://mail.example/" } },
    },
  });
  expect(failures).toEqual([]);
  const { outputs } = await resource.create(inputs, true);
  const told = (severity: number) =>
    plugin.logs.filter((log) => log.severity === severity && log.message.startsWith(`${RULE}: `)).length;
  const warned = (outputs.warnings as string[]).filter((line) => line.startsWith(RULE)).length;
  return { warnings: told(2), notes: told(1), warned, rules: (outputs.review as { rules?: unknown }).rules };
}

test("what a rule finds is a warning, or a note where it is only good to know", async () => {
  expect(await preview("prod")).toEqual({ warnings: 1, notes: 0, warned: 1 });
  expect(await preview("dev")).toEqual({ warnings: 0, notes: 1, warned: 0 });
});

test.each([
  ["a text, as from a stack's file", JSON.stringify({ [RULE]: { max: "20m" } })],
  ["an object", { [RULE]: { max: "20m" } }],
])("ory:rules sets what a rule takes, also for the pack: %s", async (_what, rules) => {
  expect(await preview("prod", rules)).toEqual({
    warnings: 0,
    notes: 0,
    warned: 0,
    rules: { [RULE]: { max: "20m" } },
  });
  expect(await preview("prod", { [RULE]: { max: "19m" } })).toMatchObject({ warnings: 1 });
  expect(await preview("prod", "")).toMatchObject({ warnings: 1 });
});

test.each([
  ["no JSON", "ory:rules must map ids of rules to their settings"],
  [
    { "code-lifespan-mx": {} },
    'ory:rules: there is no rule "code-lifespan-mx"; did you mean code-lifespan-max?',
  ],
  [{ [RULE]: { max: "20 min" } }, 'ory:rules: max of code-lifespan-max is "20 min", but must match'],
])("%j is refused with one clear error", async (rules, message) => {
  await expect(plugin.configure({ rules: rules as never })).rejects.toThrow(message);
  await expect(plugin.configure({ nope: "x" })).rejects.toThrow("allowed: workspaceApiKey, ");
});
