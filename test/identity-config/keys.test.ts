import { DOCUMENT } from "../../infra/identity-config/keys/document";
import { faultsOf } from "../../infra/identity-config/keys/faults";
import {
  isBase64,
  isEmail,
  isHostname,
  isReference,
  isRegex,
  isUri,
} from "../../infra/identity-config/keys/formats";
import type { Kind, Scalar } from "../../infra/identity-config/keys/kind";
import { knownKeys } from "../../infra/identity-config/keys/paths";
import { identitySchemaFaults } from "../../infra/identity-config/keys/schema";

const running = { target: "kratos", kratosVersion: "1.3.1" } as const;

describe("the list of all keys", () => {
  const keys = new Map(knownKeys().map((key) => [key.path, key]));

  test("has each once, with its default and its versions", () => {
    expect(keys.size).toBe(knownKeys().length);
    expect(keys.get("/session/lifespan")).toEqual({ path: "/session/lifespan", default: "24h" });
    expect(keys.get("/selfservice/methods/code/config/max_submissions")).toMatchObject({
      since: "25.4.0",
      default: 5,
    });
    expect(keys.get("/courier/sms/from")).toMatchObject({ until: "25.4.0" });
    expect(keys.get("/revision")).toMatchObject({ since: "25.4.0" });
  });

  test("has elements of lists, keys of maps, and what any hook can have", () => {
    expect(keys.has("/courier/channels[*]/request_config/headers/*")).toBe(true);
    expect(keys.has("/selfservice/methods/oidc/config/providers[*]/client_id")).toBe(true);
    expect(keys.has("/selfservice/flows/login/after/password/hooks[*]/config/url")).toBe(true);
    expect(keys.has("/session/whoami/tokenizer/templates/*/jwks_url")).toBe(true);
    expect(keys.has("/selfservice/allowed_return_urls")).toBe(true);
    expect(keys.has("/selfservice/methods")).toBe(false);
  });
});

test("every kind takes its own samples and its default, and refuses the others", () => {
  const scalars: Scalar[] = [];
  const visit = (kind: Kind): void => {
    if (kind.is === "scalar") scalars.push(kind);
    if (kind.is === "keys") Object.values(kind.keys).forEach(visit);
    if (kind.is === "variants") Object.values(kind.of).forEach(visit);
    if (kind.is === "list" || kind.is === "map") visit(kind.of);
    if (kind.default !== undefined) expect(faultsOf(kind.default, kind, running)).toEqual([]);
  };
  visit(DOCUMENT);
  expect(scalars.length).toBeGreaterThan(200);
  for (const { accepts, samples, expected } of scalars) {
    expect([expected, samples.right.filter((one) => !accepts(one))]).toEqual([expected, []]);
    expect([expected, samples.wrong.filter(accepts)]).toEqual([expected, []]);
  }
});

test("URLs are those that Go parses", () => {
  const uris = [
    "https://a",
    "mailto:a b",
    "urn:%zz",
    "x:",
    "https://[::1]:80/",
    "http://ü/é",
    "a+b.c://x?%zz",
  ];
  const relative = ["", "a/b:c", "/a:b", "//host/path", "?a=%zz", "///%41", "*", "/a b"];
  const wrong = [
    ":",
    "a b:c",
    "1:2",
    "%",
    "/%4",
    "//a b",
    "http://[::1",
    "http://a:b",
    "http://%41",
    "a#%",
    "a\nb",
  ];
  expect(uris.filter((text) => !isUri(text))).toEqual([]);
  expect(relative.filter((text) => !isReference(text) || isUri(text))).toEqual([]);
  expect(wrong.filter(isReference)).toEqual([]);
});

test("names of hosts, addresses, patterns and base64 are those that Go takes", () => {
  expect(["a", "a-b.example", "a.example."].filter((text) => !isHostname(text))).toEqual([]);
  expect(["", "-a", "a-", "a_b", "a..b", "a".repeat(64)].filter(isHostname)).toEqual([]);
  expect(["a@b.example", "a.b+c@b", '"a b"@c'].filter((text) => !isEmail(text))).toEqual([]);
  expect(["a", "a@", "a b@c", ".a@c", "a@b_c", "A <a@b.example>"].filter(isEmail)).toEqual([]);
  expect(
    ["^a$", "\\d+", "(?P<a>b)", "(?i)a", "[[:alpha:]]", "\\pL"].filter((text) => !isRegex(text)),
  ).toEqual([]);
  expect(["(?=a)", "(?<!a)", "(a)\\1", "[", "a**", "\\u0041", "(?#a)"].filter(isRegex)).toEqual([]);
  expect(["", "e30=", "YQ=="].filter((text) => !isBase64(text))).toEqual([]);
  expect(["e30", "e3-_", "e 0="].filter(isBase64)).toEqual([]);
});

test("a schema that is nested deeper than anybody writes ends nothing", () => {
  let schema: object = { type: "string" };
  for (let depth = 0; depth < 20_000; depth++) schema = { not: schema };
  const traits = { properties: { traits: { properties: { a: schema } } } };
  expect(identitySchemaFaults(traits, running)).toEqual({ schema: [], extension: [] });
});
