import { gte } from "semver";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, PHONE, schemaUrl } from "../kratos/config";
import * as login from "../kratos/login";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { RunningKratos, said } from "./running-kratos";
import { verdict } from "./verdict";

const FLOWS = ["recovery", "verification"] as const;
const schema = (traits: Document): Document => ({
  identity: { schemas: [{ id: "default", url: schemaUrl(traits) }] },
});
const extension = (changes: Document): Document => ({
  ...emailTrait({ codes: true }),
  "ory.sh/kratos": { ...(emailTrait({ codes: true })["ory.sh/kratos"] as Document), ...changes },
});

describe.each(kratosBinaries())("recovery and verification with %s", (binary) => {
  const recoversBySms = gte(kratosVersion(binary), "25.4.0");
  let server: RunningKratos;
  beforeAll(async () => {
    server = await RunningKratos.start(binary);
  });
  afterAll(() => server?.stop());

  /** Asks for a code for `email`; what the user reads, and whether a message follows. */
  async function asked(flow: string, email: string) {
    const seen = server.outbox.deliveries.length;
    const answer = await server.submit(await server.flow(flow), { method: "code", email });
    const sent = server.outbox.deliveries.length > seen || (await hasQueued(email));
    return { said: said(answer), sent };
  }

  /** Messages are queued with the answer, so none can follow later. */
  async function hasQueued(email: string): Promise<boolean> {
    const { body } = await login.adminCall(
      server.kratos,
      `/admin/courier/messages?recipient=${encodeURIComponent(email)}`,
    );
    return body.length > 0;
  }

  test.each(FLOWS)("%s by a method that is off cannot begin", async (name) => {
    const rule = `${name}-method-enabled`;
    const use = (method: string, methods: Document = {}): Document => ({
      selfservice: { flows: { [name]: { enabled: true, use: method } }, methods },
    });
    const begun = async () => (await server.flow(name)).status;
    await server.run(rule, "violated", use("link"));
    expect(await begun()).toBe(400);
    await server.run(rule, "kept", use("link", { link: { enabled: true } }));
    expect(await begun()).toBe(200);
    const off = { code: { enabled: false, mfa_enabled: false } };
    await server.run(rule, "violated", use("code", off));
    expect(await begun()).toBe(400);
    // Codes as a first factor turn the method on.
    const first = { code: { ...off.code, passwordless_enabled: true } };
    await server.run(rule, "kept", use("code", first));
    expect(await begun()).toBe(200);
  });

  test.each(FLOWS)("%s without a trait says that a message was sent, and sends none", async (name) => {
    const rule = `${name}-needs-trait`;
    const sentIt = { recovery: 1060003, verification: 1080003 }[name];
    const without = (key: string) => {
      const trait = extension({});
      delete (trait["ory.sh/kratos"] as Document)[key];
      return schema({ email: trait });
    };
    await server.run(rule, "violated", without(name));
    const { email } = await server.someone();
    expect(await asked(name, email)).toEqual({ said: [sentIt], sent: false });
    await server.run(rule, "kept", {});
    const other = await server.someone();
    expect(await asked(name, other.email)).toEqual({ said: [sentIt], sent: true });
  });

  if (recoversBySms) {
    test("recovery by sms sends nothing without the flag, and a code with it", async () => {
      const codes = PHONE["ory.sh/kratos"] as Document;
      const phone = { ...PHONE, "ory.sh/kratos": { ...codes, recovery: { via: "sms" } } };
      const config = schema({ phone });
      const recovered = async (field: string) => {
        const number = server.newPhone();
        expect(await server.created({ phone: number })).toMatchObject({ status: 201 });
        await server.submit(await server.flow("recovery"), { method: "code", [field]: number });
        return hasQueued(number);
      };
      await server.run("sms-recovery-flag", "violated", config);
      expect(await recovered("email")).toBe(false);
      expect(await recovered("recovery_address")).toBe(false);
      const flag = { feature_flags: { choose_recovery_address: true } };
      await server.run("sms-recovery-flag", "kept", { ...config, ...flag });
      expect(await recovered("recovery_address")).toBe(true);
    });
  }

  /** Recovers an account with nothing but the mailbox; whether the password can be changed in the end. */
  async function takenOver(email: string) {
    let seen = server.outbox.deliveries.length;
    const recovery = await server.flow("recovery");
    await server.submit(recovery, { method: "code", email });
    const recovered = await server.submit(recovery, { method: "code", code: await server.code(email, seen) });
    expect(recovered).toMatchObject({ status: 200, body: { continue_with: expect.any(Array) } });
    const token = recovered.body.continue_with.find(
      (one: { action: string }) => one.action === "set_ory_session_token",
    ).ory_session_token;
    seen = server.outbox.deliveries.length;
    const { status, body } = await login.publicCall(server.kratos, "/self-service/login/api?aal=aal2", token);
    if (status === 200 && login.offeredAddresses(body).includes(email)) {
      if (body.state !== "sent_email") await login.sendCode(server.kratos, body, token, email);
      await login.enterCode(server.kratos, body, token, await server.code(email, seen));
    }
    const settings = await server.flow("settings", token);
    if (settings.status !== 200) return { status: settings.status };
    return {
      status: (
        await server.submit(settings, { method: "password", password: "stolen-horse-battery-7" }, token)
      ).status,
    };
  }

  const transitions: Document = { feature_flags: { use_continue_with_transitions: true } };
  const separate: Document = {
    ...transitions,
    ...schema({ email: emailTrait({ codes: false }), phone: PHONE }),
  };

  test("a mailbox that recovers the account and receives the second factor is enough to take it over", async () => {
    await server.run("same-mailbox-factor", "violated", transitions);
    const { email } = await server.someone();
    expect(await takenOver(email)).toEqual({ status: 200 });

    await server.run("same-mailbox-factor", "kept", separate);
    const other = server.newEmail();
    await login.createIdentity(server.kratos, { email: other, phone: server.newPhone() });
    expect(await takenOver(other)).toEqual({ status: 403 });
  });

  test("a mailbox is enough even where another second factor is enrolled", async () => {
    const lookup = (mfa_enabled: boolean): Document => ({
      selfservice: { methods: { lookup_secret: { enabled: true }, code: { mfa_enabled } } },
    });
    const enrolled = async (traits: Record<string, string>) => {
      await login.createIdentity(server.kratos, traits);
      const token = await login.passwordLogin(server.kratos, traits.email!);
      const settings = await server.flow("settings", token);
      await server.submit(settings, { method: "lookup_secret", lookup_secret_regenerate: true }, token);
      const confirm = { method: "lookup_secret", lookup_secret_confirm: true };
      expect(await server.submit(settings, confirm, token)).toMatchObject({ status: 200 });
      return traits.email!;
    };
    await server.run("mailbox-undercuts-factors", "kept", { ...transitions, ...lookup(false) });
    const email = await enrolled({ email: server.newEmail() });
    await server.run("mailbox-undercuts-factors", "violated", { ...transitions, ...lookup(true) });
    expect(verdictOf("same-mailbox-factor", { ...transitions, ...lookup(true) })).toBe("kept");
    expect(await takenOver(email)).toEqual({ status: 200 });

    await server.run("mailbox-undercuts-factors", "kept", { ...separate, ...lookup(false) });
    const other = await enrolled({ email: server.newEmail(), phone: server.newPhone() });
    await server.run("mailbox-undercuts-factors", "kept", { ...separate, ...lookup(true) });
    expect(await takenOver(other)).toEqual({ status: 403 });
  });

  const verdictOf = (rule: string, change: Document) => verdict(rule, server.config(change), binary);
});
