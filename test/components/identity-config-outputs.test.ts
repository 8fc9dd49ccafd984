import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { output, RunError, secret } from "@pulumi/pulumi";
import { seal } from "../../infra/components/seal";
import { Asset, CourierChannel, EmailDelivery, IdentityConfig, MultiFactor } from "../../infra/index";
import { Gateway, MockEngine, secretly, UNKNOWN } from "./engine";

const engine = new MockEngine();
beforeEach(() => engine.start({ preview: true }));

const inputs = async (
  raw: Record<string, unknown>,
  parts: ConstructorParameters<typeof IdentityConfig>[1]["parts"] = [],
) => {
  const target = { kratos: { name: "shop", dir: "/etc/kratos" } };
  return (await engine.sent("shop", new IdentityConfig("shop", { target, parts, raw }))).inputs;
};

describe("a leaf that is an Output", () => {
  it("stands in the config as its plain value where it is known", async () => {
    const { config, secrets } = await inputs({
      session: { lifespan: output("24h"), cookie: Promise.resolve(1) },
    });
    expect(config).toEqual({ session: { lifespan: "24h", cookie: 1 } });
    expect(secrets).toEqual({});
  });

  it("and a secret is lifted out of the config, which keeps a reference", async () => {
    const smtp = { connectionUri: secret("smtp://u:canary@h"), fromName: "Shop" };
    const { config, secrets } = await inputs({}, [new EmailDelivery("email", { smtp })]);
    expect(config).toEqual({
      courier: {
        delivery_strategy: "smtp",
        smtp: { connection_uri: "secret:courier/smtp/connection_uri", from_name: "Shop" },
      },
    });
    expect(secrets).toEqual({ "courier/smtp/connection_uri": secretly("smtp://u:canary@h") });
  });

  it("and a secret inside a list is lifted out alone", async () => {
    const { config, secrets } = await inputs({ secrets: { cookie: [secret("canary"), "secret-free"] } });
    expect(config).toEqual({ secrets: { cookie: ["secret:secrets/cookie/0", "secret-free"] } });
    expect(secrets).toEqual({ "secrets/cookie/0": secretly("canary") });
  });

  it("and unknown makes only itself unknown: every other leaf stays known and plain", async () => {
    const { url } = new Gateway("gateway");
    const { config, assets, secrets } = await inputs({}, [
      new CourierChannel("sms", { url, auth: { header: "X-Api-Key", value: secret("canary") }, body: "{}" }),
      new MultiFactor("second-factor", { code: true, totp: true }),
    ]);
    const value = "courier/channels[id=sms]/request_config/auth/config/value";
    expect(config).toEqual({
      courier: {
        channels: [
          {
            id: "sms",
            type: "http",
            request_config: {
              url: UNKNOWN,
              method: "POST",
              body: "asset:messages/sms/sms.jsonnet",
              auth: {
                type: "api_key",
                config: { name: "X-Api-Key", value: `secret:${value}`, in: "header" },
              },
            },
          },
        ],
      },
      selfservice: {
        methods: { code: { enabled: true, mfa_enabled: true }, totp: { enabled: true } },
      },
    });
    expect(assets).toEqual({ "messages/sms/sms.jsonnet": "{}" });
    expect(secrets).toEqual({ [value]: secretly("canary") });
  });

  it("and both unknown and secret leaves a known reference to an unknown secret", async () => {
    const smtp = { connectionUri: secret(new Gateway("gateway").url) };
    const { config, secrets } = await inputs({}, [new EmailDelivery("email", { smtp })]);
    expect(config).toHaveProperty("courier.smtp.connection_uri", "secret:courier/smtp/connection_uri");
    expect(secrets).toEqual({ "courier/smtp/connection_uri": secretly(UNKNOWN) });
  });

  it("and the text of an asset stays in the assets, unknown or secret as it is", async () => {
    const { config, assets } = await inputs({
      courier: {
        templates: { a: new Asset("a", new Gateway("gateway").url), b: new Asset("b", secret("text")) },
      },
    });
    expect(config).toEqual({ courier: { templates: { a: "asset:a", b: "asset:b" } } });
    expect(assets).toEqual({ a: UNKNOWN, b: secretly("text") });
  });

  it("may be a list of texts", async () => {
    const { config } = await inputs({ serve: { urls: output(["https://a.example", "https://b.example"]) } });
    expect(config).toEqual({ serve: { urls: ["https://a.example", "https://b.example"] } });
  });

  it("conflicts with another Output at its path, whose values nobody can compare yet", () => {
    const channel = (name: string) =>
      new CourierChannel(name, { url: output("https://same.example"), body: "{}" });
    const target = { kratos: { name: "shop", dir: "/etc/kratos" } };
    const raw = {
      courier: { channels: [{ id: "sms", request_config: { url: output("https://same.example") } }] },
    };
    expect(() => new IdentityConfig("shop", { target, parts: [channel("sms")], raw })).toThrow(
      new RunError(
        'IdentityConfig "shop": /courier/channels[id=sms]/request_config/url is declared twice: ' +
          'by CourierChannel "sms" to an output and by raw to an output; keep one of them',
      ),
    );
  });
});

describe("refused by its path", () => {
  let refusals: Record<string, { hidesStack: boolean; message: string }[]>;
  beforeAll(async () => {
    const program = join(__dirname, "refusals.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program]);
    refusals = JSON.parse(stdout);
  });

  const whole = (path: string) =>
    `error serializing property "config": ${path} is an Output that stands for a whole object: nothing in it could be checked before it is known; pass an object whose leaves are Outputs`;
  const noText = (type: string) =>
    `error serializing property "secrets": /session is a secret Output of type ${type}; a secret must be a text: pass an object whose leaves are secret texts`;

  it.each([
    ["an Output that stands for an object", "object", whole("/session")],
    ["an Output that stands for a list of objects", "list of objects", whole("/courier/channels")],
    ["an Output that stands for an asset", "asset", whole("/session")],
    ["a secret that is an object, without telling it", "secret object", noText("object")],
    ["a secret that is a number, without telling it", "secret number", noText("number")],
  ])("is %s", (_what, document, message) => {
    expect(refusals[document]).toEqual([{ hidesStack: true, message }]);
  });

  it.each<[string, () => unknown]>([
    ["a resource", () => new Gateway("gateway")],
    ["a function", () => () => "text"],
    ["a date", () => new Date(0)],
  ])("is %s in the place of a value", (_what, value) => {
    expect(() => seal({ courier: { url: value() } }, {})).toThrow(
      /^\/courier\/url is (an object of a class|a function), which is no JSON value; of a resource, pass one of/,
    );
  });
});
