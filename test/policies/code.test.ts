import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { schemaUrl, trait, undecidedAt, violations, withTraits } from "./review";

const CODE = "/selfservice/methods/code";
const code = (method: Json): Document => ({ selfservice: { methods: { code: method } } });

describe("code-mfa-xor-passwordless", () => {
  const check = (method: Json) => violations("code-mfa-xor-passwordless", code(method));

  test("refuses codes as first and second factor at once", () => {
    expect(check({ mfa_enabled: true, passwordless_enabled: true })).toEqual([
      expect.objectContaining({ path: `${CODE}/mfa_enabled`, message: expect.stringContaining("both true") }),
    ]);
  });

  test("accepts either alone, and none", () => {
    expect(check({ mfa_enabled: true })).toEqual([]);
    expect(check({ mfa_enabled: false, passwordless_enabled: true })).toEqual([]);
    expect(check({})).toEqual([]);
  });

  test("waits for an unknown toggle where the other one is on, and only there", () => {
    const waits = [undecidedAt(`${CODE}/passwordless_enabled`)];
    expect(check({ mfa_enabled: true, passwordless_enabled: UNKNOWN })).toEqual(waits);
    expect(check({ mfa_enabled: false, passwordless_enabled: UNKNOWN })).toEqual([]);
    expect(check(UNKNOWN)).toEqual([undecidedAt(`${CODE}/mfa_enabled`)]);
  });
});

describe("mfa-needs-code-enabled", () => {
  const check = (method: Json) => violations("mfa-needs-code-enabled", code(method));

  test("refuses codes as a second factor without the method", () => {
    expect(check({ mfa_enabled: true, enabled: false })).toEqual([
      expect.objectContaining({ path: `${CODE}/enabled`, remedy: expect.stringContaining("true") }),
    ]);
  });

  test("knows that the method is on by default", () => {
    expect(check({ mfa_enabled: true })).toEqual([]);
    expect(check({ enabled: false })).toEqual([]);
  });

  test("waits for an unknown method", () => {
    expect(check({ mfa_enabled: true, enabled: UNKNOWN })).toEqual([undecidedAt(`${CODE}/enabled`)]);
    expect(check({ mfa_enabled: UNKNOWN, enabled: true })).toEqual([]);
  });
});

describe("mfa-needs-code-identifier", () => {
  const id = "mfa-needs-code-identifier";
  const mfa = code({ mfa_enabled: true });
  const bare = { email: trait({ credentials: { password: { identifier: true } } }) };
  const receiving = { email: trait({ credentials: { code: { identifier: true, via: "email" } } }) };
  const identity = (value: Document) => ({ ...mfa, identity: value });

  test("refuses a default schema that receives no codes", () => {
    expect(violations(id, withTraits(bare, mfa))).toEqual([
      expect.objectContaining({
        path: `${CODE}/mfa_enabled`,
        remedy: expect.stringContaining("credentials.code"),
      }),
    ]);
  });

  test("accepts a trait that receives codes, the fallback, and no second factor", () => {
    expect(violations(id, withTraits(receiving, mfa))).toEqual([]);
    const fallback = code({ mfa_enabled: true, config: { missing_credential_fallback_enabled: true } });
    expect(violations(id, withTraits(bare, fallback))).toEqual([]);
    expect(violations(id, withTraits(bare))).toEqual([]);
  });

  test("says that before 25.4 nobody gets in, and from then on nobody is asked", () => {
    const messageOn = (kratosVersion: string) =>
      violations(id, withTraits(bare, mfa), { kratosVersion })[0]?.message;
    expect(messageOn("1.3.1")).toContain("nobody can finish signing in");
    expect(messageOn("v25.4.0")).toContain("no second factor is ever asked for");
  });

  test("looks at the default schema, not at the others", () => {
    const schemas = [
      { id: "staff", url: schemaUrl(receiving) },
      { id: "customer", url: schemaUrl(bare) },
    ];
    expect(violations(id, identity({ default_schema_id: "customer", schemas }))).toHaveLength(1);
    expect(violations(id, identity({ default_schema_id: "staff", schemas }))).toEqual([]);
  });

  test("waits for an unknown schema, and says that a remote one cannot be read", () => {
    const url = (value: Json) => identity({ schemas: [{ id: "default", url: value }] });
    const path = "/identity/schemas[id=default]/url";
    expect(violations(id, url(UNKNOWN))).toEqual([undecidedAt(path)]);
    expect(violations(id, url("https://shop.example/schema.json"))).toEqual([
      expect.objectContaining({ path, undecided: true, message: expect.stringContaining("only the target") }),
    ]);
    expect(violations(id, identity({ schemas: UNKNOWN }))).toHaveLength(1);
    expect(violations(id, identity({ default_schema_id: UNKNOWN, schemas: [] }))).toEqual([
      undecidedAt("/identity/default_schema_id"),
    ]);
  });
});

