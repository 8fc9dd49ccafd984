import * as fc from "fast-check";
import { canonical } from "../../infra/identity-config/canonical";
import { DOCUMENT } from "../../infra/identity-config/keys/document";
import type { Kind } from "../../infra/identity-config/keys/kind";
import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { environmentKeys, environmentReason } from "../../infra/identity-config/promotion/environment-keys";
import { isKept, promotableOf, stageDifferences } from "../../infra/identity-config/promotion/promotable";
import { documents, respelled } from "./documents";

/** A path of every key that holds a value, with what it takes; elements of lists have the id or position `x`. */
function keys(kind: Kind = DOCUMENT, path = "", depth = 0): [path: string, expected: string][] {
  if (depth > 16) return [];
  const below = (one: Kind, at: string) => keys(one, at, depth + 1);
  if (kind.is === "keys")
    return Object.entries(kind.keys).flatMap(([name, one]) => below(one, `${path}/${name}`));
  if (kind.is === "variants") return Object.values(kind.of).flatMap((one) => below(one, path));
  if (kind.is === "map") return below(kind.of, `${path}/x`);
  if (kind.is === "list") {
    const isKeyed = /\/(channels|schemas|providers)$/.test(path);
    return below(kind.of, isKeyed ? `${path}[id=x]` : `${path}/0`);
  }
  return [[path, "expected" in kind ? kind.expected : kind.is]];
}

const paths = (document: Document, assets = {}) => promotableOf(document, assets)!.paths;
const digest = (document: Document, assets = {}) => promotableOf(document, assets)!.digest;

describe("what is promoted", () => {
  it("is no URL and no host but those of texts, and nothing of the server's own", () => {
    // What is to be read from there is part of the config.
    const texts =
      /\/(body|mapper_url|id_token_mapper_url)$|\/claims_mapper_url$|\/templates\/|\/identity\/schemas/;
    const urls = keys().filter(
      ([path, expected]) => /\bURL|\bhost\b|origin/.test(expected) && !texts.test(path),
    );
    expect(urls.length).toBeGreaterThan(80);
    expect(urls.filter(([path]) => environmentReason(path) === undefined)).toEqual([]);
    const leftOut = keys().filter(([path]) => environmentReason(path) !== undefined);
    expect(
      [...new Set(leftOut.map(([path]) => path.replace(/\/hooks.*/, "/hooks")))].sort(),
    ).toMatchSnapshot();
  });

  it("knows no key that does not exist", () => {
    const known = keys().map(([path]) => path);
    const stray = environmentKeys
      .flatMap((group) => group.paths)
      .filter((path) => !path.startsWith("/project/"))
      .filter((path) => {
        const pattern = new RegExp(
          `^${path
            .replace(/[[\]]/g, "\\$&")
            .replace("**", ".+")
            .replaceAll(/(?<!\.)\*/g, "[^/]*")}([/[]|$)`,
        );
        return !known.some((one) => pattern.test(one));
      });
    expect(stray).toEqual([]);
  });

  it("changes with each value but an environment's", () => {
    const every = fc.constantFrom(...keys());
    const values = fc.uniqueArray(fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()), {
      minLength: 2,
      maxLength: 2,
    });
    fc.assert(
      fc.property(documents, every, values, (document, [path], [one, other]) => {
        const set = (value: unknown) => documentOf([...leavesOf(document), [path, value]]);
        // A key below what is a leaf already is none.
        fc.pre([...leavesOf(document).keys()].every((leaf) => !path.startsWith(leaf)));
        const same = digest(set(one)) === digest(set(other));
        expect(same).toBe(environmentReason(path) !== undefined);
      }),
      { examples: [[{}, ["/courier/channels[id=x]/id", "choice"], ["sms", "phone"]]] },
    );
  });

  it("is the same for documents that mean the same", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(promotableOf(respelled(document), {})).toEqual(promotableOf(document, {}));
        expect(promotableOf(canonical(document), {})).toEqual(promotableOf(document, {}));
      }),
    );
  });

  it("differs at the paths that differ, and nowhere else", () => {
    fc.assert(
      fc.property(documents, documents, (one, other) => {
        const [here, there] = [one, other].map((document) => paths(document));
        const differing = stageDifferences(here!, there!).map(({ path }) => path);
        expect(stageDifferences(here!, here!)).toEqual([]);
        expect(differing.length === 0).toBe(digest(one) === digest(other));
        for (const [path] of leavesOf(one))
          if (!differing.includes(path) && environmentReason(path) === undefined)
            expect(here![path]).toBe(there![path]);
      }),
    );
  });

  it("looks into lists: a hook is promoted without its URL and its credentials", () => {
    const hook = (url: string, method: string): Document => ({
      selfservice: {
        flows: {
          registration: {
            after: {
              hooks: [
                {
                  hook: "web_hook",
                  config: { url, method, auth: { type: "api_key", config: { value: url } } },
                },
                { hook: "session" },
              ],
            },
          },
        },
      },
    });
    expect(digest(hook("https://a.example", "POST"))).toBe(digest(hook("https://b.example", "POST")));
    expect(digest(hook("https://a.example", "POST"))).not.toBe(digest(hook("https://a.example", "PUT")));
    expect(paths(hook("https://a.example", "POST"))).toEqual({
      "/selfservice/flows/registration/after/hooks":
        '[{"config":{"method":"POST"},"hook":"web_hook"},{"hook":"session"}]',
    });
  });

  it("tells texts by their digest, white space of JSON aside, and references to secrets by their names", () => {
    const schema = (text: string) =>
      paths({ identity: { schemas: [{ id: "a", url: "asset:s" }] } }, { s: text });
    expect(schema('{ "a": 1 }')).toEqual(schema('{"a":1}'));
    expect(schema('{"a":1}')).not.toEqual(schema('{"a":2}'));
    expect(Object.values(schema('{"a":1}'))).toEqual([expect.stringMatching(/^"sha256:[0-9a-f]{32}"$/)]);
    expect(paths({ session: { lifespan: "secret:x" }, dsn: "secret:dsn" })).toEqual({
      "/session/lifespan": '"secret:x"',
    });
  });

  it("is not told where something in it is not known yet; an environment's may be unknown", () => {
    expect(promotableOf({ session: { lifespan: UNKNOWN } }, {})).toBeUndefined();
    expect(
      promotableOf({ identity: { schemas: [{ id: "a", url: "asset:s" }] } }, { s: UNKNOWN }),
    ).toBeUndefined();
    const url = { courier: { channels: [{ id: "sms", request_config: { url: UNKNOWN, method: "POST" } }] } };
    expect(paths(url)).toEqual({ "/courier/channels[id=sms]/request_config/method": '"POST"' });
  });

  it("holds no password of a URL", () => {
    const url = "https://user:canary@schemas.example/a.json";
    expect(JSON.stringify(paths({ identity: { schemas: [{ id: "a", url }] } }))).not.toContain("canary");
  });

  it("keeps what the user names, and all below it", () => {
    expect(isKept("/session/lifespan", ["/session"])).toBe(true);
    expect(isKept("/sessions", ["/session"])).toBe(false);
    expect(isKept("/courier/channels[id=sms]/type", ["/courier/channels[id=sms]"])).toBe(true);
  });
});
