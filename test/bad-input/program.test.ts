import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kratosBinaries } from "../kratos/server";
import { EngineScene } from "./engine-scene";

const customer =
  'new ory.IdentitySchema("customer", { default: true, traits: { email: ory.email({ identifies: ["password"] }) } })';

/** Programs that fail before any Kratos is asked, or whatever its version. */
describe("a program", () => {
  let scene: EngineScene;
  beforeAll(async () => {
    scene = await EngineScene.start(kratosBinaries()[0]!);
    const texts = join(scene.project.dir, "texts");
    await mkdir(join(texts, "folder"), { recursive: true });
    await writeFile(join(texts, "latin1.json"), Buffer.from([0x22, 0xe9, 0x22]));
    await writeFile(join(texts, "empty.json"), "");
  });
  afterAll(() => scene?.stop());

  const config = (parts: string, more = "") =>
    `new ory.IdentityConfig("shop", { target: TARGET, parts: [${parts}], ${more} });`;

  it.each<[string, string]>([
    ["with two schemas of one name", config(`${customer}, ${customer}`)],
    [
      "with two schemas of one id",
      config(
        `${customer}, new ory.IdentitySchema("customer", { file: "texts/empty.json" }, { aliases: [] })`,
      ),
    ],
    [
      "whose parts say different things",
      config(
        `${customer}, new ory.RequiredAal("aal", { session: "aal1" })`,
        'raw: { session: { whoami: { required_aal: "highest_available" } } }',
      ),
    ],
    [
      "with two channels",
      config(
        `${customer}, new ory.CourierChannel("sms", { url: "https://a.example" }), new ory.CourierChannel("sms-2", { url: "https://user:canary@b.example" })`,
      ),
    ],
    [
      "with two default schemas",
      config(
        `${customer}, new ory.IdentitySchema("other", { default: true, traits: { email: ory.email() } })`,
      ),
    ],
    ["whose text is nowhere", config(`new ory.IdentitySchema("customer", { file: "texts/nowhere.json" })`)],
    ["whose text is a folder", config(`new ory.IdentitySchema("customer", { file: "texts/folder" })`)],
    ["whose text is no UTF-8", config(`new ory.IdentitySchema("customer", { file: "texts/latin1.json" })`)],
    [
      "whose text is empty",
      config(`new ory.IdentitySchema("customer", { default: true, file: "texts/empty.json" })`),
    ],
    [
      "with references to nothing",
      config(customer, 'raw: { courier: { smtp: { connection_uri: "secret:nowhere" } }, a: "asset:b.json" }'),
    ],
    ["with an Output of an object", config(customer, 'raw: { session: pulumi.output({ lifespan: "1h" }) }')],
    [
      "with a secret Output of an object",
      config(customer, 'raw: { session: pulumi.secret({ lifespan: "canary" }) }'),
    ],
    [
      "with an Output of parts",
      'new ory.IdentityConfig("shop", { target: TARGET, parts: pulumi.output([]) as never });',
    ],
    ["with a part that is none", config("{ session: {} } as never")],
    ["without a target", 'new ory.IdentityConfig("shop", { parts: [] } as never);'],
    ["without arguments", 'new ory.IdentityConfig("shop", undefined as never);'],
    ["with a date", config(customer, "raw: { session: { lifespan: new Date(0) } }")],
    ["with a big number", config(customer, "raw: { session: { lifespan: 1n } }")],
    ["with a number that is none", config(customer, "raw: { courier: { message_retries: Number.NaN } }")],
    ["with a resource", config(customer, 'raw: { session: { lifespan: new ory.RequiredAal("aal", {}) } }')],
    [
      "with itself in it",
      `const raw: Record<string, unknown> = {}; raw.raw = raw; ${config(customer, "raw")}`,
    ],
    [
      "nested 20,000 deep",
      `let raw: Record<string, unknown> = {}; for (let i = 0; i < 20_000; i++) raw = { a: raw }; ${config(customer, "raw")}`,
    ],
    [
      "with a prototype key",
      config(customer, `raw: JSON.parse('{"session":{"__proto__":{"lifespan":"1h"}}}')`),
    ],
    [
      "with a promise that is broken",
      config(customer, 'raw: { session: { lifespan: Promise.reject(new Error("no lifespan")) } }'),
    ],
    ["that lets go what is no path", config(customer, 'release: ["session.lifespan", ""]')],
    [
      "whose trait is none",
      config('new ory.IdentitySchema("customer", { traits: { email: { type: "string" } as never } })'),
    ],
    ["whose schema is nameless", config('new ory.IdentitySchema("", { traits: { email: ory.email() } })')],
  ])("%s", async (_what, text) => {
    await scene.project.program(text.replace("TARGET", scene.target));
    expect(await scene.refusal()).toMatchSnapshot();
  });
});