describe("code-unknown-key", () => {
  const id = "code-unknown-key";
  const remedies = (method: Json, kratosVersion = "1.3.1") =>
    violations(id, code(method), { kratosVersion }).map(({ path, remedy }) => [path, remedy]);

  test("names the key that was meant", () => {
    expect(remedies({ mfa_enable: true })).toEqual([
      [`${CODE}/mfa_enable`, `rename it to ${CODE}/mfa_enabled`],
    ]);
    expect(remedies({ config: { livespan: "15m" } })).toEqual([
      [`${CODE}/config/livespan`, `rename it to ${CODE}/config/lifespan`],
    ]);
  });

  test("moves a right key from a wrong place", () => {
    expect(remedies({ lifespan: "15m" })).toEqual([
      [`${CODE}/lifespan`, `move it to ${CODE}/config/lifespan`],
    ]);
    expect(remedies({ config: { enabled: true } })).toEqual([
      [`${CODE}/config/enabled`, `move it to ${CODE}/enabled`],
    ]);
  });

  test("removes what resembles nothing", () => {
    expect(remedies({ colour: "blue" })).toEqual([[`${CODE}/colour`, "remove it"]]);
    expect(remedies({ "config/lifespan": "15m" })).toEqual([
      [`${CODE}/config~1lifespan`, expect.any(String)],
    ]);
  });

  test("accepts every key that kratos reads", () => {
    const config = { lifespan: "15m", missing_credential_fallback_enabled: false };
    expect(remedies({ enabled: true, mfa_enabled: true, passwordless_enabled: false, config })).toEqual([]);
  });

  test("refuses, while the version is not known, only what no version reads", () => {
    const config = { missing_credential_fallback_enabled: true, max_submissions: 3, livespan: "15m" };
    const method = code({ passwordless_login_fallback_enabled: true, config });
    expect(violations(id, method, { kratosVersion: undefined }).map(({ path }) => path)).toEqual([
      `${CODE}/config/livespan`,
    ]);
  });

  test("knows since when and until when kratos reads a key", () => {
    const submissions = { config: { max_submissions: 3 } };
    expect(remedies(submissions, "1.3.1")).toEqual([
      [`${CODE}/config/max_submissions`, expect.stringContaining("25.4.0 or newer")],
    ]);
    expect(remedies(submissions, "25.4.0")).toEqual([]);
    expect(remedies({ passwordless_login_fallback_enabled: true }, "1.2.0")).toEqual([]);
    expect(remedies({ passwordless_login_fallback_enabled: true }, "1.3.1")).toHaveLength(1);
  });

  test("does not blame the program for keys that Ory Network reports", () => {
    const review = { target: "network" as const, kratosVersion: undefined };
    expect(violations(id, code({ brand_new: 1 }), { ...review, declared: code({}) })).toEqual([]);
    expect(violations(id, code({ brand_new: 1 }), review)).toHaveLength(1);
  });

  test("waits for an unknown object, not for an unknown value", () => {
    expect(violations(id, code(UNKNOWN))).toEqual([undecidedAt(CODE)]);
    expect(violations(id, code({ config: UNKNOWN }))).toEqual([undecidedAt(`${CODE}/config`)]);
    expect(violations(id, code({ mfa_enabled: UNKNOWN }))).toEqual([]);
  });
});
