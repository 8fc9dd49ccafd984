import { isSecret, RunError } from "@pulumi/pulumi";
import { stackSettings } from "../infra/settings";
import { type Config, configure, refusal, settled, startStack, target, valid } from "./stack-config";

beforeEach(startStack);

const SET = "`pulumi config set --secret --path 'secrets.<name>'`";
const url = "https://sms.shop.example";
const value = "secret:sms-key";
const notShown = (kind: string) => `a ${kind} (not shown: it may be a secret)`;

describe("the key `secrets`", () => {
  it("gives each secret by its name, marked as one", async () => {
    const secrets = { "smtp-uri": "smtp://u:p@h", ["__proto__"]: "a", constructor: "b" };
    configure({ ...valid, secrets }, ["secrets"]);
    const given = stackSettings().secrets;
    expect(Object.keys(given)).toEqual(Object.keys(secrets));
    for (const [name, text] of Object.entries(secrets)) {
      await expect(isSecret(given[name]!)).resolves.toBe(true);
      await expect(settled(given[name]!)).resolves.toBe(text);
    }
  });

  it.each<[string, unknown, boolean, ...string[]]>([
    [
      "that is not encrypted",
      { "smtp-uri": "smtp://u:canary@h" },
      false,
      `shop:secrets is not encrypted; set each with ${SET}`,
    ],
    [
      "that is one text, though encrypted",
      "canary",
      true,
      `shop:secrets is ${notShown("text")}; it must be an object`,
    ],
    [
      "that is one text and not encrypted",
      "canary",
      false,
      `shop:secrets is not encrypted; set each with ${SET}`,
      `shop:secrets is ${notShown("text")}; it must be an object`,
    ],
    ["that is a list", ["canary"], true, "shop:secrets is a list; it must be an object"],
    ["with a number", { pin: 4711 }, true, `shop:secrets.pin is ${notShown("number")}; it must be a text`],
    [
      "with an object",
      { smtp: { uri: "canary" } },
      true,
      "shop:secrets.smtp is an object with uri; it must be a text",
    ],
    ["with an empty text", { pin: "" }, true, 'shop:secrets.pin is ""; it must not be empty'],
  ])("is refused %s", (_what, secrets, encrypted, ...problems) => {
    configure({ ...valid, secrets }, encrypted ? ["secrets"] : []);
    expect(stackSettings).toThrow(refusal(...problems));
  });
});

describe("a secret outside of `secrets`", () => {
  const misplaced = (key: string) =>
    `shop:${key} holds a secret, which would reach the state in plaintext; move it with ${SET} and write secret:<name> in its place`;

  it.each(["email", "sms", "raw", "target"])("is refused in %s with the remedy, and not looked at", (key) => {
    configure({ ...valid, [key]: { smtp: { connectionUri: "canary" }, canary: "canary" } }, [key]);
    expect(stackSettings).toThrow(refusal(misplaced(key)));
  });

  it("is refused under an unknown key for both reasons", () => {
    configure({ ...valid, smtpPassword: "canary" }, ["smtpPassword"]);
    expect(stackSettings).toThrow(
      refusal(
        misplaced("smtpPassword"),
        "shop:smtpPassword is not a known key; allowed: target, email, sms, secondFactor, passwordless, requiredAal, proof, acknowledge, promotion, rollback, raw, secrets",
      ),
    );
  });

  const uri = "secret:<name>, or without a password an smtp:// or smtps:// URI";
  it.each<[string, Config, string]>([
    [
      "an SMTP URI with a password",
      { email: { smtp: { connectionUri: "smtps://shop:canary@smtp.shop.example" } } },
      `shop:email.smtp.connectionUri is ${notShown("text")}; allowed: ${uri}`,
    ],
    [
      "an SMTP URI without scheme",
      { email: { smtp: { connectionUri: "shop:canary@smtp.shop.example" } } },
      `shop:email.smtp.connectionUri is ${notShown("text")}; allowed: ${uri}`,
    ],
    [
      "the value of an authentication",
      { sms: { url, auth: { header: "X-Api-Key", value: "canary" } } },
      `shop:sms.auth.value is ${notShown("text")}; allowed: secret:<name>`,
    ],
    [
      "the password of an authentication",
      { email: { http: { url, auth: { user: "shop", password: "canary" } } } },
      `shop:email.http.auth.password is ${notShown("text")}; allowed: secret:<name>`,
    ],
    [
      "a URL with a password",
      { sms: { url: "https://shop:canary@sms.shop.example/send?key=canary" } },
      'shop:sms.url is "https://[secret]@sms.shop.example/send?…"; allowed: a URL that starts with http:// or https://, without user and password',
    ],
  ])("is refused in plain text: %s", (_what, changes, problem) => {
    configure({ ...valid, ...changes });
    expect(stackSettings).toThrow(refusal(problem));
  });

  it("is accepted as SMTP URI without a password", () => {
    const email = { smtp: { connectionUri: "smtp://127.0.0.1:1025/?disable_starttls=true" } };
    configure({ ...valid, email });
    expect(stackSettings().email).toEqual(email);
  });
});

