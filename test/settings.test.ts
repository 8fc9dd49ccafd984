import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError, runtime } from "@pulumi/pulumi";
import { parse } from "yaml";
import { stackSettings } from "../infra/settings";
import { type Config, configure, settled, startStack, target, valid } from "./stack-config";

beforeEach(startStack);

const stackFile = (stack: string): Config =>
  parse(readFileSync(join(__dirname, `../stacks/Pulumi.${stack}.yaml`), "utf8")).config;

describe("the stack files", () => {
  it("dev needs no secrets", () => {
    configure(stackFile("dev"));
    expect(stackSettings()).toEqual({
      target: { kratos: { name: "shop-dev", environment: "dev", dir: ".local/kratos" } },
      email: { http: { url: "http://127.0.0.1:4437/email" } },
      sms: { url: "http://127.0.0.1:4437/sms" },
      secondFactor: { code: true, totp: true, lookupSecret: true },
      passwordless: {},
      requiredAal: { session: "highest_available", settings: "highest_available" },
      proof: { as: ["password+email", "password+sms"], outbox: { url: "http://127.0.0.1:4437" } },
      acknowledge: [],
      raw: { selfservice: { methods: { code: { config: { lifespan: "15m" } } } } },
      secrets: {},
    });
  });

  it.each([
    ["staging", "stage"],
    ["prod", "prod"],
  ])("%s is accepted with its secrets set", async (stack, environment) => {
    configure({ ...stackFile(stack), secrets: { "smtp-uri": "smtps://u:p@h", "sms-key": "k" } }, ["secrets"]);
    const { secrets, ...settings } = stackSettings();
    expect(settings.target).toEqual({
      kratos: { name: `shop-${stack}`, environment, dir: "/etc/kratos" },
    });
    expect(settings.email.smtp?.connectionUri).toBe("secret:smtp-uri");
    expect(settings.sms?.auth).toEqual({ header: "X-Api-Key", value: "secret:sms-key" });
    expect(settings).not.toHaveProperty("proof");
    expect(Object.keys(secrets)).toEqual(["smtp-uri", "sms-key"]);
    await expect(settled(secrets["sms-key"]!)).resolves.toBe("k");
  });
});

describe("stackSettings", () => {
  it("takes the empty objects that Pulumi.yaml sets as left out", () => {
    const empty = Object.fromEntries(
      [
        "sms",
        "proof",
        "secondFactor",
        "passwordless",
        "requiredAal",
        "promotion",
        "rollback",
        "raw",
        "secrets",
      ].map((key) => [key, {}]),
    );
    configure({ ...valid, ...empty });
    expect(stackSettings()).toEqual({
      ...valid,
      secondFactor: {},
      passwordless: {},
      requiredAal: {},
      acknowledge: [],
      raw: {},
      secrets: {},
    });
  });

  it("tells of a promotion what the resource is to know: paths of the config, and no note for people", () => {
    const keep = ["/session/lifespan", "email.smtp.fromName"];
    configure({ ...valid, promotion: { from: "staging", keep, digest: "d", revision: "r" } });
    expect(stackSettings().promotion).toEqual({ from: "staging", keep: ["/session/lifespan"], digest: "d" });
    configure({ ...valid, promotion: { keep } });
    expect(() => stackSettings()).toThrow("shop:promotion.from is missing");
  });

  it("takes a day of `acknowledge` as YAML hands it over, unquoted or as a text", () => {
    const entry = { rule: "weakening-change", path: "/session/lifespan", from: "24h", reason: "why" };
    for (const until of ["2026-12-15", "2026-12-15 00:00:00 +0000 UTC"]) {
      configure({ ...valid, acknowledge: [{ ...entry, until }] });
      expect(stackSettings().acknowledge).toEqual([{ ...entry, until: "2026-12-15" }]);
    }
  });

  it("leaves alone what belongs to other namespaces", () => {
    configure(valid);
    runtime.setConfig("aws:region", "eu-central-1");
    expect(stackSettings().target).toEqual(target);
  });

  it("names the stack and lists every problem at once", () => {
    configure({ ...valid, requiredAal: { session: "aal2" }, secondFactor: { codes: true } });
    expect(stackSettings).toThrow(RunError);
    expect(stackSettings).toThrow(
      new RunError(
        [
          'the configuration of stack "prod" cannot be used:',
          'shop:secondFactor.codes is not a known key, did you mean "code"? allowed: code, totp, lookupSecret, webauthn',
          'shop:requiredAal.session is "aal2"; allowed: aal1, highest_available',
        ].join("\n  "),
      ),
    );
  });
});
