import { inlineUri, UNKNOWN } from "../../infra/identity-config/model";
import { resolveReferences, secretNames } from "../../infra/identity-config/references";

const config = {
  courier: {
    smtp: { connection_uri: "secret:smtp-uri" },
    channels: [{ id: "sms", request_config: { body: "asset:sms.jsonnet" } }],
  },
  selfservice: { hooks: [{ auth: { value: "secret:hook" } }] },
};

describe("references", () => {
  it("are replaced by texts, inlined, and by secrets, in arrays too", () => {
    const { document, dangling } = resolveReferences(
      config,
      { "sms.jsonnet": "function(ctx) {}" },
      { "smtp-uri": "smtp://mail", hook: "key" },
    );
    expect(dangling).toEqual([]);
    expect(document).toEqual({
      courier: {
        smtp: { connection_uri: "smtp://mail" },
        channels: [{ id: "sms", request_config: { body: inlineUri("function(ctx) {}") } }],
      },
      selfservice: { hooks: [{ auth: { value: "key" } }] },
    });
  });

  it("that point at nothing are named with their path", () => {
    expect(resolveReferences(config, {}, { hook: "key" }).dangling).toEqual([
      { path: "/courier/smtp/connection_uri", reference: "secret:smtp-uri" },
      { path: "/courier/channels[id=sms]/request_config/body", reference: "asset:sms.jsonnet" },
    ]);
  });

  it("do not reach what every object inherits", () => {
    const { dangling } = resolveReferences({ a: "secret:constructor" }, {}, {});
    expect(dangling).toEqual([{ path: "/a", reference: "secret:constructor" }]);
  });

  it("to a value that is not known make only that leaf unknown", () => {
    const { document } = resolveReferences({ a: "secret:s", b: { c: true } }, {}, { s: UNKNOWN });
    expect(document).toEqual({ a: UNKNOWN, b: { c: true } });
  });

  it("are found everywhere", () => {
    expect(secretNames(config)).toEqual(["hook", "smtp-uri"]);
  });
});