/** A configuration with a value at every kind of place. */
const full: Config = {
  target: { kratos: { ...target.kratos, adminUrls: [url], publicUrl: url, env: { DSN: "memory" } } },
  email: {
    http: { url, method: "PUT", headers: { Authorization: "x" }, auth: { user: "shop", password: value } },
  },
  sms: { url, headers: { "X-Api-Key": "x" }, auth: { header: "X-Api-Key", value } },
  secondFactor: { code: true, totp: { issuer: "Shop" }, webauthn: { rp: { id: "a", displayName: "b" } } },
  passwordless: { passkey: { rp: { id: "a", displayName: "b", origins: [url] } } },
  requiredAal: { session: "highest_available" },
  proof: { as: ["password+email"], outbox: { url } },
  raw: { courier: { smtp: {} } },
};

/** Every path of `tree`. */
function places(tree: unknown, path: string[] = []): string[][] {
  const below = Object.entries(typeof tree === "object" ? (tree ?? {}) : {});
  return [
    ...(path.length > 0 ? [path] : []),
    ...below.flatMap(([key, item]) => places(item, [...path, key])),
  ];
}

/** `tree` with `value` at `path`. */
function placed(tree: Config, [key, ...rest]: string[], value: unknown): Config {
  const next = rest.length === 0 ? value : placed(tree[key!] as Config, rest, value);
  return Array.isArray(tree) ? (tree.with(Number(key), next) as never) : { ...tree, [key!]: next };
}

describe("an error", () => {
  // Whatever stands elsewhere, this makes the configuration wrong.
  const wrong = { unknown: true };
  const canaries = [
    "smtp://shop:canary@smtp.shop.example",
    "shop:can/canary@smtp.shop.example?key=canary#canary",
    ["https://shop:canary@shop.example"],
    { "https://canary@shop.example": "canary" },
  ];

  it("is tried out on a configuration that is right", () => {
    configure(full);
    expect(stackSettings()).toMatchObject(full);
    expect(places(full).length).toBeGreaterThan(40);
  });

  it.each(places(full).map((path) => [path.join("."), path] as const))(
    "tells no password of a URI at %s",
    (_name, path) => {
      for (const canary of canaries) {
        configure({ ...placed(full, path, canary), ...wrong });
        expect(stackSettings).toThrow(RunError);
        expect(stackSettings).not.toThrow(/canary/);
      }
    },
  );

  it.each([
    ["email", "http", "auth"],
    ["email", "http", "auth", "password"],
    ["email", "http", "headers"],
    ["email", "http", "headers", "Authorization"],
    ["sms", "auth", "value"],
    ["sms"],
    ["email"],
    ["raw"],
    ["target", "kratos", "env"],
    ["target", "kratos", "env", "DSN"],
  ])("tells nothing of what stands at a place for secrets: %s %s %s %s", (...path) => {
    for (const canary of ["canary", 4711, ["canary"], true]) {
      configure({ ...placed(full, path.filter(Boolean), canary), ...wrong });
      expect(stackSettings).toThrow(RunError);
      expect(stackSettings).not.toThrow(/canary|4711/);
    }
  });
});
