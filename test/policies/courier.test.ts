import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { schemaUrl, trait, undecidedAt, violations, withTraits } from "./review";

const request = { url: "https://sms.shop.example", method: "POST", body: "base64://e30=" };
const channel = (changes: Document = {}): Document => ({
  id: "sms",
  type: "http",
  request_config: request,
  ...changes,
});
const courier = (...channels: Json[]): Document => ({ courier: { channels } });

describe("sms-needs-channel", () => {
  const id = "sms-needs-channel";
  const uses: [string, Document][] = [
    ["codes", { credentials: { code: { identifier: true, via: "sms" } } }],
    ["verification", { verification: { via: "sms" } }],
    ["recovery", { recovery: { via: "sms" } }],
  ];

  test.each(uses)("refuses %s by SMS without a channel", (_, extension) => {
    expect(violations(id, withTraits({ phone: trait(extension) }))).toEqual([
      expect.objectContaining({ path: "/courier/channels", message: expect.stringContaining('"phone"') }),
    ]);
  });

  test.each(uses)("accepts %s by SMS with a channel", (_, extension) => {
    expect(violations(id, withTraits({ phone: trait(extension) }, courier(channel())))).toEqual([]);
  });

  test("accepts e-mail alone, and a via that sends nothing", () => {
    expect(violations(id, withTraits({ email: trait({ verification: { via: "email" } }) }))).toEqual([]);
    const inert = { credentials: { code: { identifier: false, via: "sms" } } };
    expect(violations(id, withTraits({ phone: trait(inert) }))).toEqual([]);
  });

  test("does not take the legacy key courier.sms for a channel", () => {
    const phone = trait({ verification: { via: "sms" } });
    const legacy = { courier: { sms: { enabled: true, from: "+49", request_config: request } } };
    expect(violations(id, withTraits({ phone }, legacy))).toHaveLength(1);
  });

  test("looks at every schema, not only at the default one", () => {
    const schemas = [
      { id: "default", url: schemaUrl({ email: trait({ verification: { via: "email" } }) }) },
      { id: "staff", url: schemaUrl({ phone: trait({ verification: { via: "sms" } }) }) },
    ];
    expect(violations(id, { identity: { schemas } })).toEqual([
      expect.objectContaining({ message: expect.stringContaining('"staff"') }),
    ]);
  });

  test("waits for what decides, and needs no schema where there is a channel", () => {
    const phone = trait({ verification: { via: "sms" } });
    const unknownUrl = { identity: { schemas: [{ id: "default", url: UNKNOWN }] } };
    const remoteUrl = { identity: { schemas: [{ id: "default", url: "file:///schema.json" }] } };
    const path = "/identity/schemas[id=default]/url";
    expect(violations(id, unknownUrl)).toEqual([undecidedAt(path)]);
    expect(violations(id, remoteUrl)).toEqual([undecidedAt(path)]);
    expect(violations(id, { ...unknownUrl, ...courier(channel()) })).toEqual([]);
    expect(violations(id, withTraits({ phone }, { courier: { channels: UNKNOWN } }))).toEqual([
      undecidedAt("/courier/channels"),
    ]);
    expect(violations(id, withTraits({ phone }, courier(channel({ id: UNKNOWN }))))).toEqual([
      undecidedAt("/courier/channels/0"),
    ]);
  });
});

describe("channel-type-required", () => {
  const id = "channel-type-required";
  const { type, ...untyped } = channel();

  test("refuses a channel without a type", () => {
    expect(violations(id, courier(untyped))).toEqual([
      expect.objectContaining({
        path: "/courier/channels[id=sms]/type",
        message: expect.stringContaining("not even e-mail"),
        remedy: 'set /courier/channels[id=sms]/type to "http"',
      }),
    ]);
  });

  test("says that from 25.4 on only the channel is lost", () => {
    expect(violations(id, courier(untyped), { kratosVersion: "26.2.0" })).toEqual([
      expect.objectContaining({ message: expect.stringContaining("nothing leaves over it") }),
    ]);
  });

  test("accepts a type, and on Ory Network none", () => {
    expect(violations(id, courier(channel()))).toEqual([]);
    expect(violations(id, courier(untyped), { target: "network", kratosVersion: undefined })).toEqual([]);
  });

  test("waits for an unknown channel, not for an unknown type", () => {
    expect(violations(id, courier(UNKNOWN))).toEqual([undecidedAt("/courier/channels/0")]);
    expect(violations(id, courier(channel({ type: UNKNOWN })))).toEqual([]);
  });
});

describe.each(["body", "method"])("channel-%s-required", (key) => {
  const id = `channel-${key}-required`;
  const path = `/courier/channels[id=sms]/request_config/${key}`;
  const without = Object.fromEntries(Object.entries(request).filter(([name]) => name !== key));

  test("refuses a request without it", () => {
    expect(violations(id, courier(channel({ request_config: without })))).toEqual([
      expect.objectContaining({ path, remedy: expect.stringContaining(`set ${path} to`) }),
    ]);
    expect(violations(id, courier(channel({ request_config: { ...without, [key]: "" } })))).toHaveLength(1);
  });

  test("accepts a request with it", () => {
    expect(violations(id, courier(channel()))).toEqual([]);
  });

  test("leaves a channel without a request to kratos", () => {
    expect(violations(id, courier({ id: "sms", type: "http" }, null, "sms"))).toEqual([]);
  });

  test("waits for an unknown request, not for an unknown value", () => {
    expect(violations(id, courier(channel({ request_config: UNKNOWN })))).toEqual([
      undecidedAt("/courier/channels[id=sms]/request_config"),
    ]);
    expect(violations(id, courier(channel({ request_config: { ...without, [key]: UNKNOWN } })))).toEqual([]);
  });
});
