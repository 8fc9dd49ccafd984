import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import Ajv from "ajv";
import { Asset, email, IdentitySchema, phone, type Trait, text, textFile } from "../../infra/index";
import { declared } from "./declared";
import { MockEngine } from "./engine";

beforeEach(() => new MockEngine().start());

/** The text of the schema that `traits` make. */
function schemaOf(traits: Record<string, Trait>, title?: string) {
  const { identity } = declared(new IdentitySchema("customer", { traits, title })) as {
    identity: { schemas: [{ url: Asset }] };
  };
  return JSON.parse(identity.schemas[0].url.text as string);
}

/** A file that nobody else has, with `content`. */
function file(content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), "identity-schema-")), "customer.json");
  writeFileSync(path, content);
  return path;
}

describe("IdentitySchema", () => {
  it("takes its text from a file, under the file's path", () => {
    const path = file('{"type":"object"}\n');
    expect(declared(new IdentitySchema("customer", { file: path }))).toEqual({
      identity: { schemas: [{ id: "customer", url: new Asset(path, '{"type":"object"}\n') }] },
    });
  });

  it("is what new identities get only where it says so", () => {
    const { identity } = declared(new IdentitySchema("customer", { default: true, traits: {} })) as {
      identity: unknown;
    };
    expect(identity).toEqual({
      default_schema_id: "customer",
      schemas: [{ id: "customer", url: expect.objectContaining({ name: "schemas/customer.json" }) }],
    });
    expect(declared(new IdentitySchema("customer", { default: false, traits: {} }))).not.toHaveProperty(
      "identity.default_schema_id",
    );
  });

  it("made from traits is a JSON schema in the traits' order, open to no others", () => {
    const schema = schemaOf({ phone: phone({ required: true }), email: email(), name: text() });
    expect(schema).toMatchObject({ title: "customer", type: "object" });
    expect(Object.keys(schema.properties.traits.properties)).toEqual(["phone", "email", "name"]);
    expect(schema.properties.traits).toMatchObject({ required: ["phone"], additionalProperties: false });
    expect(schemaOf({}, "Customers").title).toBe("Customers");

    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(validate({ traits: { phone: "+491701234567", name: "Ada" } })).toBe(true);
    expect(validate({ traits: { name: "Ada" } })).toBe(false);
    expect(validate({ traits: { phone: "+491701234567", age: 3 } })).toBe(false);
  });
});

describe("traits", () => {
  it("of e-mail and phone say which credentials they identify, in Kratos's words", () => {
    const { properties } = schemaOf({
      email: email({ identifies: ["password", "code", "webauthn", "passkey", "totp"], verify: true }),
      phone: phone({ identifies: ["code"], recover: true }),
    }).properties.traits;
    expect(properties.email).toEqual({
      type: "string",
      format: "email",
      maxLength: 320,
      title: "E-Mail",
      "ory.sh/kratos": {
        credentials: {
          password: { identifier: true },
          code: { identifier: true, via: "email" },
          webauthn: { identifier: true },
          passkey: { display_name: true },
          totp: { account_name: true },
        },
        verification: { via: "email" },
      },
    });
    expect(properties.phone).toEqual({
      type: "string",
      format: "tel",
      maxLength: 32,
      title: "Phone",
      "ory.sh/kratos": { credentials: { code: { identifier: true, via: "sms" } }, recovery: { via: "sms" } },
    });
  });

  it("that ask for nothing carry an empty extension, and texts carry none", () => {
    expect(email().schema["ory.sh/kratos"]).toEqual({});
    expect(text()).toEqual({ required: false, schema: { type: "string" } });
    expect(text({ required: true, title: "Name", maxLength: 80 })).toEqual({
      required: true,
      schema: { type: "string", title: "Name", maxLength: 80 },
    });
  });
});

describe("textFile", () => {
  it("refuses what it cannot read, naming the path and the reason, without a stack trace", () => {
    expect(() => textFile("schemas/none.json")).toThrow(RunError);
    expect(() => textFile("schemas/none.json")).toThrow(
      /^cannot read "schemas\/none\.json" \(.+\): there is no such file; paths start from the folder of Pulumi.yaml$/,
    );
    expect(() => textFile(tmpdir())).toThrow(/^cannot read ".+" \(.+\): it is a folder; name a file in it$/);
    expect(() => textFile(file(Uint8Array.of(0xff, 0xfe)))).toThrow(/: it is not UTF-8; save it as UTF-8$/);
  });
});
