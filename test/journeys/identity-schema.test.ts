import {
  type IdentitySchema,
  type JsonSchema,
  readIdentitySchema,
  traitsFor,
} from "../../infra/journeys/identity-schema";
import type { KratosApi } from "../../infra/journeys/kratos-api";
import { throwAwayTraits, traitAt } from "../../infra/journeys/throw-away-traits";

const password = { credentials: { password: { identifier: true } } };
const byEmail: JsonSchema["ory.sh/kratos"] = { credentials: { code: { identifier: true, via: "email" } } };
const bySms: JsonSchema["ory.sh/kratos"] = { credentials: { code: { identifier: true, via: "sms" } } };

function schemaOf(properties: Record<string, JsonSchema>, required: string[] = []): IdentitySchema {
  return { id: "customer", schema: { properties: { traits: { type: "object", properties, required } } } };
}

function kratosWith(...schemas: IdentitySchema[]): KratosApi {
  const reply = async <Body>() => ({ status: 200, body: schemas as Body });
  return { public: reply, admin: reply };
}

describe("the traits of a journey", () => {
  test("an address that is also the identifier is the best identifier", () => {
    const schema = schemaOf({
      username: { type: "string", "ory.sh/kratos": password },
      email: {
        type: "string",
        "ory.sh/kratos": { credentials: { ...password.credentials, ...byEmail?.credentials } },
      },
    });
    const email = { path: ["email"], via: "email" };
    expect(traitsFor(schema, ["password", "code:email"])).toEqual({
      identifier: ["email"],
      addresses: [email],
    });
    expect(traitsFor(schema, ["code:email"])).toEqual({ identifier: ["email"], addresses: [email] });
  });

  test("nested traits and array elements are found, a required one before others", () => {
    const schema = schemaOf(
      {
        old: { type: "string", "ory.sh/kratos": bySms },
        login: { type: "string", "ory.sh/kratos": password },
        contact: {
          type: "object",
          required: ["phones"],
          properties: { phones: { type: "array", items: { type: "string", "ory.sh/kratos": bySms } } },
        },
      },
      ["contact"],
    );
    const phone = { path: ["contact", "phones", "[]"], via: "sms" };
    expect(traitsFor(schema, ["password", "code:sms"])).toEqual({
      identifier: ["login"],
      addresses: [phone],
    });
    expect(traitsFor(schema, ["password"])).toEqual({ identifier: ["login"], addresses: [] });
    // Where codes are a second factor, too, one is asked for before enrolling.
    expect(traitsFor(schema, ["password", "totp"])).toEqual({ identifier: ["login"], addresses: [phone] });
  });

  test("an address without its own channel does not count, and the error says what to add", () => {
    const schema = schemaOf({ email: { type: "string", "ory.sh/kratos": { ...password, ...byEmail } } });
    expect(() => traitsFor(schema, ["password", "code:sms"])).toThrow(
      expect.objectContaining({
        code: "NoSuchAddress",
        message:
          'identity schema "customer" has no trait with credentials.code { identifier: true, via: sms }, so the code could go nowhere; add it to a trait or leave this journey out',
      }),
    );
  });

  test("without an identifier for the password nobody could sign in", () => {
    const schema = schemaOf({ email: { type: "string", "ory.sh/kratos": byEmail } });
    for (const second of ["code:email", "totp"] as const)
      expect(() => traitsFor(schema, ["password", second])).toThrow(
        "no trait with credentials.password { identifier: true }",
      );
    expect(traitsFor(schema, ["code:email", "totp"])).toMatchObject({ identifier: ["email"] });
  });
});

describe("made-up traits", () => {
  test("hold the journey's own traits and what is required, nothing else", () => {
    const schema = schemaOf(
      {
        email: { type: "string", format: "email", "ory.sh/kratos": password },
        contact: {
          type: "object",
          properties: {
            phone: { type: "string", format: "tel", "ory.sh/kratos": bySms },
            fax: { type: "string" },
          },
        },
        terms: { type: "boolean", const: true },
        plan: { type: "string", enum: ["free", "paid"] },
        customer: { type: "string", pattern: "^C[0-9]+$", examples: ["C1"] },
        age: { type: "integer", minimum: 18 },
        address: {
          type: "object",
          required: ["city"],
          properties: { city: { type: "string", minLength: 40 } },
        },
        nickname: { type: "string" },
      },
      ["email", "terms", "plan", "customer", "age", "address"],
    );
    const traits = throwAwayTraits(schema, [["email"], ["contact", "phone"]]);
    expect(traits).toEqual({
      email: expect.stringMatching(/^pulumi-ory-proof-[0-9a-f]{16}@example\.com$/),
      contact: { phone: expect.stringMatching(/^\+120155501\d\d$/) },
      terms: true,
      plan: "free",
      customer: "C1",
      age: 18,
      address: { city: expect.stringMatching(/^.{40}$/) },
    });
  });

  test("an array gets the element that the journey needs, and references are followed", () => {
    const schema: IdentitySchema = {
      id: "customer",
      schema: {
        properties: {
          traits: { properties: { emails: { type: "array", items: { $ref: "#/definitions/address" } } } },
        },
        ...{ definitions: { address: { type: "string", "ory.sh/kratos": { ...password, ...byEmail } } } },
      },
    };
    const paths = { identifier: ["emails", "[]"], address: ["emails", "[]"] };
    const traits = throwAwayTraits(schema, Object.values(paths));
    expect(traitAt(traits, paths.address)).toBe((traits.emails as string[])[0]);
    expect(traitAt(traits, paths.address)).toMatch(/@example\.com$/);
  });

  test("the example of an identifier is not used, since it may be somebody's", () => {
    const schema = schemaOf({ name: { type: "string", examples: ["alice"], "ory.sh/kratos": password } });
    const traits = throwAwayTraits(schema, [["name"]]);
    expect(traits.name).toMatch(/^pulumi-ory-proof-/);
  });
});

describe("the schema of new users", () => {
  const [customer, staff, fallback] = ["customer", "staff", "default"].map((id) => ({ id, schema: {} }));

  test("is the only one, the named one, or the one called default", async () => {
    await expect(readIdentitySchema(kratosWith(customer!))).resolves.toBe(customer);
    await expect(readIdentitySchema(kratosWith(customer!, staff!), "staff")).resolves.toBe(staff);
    await expect(readIdentitySchema(kratosWith(customer!, fallback!))).resolves.toBe(fallback);
  });

  test("has to be named when several could be it", async () => {
    await expect(readIdentitySchema(kratosWith(customer!, staff!))).rejects.toMatchObject({
      code: "SchemaUnclear",
      message: 'the server has the identity schemas "customer", "staff", name the default one as schema',
    });
    await expect(readIdentitySchema(kratosWith(customer!), "stuff")).rejects.toThrow(
      'the server has no identity schema "stuff" but "customer", correct schema',
    );
  });
});
