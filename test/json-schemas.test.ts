import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import fc from "fast-check";
import { INPUTS } from "../infra/provider/inputs";
import { SETTINGS } from "../infra/settings-schema";
import { AJV_OPTIONS, compiledFile, validator } from "../infra/validator";

const ROOT = join(__dirname, "..");
const COMPILED = join(ROOT, "bin/infra/validators");

const SCHEMAS: [string, object, object, object][] = [
  [
    "of a stack's configuration",
    SETTINGS,
    { strictTypes: false, strictRequired: false },
    {
      target: {
        kratos: { name: "shop", dir: ".local", adminUrls: ["http://127.0.0.1:4434"], env: { A: "b" } },
      },
      email: { smtp: { connectionUri: "secret:smtp", fromAddress: "a@shop.example" } },
      sms: { url: "https://sms.shop.example", auth: { header: "X-Key", value: "secret:sms" } },
      secondFactor: {
        code: true,
        totp: { issuer: "Shop" },
        webauthn: { rp: { id: "shop.example", displayName: "Shop" } },
      },
      requiredAal: { session: "aal1" },
      proof: { as: ["password+sms"] },
      secrets: { smtp: "x", sms: "y" },
    },
  ],
  [
    "of an IdentityConfig's inputs",
    INPUTS,
    {},
    {
      target: { kratos: { name: "shop", transport: "output", version: "v1.3.1", env: { A: "b" } } },
      config: { session: { lifespan: "1h" } },
      assets: {},
      secrets: {},
      release: ["/session/lifespan"],
      owned: ["/session/lifespan"],
    },
  ],
];

describe("the JSON schemas, which nothing checks at run time,", () => {
  it.each(SCHEMAS)("%s are JSON schemas", (_, schema, loose) => {
    const ajv = new Ajv({ strict: true, ...loose });
    ajv.validateSchema(schema);
    expect(ajv.errors).toBe(null);
    ajv.compile(schema);
  });

  it("would be refused if they were not", () => {
    expect(new Ajv().validateSchema({ type: "text" })).toBe(false);
  });
});

/** A function that the build has compiled; jest's own `require` takes nothing from bin/. */
function built(schema: object): ValidateFunction {
  const module = { exports: {} };
  const text = readFileSync(join(COMPILED, compiledFile(schema)), "utf8");
  new Function("module", "exports", "require", text)(module, module.exports, require);
  return module.exports as ValidateFunction;
}

/** `value` with one thing in it replaced, removed or added. */
const broken = (value: unknown): fc.Arbitrary<unknown> => {
  const odd = fc.oneof(
    fc.constantFrom("", null, 0, true, [], {}, "secret:a", "https://a@b", ["x", ""]),
    fc.jsonValue(),
  );
  if (typeof value !== "object" || value === null) return odd;
  const entries = Object.entries(value);
  const edited = (name: string, change: (entry: unknown) => fc.Arbitrary<unknown>) =>
    change((value as Record<string, unknown>)[name]).map((entry) =>
      Array.isArray(value)
        ? value.map((old, index) => (String(index) === name ? entry : old))
        : Object.fromEntries(entries.map(([key, old]) => [key, key === name ? entry : old])),
    );
  const deeper = entries.map(([name]) => edited(name, broken));
  const without = entries.map(([name]) =>
    fc.constant(
      Array.isArray(value) ? value.slice(1) : Object.fromEntries(entries.filter(([key]) => key !== name)),
    ),
  );
  const key = fc.constantFrom("toString", "constructor", "user", "http", "network", "kratos", "dir", "a=b");
  const added = fc
    .tuple(key, odd)
    .map(([name, entry]) => (Array.isArray(value) ? [...value, entry] : { ...value, [name]: entry }));
  return fc.oneof(
    { weight: 6, arbitrary: deeper.length > 0 ? fc.oneof(...deeper) : odd },
    ...without,
    added,
    odd,
  );
};

describe("the validators that `npm run build` compiles from them", () => {
  it("are those of the schemas as they are now, and no others", () => {
    expect(readdirSync(COMPILED).sort()).toEqual([SETTINGS, INPUTS].map(compiledFile).sort());
  });

  it.each(SCHEMAS)("%s say word for word what ajv says", (_, schema, __, valid) => {
    const [compiled, fresh] = [built(schema), new Ajv(AJV_OPTIONS).compile(schema)];
    const said = (validate: ValidateFunction, value: unknown): ErrorObject[] | null =>
      validate(value) ? null : validate.errors!;
    expect(said(compiled, valid)).toBe(null);
    let refused = 0;
    fc.assert(
      fc.property(
        broken(valid).chain((value) => fc.oneof(fc.constant(value), broken(value))),
        (value) => {
          const errors = said(compiled, value);
          refused += errors === null ? 0 : 1;
          expect(errors).toStrictEqual(said(fresh, value));
        },
      ),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it.each([
    ["the stack's program", ["--import", "tsx"], "infra/settings-problems.ts"],
    ["the provider", [], "bin/infra/provider/inputs.js"],
  ])("spare %s loading ajv", (_, options, module) => {
    const program = `require(${JSON.stringify(join(ROOT, module))}); console.log(JSON.stringify(Object.keys(require.cache)));`;
    const loaded: string[] = JSON.parse(
      execFileSync(process.execPath, [...options, "-e", program], { cwd: ROOT, encoding: "utf8" }),
    );
    expect(loaded).toContain(join(ROOT, module));
    expect(
      loaded.filter((file) => /[\\/]ajv[\\/]/.test(file) && !/ajv[\\/]dist[\\/]runtime/.test(file)),
    ).toEqual([]);
  });

  it("are compiled on the spot where the build has none, as after a change of the schema", () => {
    const validate = validator({ type: "object", required: ["new"] });
    expect(validate({ new: 1 })).toBe(true);
    expect(validate({})).toBe(false);
    expect(validate.errors).toMatchObject([{ keyword: "required", params: { missingProperty: "new" } }]);
  });
});
