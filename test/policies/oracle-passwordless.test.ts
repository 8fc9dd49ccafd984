import { gte } from "semver";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, PHONE, schemaUrl } from "../kratos/config";
import * as login from "../kratos/login";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { RunningKratos } from "./running-kratos";

const schema = (traits: Document): Document => ({
  identity: { schemas: [{ id: "default", url: schemaUrl(traits) }] },
});

describe.each(kratosBinaries())("signing in to %s with codes alone", (binary) => {
  const signsUpBySms = gte(kratosVersion(binary), "25.4.0");
  let server: RunningKratos;
  beforeAll(async () => {
    server = await RunningKratos.start(binary);
  });
  afterAll(() => server?.stop());

  const passwordless = (more: Document = {}): Document => ({
    selfservice: { methods: { code: { mfa_enabled: false, passwordless_enabled: true, ...more } } },
  });

  const sent = "sent_email";

  /** Asks for a code to sign up with: the state of the flow, or the error's status and reason. */
  const signUp = async (traits: Document) => outcome("registration", { traits });
  /** Asks for a code to sign in with, as somebody who has an account. */
  const signIn = async () => {
    const identifier = server.newEmail();
    await login.createIdentity(server.kratos, { email: identifier });
    return outcome("login", { identifier });
  };
  async function outcome(name: string, fields: Document) {
    const { status, body } = await server.submit(await server.flow(name), { method: "code", ...fields });
    return body.error ? { status, reason: body.error.reason } : body.state;
  }

  test("without a trait that receives codes, none can be asked for; by the fallback, only to sign in", async () => {
    const without = schema({ email: emailTrait({ codes: false }) });
    const both = async () => [await signUp({ email: server.newEmail() }), await signIn()];
    const rule = "passwordless-needs-identifier";
    await server.run(rule, "violated", { ...passwordless(), ...without });
    expect(await both()).toEqual(["choose_method", "choose_method"]);
    const fallback = passwordless({ config: { missing_credential_fallback_enabled: true } });
    await server.run(rule, "kept", { ...fallback, ...without });
    expect(await both()).toEqual(["choose_method", sent]);
    await server.run(rule, "kept", passwordless());
    expect(await both()).toEqual([sent, sent]);
  });

  test("signing up with a phone is a server error before 25.4", async () => {
    const rule = "passwordless-sms-version";
    const expected = signsUpBySms ? "kept" : "violated";
    const bySms = signsUpBySms
      ? sent
      : { status: 500, reason: expect.stringContaining("Expected sms template") };
    await server.run(rule, expected, { ...passwordless(), ...schema({ phone: PHONE }) });
    expect(await signUp({ phone: server.newPhone() })).toEqual(bySms);
    const email = emailTrait({ codes: true });
    await server.run(rule, expected, { ...passwordless(), ...schema({ email, phone: PHONE }) });
    expect(await signUp({ email: server.newEmail() })).toEqual(sent);
    expect(await signUp({ email: server.newEmail(), phone: server.newPhone() })).toEqual(bySms);
    await server.run(rule, "kept", passwordless());
    expect(await signUp({ email: server.newEmail() })).toEqual(sent);
  });
});
