import { RunError } from "@pulumi/pulumi";
import * as fc from "fast-check";
import {
  Asset,
  CourierChannel,
  EmailDelivery,
  email,
  IdentityConfig,
  type IdentityConfigArgs,
  IdentitySchema,
  MultiFactor,
  type Part,
  Passwordless,
  Recovery,
  RequiredAal,
  Verification,
} from "../../infra/index";
import { MockEngine, secretly } from "./engine";

const engine = new MockEngine();
beforeEach(() => engine.start());

const target = { kratos: { name: "shop", dir: "/etc/kratos" } };
const shop = (args: Partial<IdentityConfigArgs>) =>
  new IdentityConfig("shop", { target, parts: [], ...args });
const inputs = async (args: Partial<IdentityConfigArgs>) => (await engine.sent("shop", shop(args))).inputs;

const rp = { id: "shop.example", displayName: "Shop" };
const body = "function(ctx) { to: ctx.recipient }";

/** One part of each kind, such that all fit together. */
const parts = (): Part[] => [
  new IdentitySchema("customer", { default: true, traits: { email: email({ identifies: ["password"] }) } }),
  new IdentitySchema("admin", { traits: { email: email() } }),
  new CourierChannel("sms", { url: "https://sms.shop.example", body }),
  new EmailDelivery("email", { smtp: { connectionUri: "secret:smtp-uri" } }),
  new MultiFactor("second-factor", { code: true, totp: { issuer: "Shop" }, lookupSecret: true }),
  new Passwordless("passwordless", { code: false, passkey: { rp } }),
  new RequiredAal("aal", { session: "highest_available" }),
  new Recovery("recovery"),
  new Verification("verification"),
];

describe("IdentityConfig", () => {
  it("sends what all parts and raw declare as one document, with texts beside it", async () => {
    const sent = await inputs({
      parts: [
        new CourierChannel("sms", { url: "https://sms.shop.example", body }),
        new MultiFactor("second-factor", { totp: true }),
        new RequiredAal("aal", { session: "aal1" }),
      ],
      raw: { session: { lifespan: "24h" }, selfservice: { methods: { profile: { enabled: false } } } },
      release: ["/courier/smtp"],
    });
    expect(sent).toEqual({
      target,
      config: {
        courier: {
          channels: [
            {
              id: "sms",
              type: "http",
              request_config: {
                url: "https://sms.shop.example",
                method: "POST",
                body: "asset:messages/sms/sms.jsonnet",
              },
            },
          ],
        },
        selfservice: { methods: { totp: { enabled: true }, profile: { enabled: false } } },
        session: { lifespan: "24h", whoami: { required_aal: "aal1" } },
      },
      assets: { "messages/sms/sms.jsonnet": body },
      secrets: {},
      release: ["/courier/smtp"],
    });
  });

  it("sends nothing of the parts themselves, which would show each change and secret twice", async () => {
    const all = parts();
    for (const part of all) {
      const name = part.fragment.part.split('"')[1]!;
      const { type, inputs } = await engine.sent(name, part);
      expect(type).toBe(`ory:index:${part.constructor.name}`);
      expect(inputs).toEqual({});
    }
    expect(all).toHaveLength(9);
  });

  it("sends the same inputs whatever the order of parts", async () => {
    const secrets = { "smtp-uri": "smtps://shop.example" };
    const expected = JSON.stringify(await inputs({ parts: parts(), secrets }));
    expect(expected).toContain("asset:schemas/admin.json");
    const order = fc.shuffledSubarray([...parts().keys()], { minLength: parts().length });
    await fc.assert(
      fc.asyncProperty(order, async (indexes) => {
        const all = parts();
        const shuffled = indexes.map((index) => all[index]!);
        expect(JSON.stringify(await inputs({ parts: shuffled, secrets }))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("lets parts agree on a value", async () => {
    const { config } = await inputs({
      parts: [
        new Recovery("recovery"),
        new Verification("verification"),
        new MultiFactor("mfa", { code: true }),
      ],
      raw: { selfservice: { methods: { code: { enabled: true } } } },
    });
    expect(config).toHaveProperty("selfservice.methods.code", { enabled: true, mfa_enabled: true });
  });

  const bothKeys = () => [
    new MultiFactor("second-factor", { webauthn: { rp } }),
    new Passwordless("passwordless", { webauthn: { rp } }),
  ];

  it("refuses two parts that disagree, naming both, the path and the values, without a stack trace", () => {
    expect(() => shop({ parts: bothKeys() })).toThrow(RunError);
    expect(() => shop({ parts: bothKeys() })).toThrow(
      new RunError(
        'IdentityConfig "shop": /selfservice/methods/webauthn/config/passwordless is declared twice: ' +
          'by MultiFactor "second-factor" to false and by Passwordless "passwordless" to true; keep one of them',
      ),
    );
  });

  it("refuses raw that disagrees with a part, and tells no secret doing so", () => {
    const args = {
      parts: [new EmailDelivery("email", { smtp: { connectionUri: "smtp://u:canary@one.example" } })],
      raw: { courier: { smtp: { connection_uri: "smtp://u:canary@two.example" } } },
    };
    expect(() => shop(args)).toThrow(
      /\/courier\/smtp\/connection_uri is declared twice: by EmailDelivery "email" .* and by raw/,
    );
    expect(() => shop(args)).not.toThrow(/canary/);
  });

  it("refuses two schemas that both are the default", () => {
    const both = ["customer", "admin"].map((name) => new IdentitySchema(name, { default: true, traits: {} }));
    expect(() => shop({ parts: both })).toThrow(/\/identity\/default_schema_id is declared twice/);
  });

  it("refuses two different texts of one name and takes the same text twice", async () => {
    const raw = (one: string, other: string) => ({
      courier: { templates: { a: new Asset("text", one), b: new Asset("text", other) } },
    });
    expect(() => shop({ raw: raw("a", "b") })).toThrow(
      new RunError('two different texts are named "text"; give one of them another name'),
    );
    const { assets, config } = await inputs({ raw: raw("a", "a") });
    expect(assets).toEqual({ text: "a" });
    expect(config).toEqual({ courier: { templates: { a: "asset:text", b: "asset:text" } } });
  });

  it("sends only the secrets that the config refers to, marked even where they came as plain text", async () => {
    const { secrets, config } = await inputs({
      parts: [new EmailDelivery("email", { smtp: { connectionUri: "secret:smtp-uri" } })],
      raw: { oauth2_provider: { headers: { Authorization: "secret:hydra" } }, list: ["secret:in-a-list"] },
      secrets: { "smtp-uri": "smtp://u:p@h", hydra: "Bearer x", "in-a-list": "y", unused: "z" },
    });
    expect(secrets).toEqual({
      "smtp-uri": secretly("smtp://u:p@h"),
      hydra: secretly("Bearer x"),
      "in-a-list": secretly("y"),
    });
    expect(config).toMatchObject({ courier: { smtp: { connection_uri: "secret:smtp-uri" } } });
  });
});
