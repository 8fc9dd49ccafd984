import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { undecidedAt, violations } from "./review";

const SESSION = "/session/whoami/required_aal";
const SETTINGS = "/selfservice/flows/settings/required_aal";

const config = (session: Json, settings: Json, methods: Document = {}): Document => ({
  session: { whoami: { required_aal: session } },
  selfservice: { flows: { settings: { required_aal: settings } }, methods },
});

describe("required-aal-enum", () => {
  const check = (session: Json, settings: Json) => violations("required-aal-enum", config(session, settings));

  test("refuses levels that kratos does not have, in both places", () => {
    expect(check("aal2", "strict")).toEqual([
      expect.objectContaining({ path: SESSION, message: expect.stringContaining('"aal2"') }),
      expect.objectContaining({ path: SETTINGS, message: expect.stringContaining('"strict"') }),
    ]);
  });

  test("accepts the two that it has, and none", () => {
    expect(check("aal1", "highest_available")).toEqual([]);
    expect(violations("required-aal-enum", {})).toEqual([]);
  });

  test("waits for an unknown level", () => {
    expect(check(UNKNOWN, "aal1")).toEqual([undecidedAt(SESSION)]);
  });
});

describe("settings-aal-bypass", () => {
  const check = (settings: Json, methods: Document) =>
    violations("settings-aal-bypass", config("highest_available", settings, methods));

  test.each([
    ["codes", { code: { mfa_enabled: true } }, "code/mfa_enabled"],
    ["an authenticator app", { totp: { enabled: true } }, "totp/enabled"],
    ["lookup secrets", { lookup_secret: { enabled: true } }, "lookup_secret/enabled"],
    ["security keys", { webauthn: { enabled: true } }, "webauthn/enabled"],
  ])("refuses settings behind the password alone while %s are a second factor", (_, methods, factor) => {
    expect(check("aal1", methods)).toEqual([
      expect.objectContaining({ path: SETTINGS, message: expect.stringContaining(factor) }),
    ]);
  });

  test("accepts settings that ask for it, and no second factor", () => {
    expect(check("highest_available", { totp: { enabled: true } })).toEqual([]);
    expect(check("aal1", { totp: { enabled: false } })).toEqual([]);
    expect(
      violations("settings-aal-bypass", { selfservice: { methods: { totp: { enabled: true } } } }),
    ).toEqual([]);
  });

  test("only warns where sessions do not need the second factor either, as in Ory's examples", () => {
    const open = config("aal1", "aal1", { totp: { enabled: true } });
    expect(violations("settings-aal-bypass", open)).toEqual([]);
    expect(violations("settings-aal-open", open)).toEqual([expect.objectContaining({ path: SETTINGS })]);
    const closed = config("highest_available", "aal1", { totp: { enabled: true } });
    expect(violations("settings-aal-open", closed)).toEqual([]);
    expect(violations("settings-aal-open", config("aal1", "aal1", {}))).toEqual([]);
  });

  test("takes passwordless security keys for a first factor", () => {
    expect(check("aal1", { webauthn: { enabled: true, config: { passwordless: true } } })).toEqual([]);
  });

  test("waits for what decides", () => {
    const totp = "/selfservice/methods/totp/enabled";
    expect(check(UNKNOWN, { totp: { enabled: true } })).toEqual([undecidedAt(SETTINGS)]);
    expect(check("aal1", { totp: { enabled: UNKNOWN } })).toEqual([undecidedAt(totp)]);
    expect(check("aal1", { totp: { enabled: UNKNOWN }, lookup_secret: { enabled: true } })).toEqual([
      expect.not.objectContaining({ undecided: true }),
    ]);
    expect(check(UNKNOWN, {})).toEqual([]);
  });
});
