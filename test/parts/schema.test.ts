import { gte } from "semver";
import * as ory from "../../infra/index";
import { MockEngine } from "../components/engine";
import { type Answer, adminCall, PASSWORD, publicCall } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { basics, documentOf } from "./document";

describe.each(kratosBinaries())("the identity schema that traits make, on %s", (binary) => {
  const isNew = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;
  let kratos: Kratos;

  beforeAll(async () => {
    await new MockEngine().start();
    outbox = await startOutbox();
    const customer = new ory.IdentitySchema("customer", {
      default: true,
      keywords: { anyOf: [{ required: ["user"] }, { required: ["emails"] }] },
      traits: {
        user: ory.text({
          identifies: ["password"],
          minLength: 3,
          maxLength: 20,
          keywords: { pattern: "^[a-z]+$" },
        }),
        emails: ory.list(ory.email({ identifies: ["password"], verify: true, recover: true }), {
          maxItems: 2,
          uniqueItems: true,
        }),
        contact: ory.object({ phone: ory.phone({ required: true, verify: true }), note: ory.text() }),
        born: ory.date(),
        score: ory.number({ minimum: 0, maximum: 1 }),
        seats: ory.integer({ minimum: 1 }),
        newsletter: ory.boolean(),
        plan: ory.choice(["free", "pro"]),
        mfa_phone: ory.phone({ identifies: ["code"] }),
      },
    });
    const others = basics(outbox).filter(({ fragment }) => !fragment.part.startsWith("IdentitySchema"));
    const parts = [...others, customer, new ory.MultiFactor("mfa", { code: true })];
    kratos = await startKratos({ binary, files: { "kratos.json": documentOf(parts) } });
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  const create = (traits: object): Promise<Answer> => {
    const credentials = { password: { config: { password: PASSWORD } } };
    return adminCall(kratos, "/admin/identities", {
      schema_id: "customer",
      traits: traits as { [name: string]: string },
      credentials,
    });
  };

  it("takes every kind of trait", async () => {
    const traits = {
      user: "ada",
      emails: ["ada@shop.example", "ada@work.example"],
      contact: { phone: "+491701234567" },
      born: "1815-12-10",
      score: 0.5,
      seats: 2,
      newsletter: true,
      plan: "pro",
    };
    const { status, body } = await create(traits);
    expect(status).toBe(201);
    expect(body.traits).toEqual(traits);
    const addresses = (all: { via: string; value: string }[]) =>
      all.map(({ via, value }) => `${via} ${value}`).sort();
    expect(addresses(body.verifiable_addresses)).toEqual([
      "email ada@shop.example",
      "email ada@work.example",
      "sms +491701234567",
    ]);
    expect(addresses(body.recovery_addresses)).toEqual(["email ada@shop.example", "email ada@work.example"]);
    expect(body.credentials.password.identifiers.sort()).toEqual([
      "ada",
      "ada@shop.example",
      "ada@work.example",
    ]);
  });

  it.each<[string, object]>([
    ["a text that is too short", { user: "al" }],
    ["a text against its pattern", { user: "Ada1" }],
    ["a list that is too long", { emails: ["a@x.example", "b@x.example", "c@x.example"] }],
    ["a list with an element twice", { emails: ["a@x.example", "a@x.example"] }],
    ["an element that is no address", { emails: ["a"] }],
    ["an object without what it requires", { user: "bob", contact: { note: "x" } }],
    ["an object with more than it has", { user: "bob", contact: { phone: "+491701234567", fax: "1" } }],
    ["a date that is none", { user: "bob", born: "yesterday" }],
    ["a number above its maximum", { user: "bob", score: 1.5 }],
    ["a fraction for a whole number", { user: "bob", seats: 1.5 }],
    ["a text for yes or no", { user: "bob", newsletter: "yes" }],
    ["what is not among the choices", { user: "bob", plan: "gold" }],
    ["a phone number in national form", { user: "bob", mfa_phone: "0170 1234567" }],
    ["a trait that does not exist", { user: "bob", nick: "b" }],
    ["what its further keywords forbid", { plan: "free" }],
  ])("refuses %s", async (_what, traits) => {
    expect((await create(traits)).status).toBe(400);
  });

  it("lets each user decide about a second factor by SMS with a number for it, on newer Kratos", async () => {
    const whoami = async (user: string, more: object) => {
      expect((await create({ user, ...more })).status).toBe(201);
      const flow = await publicCall(kratos, "/self-service/login/api");
      const credentials = { method: "password", identifier: user, password: PASSWORD };
      const { body } = await publicCall(kratos, flow.body.ui.action, undefined, credentials);
      return (await publicCall(kratos, "/sessions/whoami", body.session_token)).status;
    };
    expect(await whoami("carol", { mfa_phone: "+491701234568" })).toBe(403);
    expect(await whoami("dave", {})).toBe(isNew ? 200 : 403);
  });
});
