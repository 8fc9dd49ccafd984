import { inlineUri, type Json, UNKNOWN } from "../../infra/identity-config/model";
import type { Review } from "../../policies/rules/rule";
import { undecidedAt, violations } from "./review";

const PATH = "/courier/channels[id=sms]/request_config/body";

const check = (body: Json, changes: Partial<Review> = {}) =>
  violations(
    "channel-jsonnet-ctx",
    {
      courier: {
        channels: [{ id: "sms", type: "http", request_config: { url: "https://sms.example", body } }],
      },
    },
    changes,
  );
const jsonnet = (text: string, changes?: Partial<Review>) => check(inlineUri(text), changes);

describe("channel-jsonnet-ctx", () => {
  test("refuses the capitals of Ory's own example, and names the right fields", () => {
    expect(jsonnet("function(ctx) { to: ctx.Recipient, text: ctx['Body'] }")).toEqual([
      expect.objectContaining({
        path: PATH,
        message: expect.stringContaining("ctx.Recipient"),
        remedy: "write ctx.recipient",
      }),
      expect.objectContaining({
        path: PATH,
        message: expect.stringContaining("ctx.Body"),
        remedy: "write ctx.body",
      }),
    ]);
  });

  test("refuses fields that do not exist, unless the body asks before it reads", () => {
    expect(jsonnet("function(ctx) { to: ctx.recipient, text: ctx.body, id: ctx.identity }")).toHaveLength(1);
    const guarded =
      "function(ctx) { to: ctx.recipient, text: ctx.body, id: if 'identity' in ctx then ctx.identity }";
    expect(jsonnet(guarded)).toEqual([]);
  });

  test("refuses what is not a function of the message", () => {
    for (const text of ["{ to: 'x' }", "function(message) { to: message.recipient, text: message.body }"]) {
      expect(jsonnet(text)).toEqual([
        expect.objectContaining({ message: "the body is not a function(ctx)" }),
      ]);
    }
  });

  test("refuses a body that leaves out the recipient or the text", () => {
    expect(jsonnet("function(ctx) { text: ctx.body }")).toEqual([
      expect.objectContaining({ message: "the body never reads ctx.recipient" }),
    ]);
    expect(jsonnet("function(ctx) { to: ctx.recipient, text: 'hello' }")).toEqual([
      expect.objectContaining({ message: "the body never reads ctx.body" }),
    ]);
  });

  test.each([
    ["recipient and body", "function(ctx) { to: ctx.recipient, text: ctx.body }"],
    ["quoted fields", "function(ctx) { to: ctx['recipient'], text: ctx[\"body\"] }"],
    ["the template's data", "function(ctx) { to: ctx.template_data.to, code: ctx.template_data.login_code }"],
    ["the message as a whole", "function(ctx) ctx"],
    ["a local", "local text(c) = c.body; function(ctx) { to: ctx.recipient, text: text(ctx) }"],
    [
      "prose about other fields",
      "// not ctx.Body\n# nor ctx.Id\nfunction(ctx) { to: ctx.recipient, text: 'ctx.To: ' + ctx.body }",
    ],
  ])("accepts %s", (_, text) => {
    expect(jsonnet(text)).toEqual([]);
  });

  test("knows the field that newer versions pass", () => {
    const text = "function(ctx) { to: ctx.recipient, text: ctx.body, headers: ctx.request_headers }";
    expect(jsonnet(text, { kratosVersion: "1.3.1" })).toHaveLength(1);
    expect(jsonnet(text, { kratosVersion: "26.2.0" })).toEqual([]);
    expect(jsonnet(text, { target: "network", kratosVersion: undefined })).toEqual([]);
  });

  test("waits for an unknown body, and says that a remote one cannot be read", () => {
    expect(check(UNKNOWN)).toEqual([undecidedAt(PATH)]);
    expect(check("file:///body.jsonnet")).toEqual([
      expect.objectContaining({
        path: PATH,
        undecided: true,
        message: expect.stringContaining("only the target"),
      }),
    ]);
  });
});
