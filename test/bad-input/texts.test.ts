import type { Properties } from "../../infra/provider/wire";
import { emailTrait, SCHEMA } from "../kratos/config";
import { describeScene } from "./scene";

const schema = (traits: object, more: object = {}): string =>
  JSON.stringify({ type: "object", properties: { traits: { type: "object", properties: traits } }, ...more });
const EMAIL = emailTrait({ codes: true });
const extended = (extension: object) => schema({ email: { ...EMAIL, "ory.sh/kratos": extension } });

const channel = (request_config: Properties, more: Properties = {}): Properties => ({
  courier: { channels: [{ id: "sms", type: "http", request_config, ...more }] },
});
const URL = "https://sms.shop.example/send";
const body = (text: string): Properties => ({
  config: {
    identity: { default_schema_id: "customer", schemas: [{ id: "customer", url: "asset:customer.json" }] },
    ...channel({ url: URL, method: "POST", body: "asset:sms.jsonnet" }),
  },
  assets: { "customer.json": SCHEMA, "sms.jsonnet": text },
});

describeScene("a text", (scene, expectTold) => {
  it.each<[string, string]>([
    ["empty", ""],
    ["white space", " \n"],
    ["no JSON", "{traits"],
    ["YAML", "type: object\n"],
    ["with a comment", `// customer\n${SCHEMA}`],
    ["with a byte order mark", `\ufeff${SCHEMA}`],
    ["a list", "[]"],
    ["a text", '"canary"'],
    ["a number", "5"],
    ["null", "null"],
    ["false", "false"],
    ["of an unknown draft", schema({ email: EMAIL }, { $schema: "http://json-schema.org/draft-99/schema#" })],
    ["without traits", JSON.stringify({ type: "object", properties: {} })],
    [
      "whose traits are no object",
      JSON.stringify({ type: "object", properties: { traits: { type: "string" } } }),
    ],
    ["with an unknown type", schema({ email: EMAIL, name: { type: "strin" } })],
    ["of 2 MB", schema({ email: EMAIL, name: { type: "strin", description: "x".repeat(2_000_000) } })],
    ["with a wrong pattern", schema({ email: EMAIL, name: { type: "string", pattern: "(" } })],
    [
      "with a text where a number belongs",
      schema({ email: EMAIL, name: { type: "string", maxLength: "5" } }),
    ],
    [
      "with a reference to itself",
      schema({ email: EMAIL, name: { $ref: "#/properties/traits/properties/name" } }),
    ],
    ["with a reference to nothing", schema({ email: EMAIL, name: { $ref: "#/definitions/name" } })],
    [
      "with a reference to the network",
      schema({ email: EMAIL, name: { $ref: "http://127.0.0.1:9/name.json" } }),
    ],
    ["with a reference to a file", schema({ email: EMAIL, name: { $ref: "file:///nowhere/name.json" } })],
    ["with an unknown way to send codes", extended({ verification: { via: "fax" } })],
    ["with an extension that is a text", schema({ email: { ...EMAIL, "ory.sh/kratos": "canary" } })],
    ["with an identifier that is a text", extended({ credentials: { password: { identifier: "yes" } } })],
    ["with an unknown credential", extended({ credentials: { passwort: { identifier: true } } })],
    [
      "nested 10,000 deep",
      `{"type":"object","properties":{"traits":${'{"not":'.repeat(10_000)}{}${"}".repeat(10_000)}}}`,
    ],
  ])("which is an identity schema %s", async (_what, text) => {
    const inputs = scene.inputs({}, { assets: { "customer.json": text } });
    expectTold(await scene.refusal(inputs));
  });

  it.each<[string, string]>([
    ["empty", ""],
    ["with an open brace", "function(ctx) { to: ctx.recipient, text: ctx.body"],
    ["with two errors in its second line", "function(ctx)\n{ to: ctx.recipient text: ctx.body }"],
    [
      "of 2 MB",
      `function(ctx) { to: ctx.recipient, text: ctx.body, x: "${"x".repeat(2_000_000)}" + sender }`,
    ],
    ["with an unknown variable", "function(ctx) { to: ctx.recipient, text: ctx.body, from: sender }"],
    ["with an unknown function", "function(ctx) { to: ctx.recipient, text: std.uppercase(ctx.body) }"],
    ["without a function", "{ to: ctx.recipient, text: ctx.body }"],
    ["with another argument", "function(message) { to: message.recipient, text: message.body }"],
    ["with two arguments", "function(ctx, sender) { to: ctx.recipient, text: ctx.body, from: sender }"],
    [
      "with an import",
      'local lib = import "lib.libsonnet"; function(ctx) { to: ctx.recipient, text: lib(ctx.body) }',
    ],
    [
      "with a file's text",
      'function(ctx) { to: ctx.recipient, text: ctx.body, x: importstr "/etc/hostname" }',
    ],
    [
      "with an outside variable",
      'function(ctx) { to: ctx.recipient, text: ctx.body, key: std.extVar("key") }',
    ],
    ["that always fails", 'function(ctx) if ctx.recipient != "" then error "no " + ctx.body else {}'],
    ["that reads a wrong field", "function(ctx) { to: ctx.Recipient, text: ctx.body }"],
    ["that reads no message", 'function(ctx) { to: ctx.recipient, text: "hello" }'],
    [
      "that calls itself without end",
      "local f(x) = f(x + 1); function(ctx) { to: ctx.recipient, text: ctx.body, n: f(0) }",
    ],
    [
      "that loops without end",
      "local f(x) = f(x + 1) tailstrict; function(ctx) { to: ctx.recipient, text: ctx.body, n: f(0) }",
    ],
    ["that is a function once more", "function(ctx) function(to=ctx.recipient, text=ctx.body) 1"],
    ["which is JavaScript", "(ctx) => ({ to: ctx.recipient, text: ctx.body })"],
    ["nested 5,000 deep", `function(ctx) ${"[".repeat(5_000)}ctx.recipient + ctx.body${"]".repeat(5_000)}`],
    ["with a byte order mark", "\ufefffunction(ctx) { to: ctx.recipient, text: ctx.body }"],
  ])("which is Jsonnet %s", async (_what, text) => {
    expectTold(await scene.refusal(scene.inputs({}, body(text))));
  });
});
