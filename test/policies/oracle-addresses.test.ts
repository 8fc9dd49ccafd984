import type { Document, Json } from "../../infra/identity-config/model";
import { emailTrait, schemaUrl } from "../kratos/config";
import { kratosBinaries } from "../kratos/server";
import { RunningKratos } from "./running-kratos";

const schema = (traits: Document): Document => ({
  identity: { schemas: [{ id: "default", url: schemaUrl(traits) }] },
});
const withKratos = (trait: Document, extension: Json): Document => ({ ...trait, "ory.sh/kratos": extension });

describe.each(kratosBinaries())("addresses of identities, with %s", (binary) => {
  let server: RunningKratos;
  beforeAll(async () => {
    server = await RunningKratos.start(binary);
  });
  afterAll(() => server?.stop());

  test("a trait for codes that does not say how they are sent makes identities impossible", async () => {
    const email = (code: Document) =>
      schema({ email: withKratos({ type: "string", format: "email" }, { credentials: { code } }) });
    await server.run("schema-code-via", "violated", email({ identifier: true }));
    expect(await server.created({ email: server.newEmail() })).toMatchObject({
      status: 400,
      body: { error: { reason: expect.stringContaining('channel type "" must be one of email, sms') } },
    });
    await server.run("schema-code-via", "kept", email({ identifier: true, via: "email" }));
    expect(await server.created({ email: server.newEmail() })).toMatchObject({ status: 201 });
    await server.run("schema-code-via", "kept", email({ identifier: false }));
    expect(await server.created({ email: server.newEmail() })).toMatchObject({ status: 201 });
  });

  test("a phone that is verified without a format makes identities impossible", async () => {
    const phone = (format: Document) =>
      schema({ phone: withKratos({ type: "string", ...format }, { verification: { via: "sms" } }) });
    await server.run("schema-sms-verification-format", "violated", phone({}));
    expect(await server.created({ phone: server.newPhone() })).toMatchObject({
      status: 400,
      body: { error: { reason: expect.stringContaining("no format specified") } },
    });
    await server.run("schema-sms-verification-format", "kept", phone({ format: "no-validate" }));
    expect(await server.created({ phone: server.newPhone() })).toMatchObject({ status: 201 });
    await server.run("schema-sms-verification-format", "kept", phone({ format: "tel" }));
    expect(await server.created({ phone: server.newPhone() })).toMatchObject({ status: 201 });
  });

  test("a phone of another format than tel takes what is no number, unless codes go to it", async () => {
    const phone = (format: string, more: Document = {}) =>
      schema({
        email: emailTrait({ codes: true }),
        phone: withKratos({ type: "string", format }, { verification: { via: "sms" }, ...more }),
      });
    const person = (number: string) => server.created({ email: server.newEmail(), phone: number });
    await server.run("schema-phone-format", "violated", phone("no-validate"));
    expect(await person("no number")).toMatchObject({ status: 201 });
    await server.run("schema-phone-format", "kept", phone("tel"));
    expect(await person("no number")).toMatchObject({ status: 400 });
    expect(await person(server.newPhone())).toMatchObject({ status: 201 });
    const codes = { credentials: { code: { identifier: true, via: "sms" } } };
    await server.run("schema-phone-format", "kept", phone("no-validate", codes));
    expect(await person("no number")).toMatchObject({ status: 400 });
  });
});
