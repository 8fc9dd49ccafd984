import { gte } from "semver";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, PHONE, schemaUrl } from "../kratos/config";
import * as login from "../kratos/login";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { RunningKratos, said } from "./running-kratos";

const schema = (traits: Document): Document => ({
  identity: { schemas: [{ id: "default", url: schemaUrl(traits) }] },
});
const unverified = (): Document => {
  const { verification, ...others } = emailTrait({ codes: true })["ory.sh/kratos"] as Document;
  return { ...emailTrait({ codes: true }), "ory.sh/kratos": others };
};

describe.each(kratosBinaries())("requiring a verified address of %s", (binary) => {
  const asksToVerify = gte(kratosVersion(binary), "25.4.0");
  let server: RunningKratos;
  beforeAll(async () => {
    server = await RunningKratos.start(binary);
  });
  afterAll(() => server?.stop());

  const required = { hooks: [{ hook: "require_verified_address" }] };
  const after = (places: Document, more: Document = {}): Document => ({
    flows: { login: { after: places }, verification: { enabled: true }, ...more },
    methods: { code: { mfa_enabled: false } },
  });

  /** Signs in with the password, as somebody who has verified nothing. */
  async function signIn() {
    const email = server.newEmail();
    await login.createIdentity(server.kratos, { email });
    const entered = { method: "password", identifier: email, password: login.PASSWORD };
    return outcome(await server.submit(await server.flow("login"), entered));
  }
  const outcome = (answer: login.Answer) => {
    const { error } = answer.body;
    return { status: answer.status, why: error?.id ?? error?.reason ?? said(answer)[0] };
  };
  const signedIn = { status: 200, why: undefined };
  const notVerified = asksToVerify
    ? { status: 403, why: "session_verified_address_required" }
    : { status: 400, why: 4000010 };

  test("where no trait is verified, every sign-in that must have one is a server error", async () => {
    const rule = "require-verified-needs-schema";
    const without = (places: Document) => ({
      ...schema({ email: unverified() }),
      selfservice: after(places),
    });
    const broken = {
      status: 500,
      why: asksToVerify
        ? "invalid_configuration"
        : expect.stringContaining("A misconfiguration prevents login"),
    };
    await server.run(rule, "violated", without({ password: required }));
    expect(await signIn()).toEqual(broken);
    await server.run(rule, "violated", without(required));
    expect(await signIn()).toEqual(broken);
    const own = { hooks: [{ hook: "revoke_active_sessions" }] };
    await server.run(rule, "kept", without({ ...required, password: own }));
    expect(await signIn()).toEqual(signedIn);
    await server.run(rule, "kept", { selfservice: after({ password: required }) });
    expect(await signIn()).toEqual(notVerified);
  });

  test("where verification is off, nobody can get verified", async () => {
    const rule = "require-verified-needs-flow";
    const isOn = (enabled: boolean) => ({
      selfservice: after({ password: required }, { verification: { enabled } }),
    });
    const both = async () => [await signIn(), (await server.flow("verification")).status];
    await server.run(rule, "violated", isOn(false));
    expect(await both()).toEqual([notVerified, 400]);
    await server.run(rule, "kept", isOn(true));
    expect(await both()).toEqual([notVerified, 200]);
  });

  test("who has another way to sign in gets in without a verified address", async () => {
    const rule = "require-verified-coverage";
    const phone = { ...PHONE, "ory.sh/kratos": { credentials: { code: { identifier: true, via: "sms" } } } };
    const config = (places: Document, passwordless_enabled = true): Document => ({
      ...schema({ email: emailTrait({ codes: false }), phone }),
      selfservice: {
        ...after(places),
        methods: { code: { mfa_enabled: false, passwordless_enabled } },
      },
    });
    const byCode = async () => {
      const identifier = server.newPhone();
      await login.createIdentity(server.kratos, { email: server.newEmail(), phone: identifier });
      const flow = await server.flow("login");
      await server.submit(flow, { method: "code", identifier });
      const code = await server.code(identifier);
      return outcome(await server.submit(flow, { method: "code", identifier, code }));
    };
    await server.run(rule, "violated", config({ password: required }));
    expect(await byCode()).toEqual(signedIn);
    // Before 25.4 the hook looks at passwords alone.
    await server.run(
      rule,
      asksToVerify ? "kept" : "violated",
      config({ password: required, code: required }),
    );
    expect(await byCode()).toEqual(asksToVerify ? notVerified : signedIn);
    await server.run(rule, "kept", config({ password: required }, false));
    expect(await signIn()).toEqual(notVerified);
  });
});
