import { gte } from "semver";
import type { Document } from "../../infra/identity-config/model";
import { emailTrait, kratosConfig, overlaid, schemaUrl } from "../kratos/config";
import * as login from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { verdict } from "./verdict";

describe.each(kratosBinaries())("signing in to %s", (binary) => {
  const asksOnlyAddressees = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;
  let kratos: Kratos;
  let people = 0;

  beforeAll(async () => {
    outbox = await startOutbox();
    const config = kratosConfig(outbox);
    kratos = await startKratos({ binary, files: { "kratos.json": config }, args: ["--watch-courier"] });
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  /** Puts the base config with `change` in force, which `rule` takes for `expected`. */
  async function run(rule: string, expected: "violated" | "kept", change: Document) {
    const config = overlaid(kratosConfig(outbox), change);
    expect(verdict(rule, config, binary)).toBe(expected);
    expect(await kratos.reload("kratos.json", config)).toBe("accepted");
  }

  /** Someone new, signed in with the password. */
  async function someone() {
    const email = `person-${people++}@shop.example`;
    await login.createIdentity(kratos, { email });
    return { email, token: await login.passwordLogin(kratos, email) };
  }

  /** What someone who has signed in with the password meets when asked for the second factor. */
  async function secondFactor() {
    const { email, token } = await someone();
    const { status } = await login.whoami(kratos, token);
    const flow = await login.secondFactorFlow(kratos, token);
    return { email, status, offered: login.offeredAddresses(flow) };
  }

  test("an unlisted default schema starts, then every sign-in and sign-up is a server error", async () => {
    const statuses = () =>
      Promise.all(
        ["login", "registration"].map(
          async (flow) => (await login.publicCall(kratos, `/self-service/${flow}/api`)).status,
        ),
      );
    await run("default-schema-exists", "violated", { identity: { default_schema_id: "nope" } });
    expect(await statuses()).toEqual([500, 500]);
    await run("default-schema-exists", "kept", { identity: { default_schema_id: "default" } });
    expect(await statuses()).toEqual([200, 200]);
  });

  test("without a trait that receives codes, the second factor locks everyone out or nobody is asked", async () => {
    const url = schemaUrl({ email: emailTrait({ codes: false }) });
    const identity = { schemas: [{ id: "default", url }] };
    await run("mfa-needs-code-identifier", "violated", { identity });
    expect(await secondFactor()).toMatchObject({ status: asksOnlyAddressees ? 200 : 403, offered: [] });

    const config = { missing_credential_fallback_enabled: true };
    await run("mfa-needs-code-identifier", "kept", {
      identity,
      selfservice: { methods: { code: { config } } },
    });
    // From 25.4 on the fallback gives a second factor to those who ask for one, and demands it of nobody.
    const withFallback = await secondFactor();
    const status = asksOnlyAddressees ? 200 : 403;
    expect(withFallback).toMatchObject({ status, offered: [withFallback.email] });

    await run("mfa-needs-code-identifier", "kept", {});
    const withTrait = await secondFactor();
    expect(withTrait).toMatchObject({ status: 403, offered: [withTrait.email] });
  });

  test("without the code method, the second factor is demanded and cannot be given", async () => {
    const method = (enabled: boolean) => ({ selfservice: { methods: { code: { enabled } } } });
    await run("mfa-needs-code-enabled", "violated", method(false));
    expect(await secondFactor()).toMatchObject({ status: 403, offered: [] });
    await run("mfa-needs-code-enabled", "kept", method(true));
    const repaired = await secondFactor();
    expect(repaired).toMatchObject({ status: 403, offered: [repaired.email] });
  });

  test("settings behind the password alone let its thief redirect the second factor", async () => {
    const settings = (required_aal: string) => ({ selfservice: { flows: { settings: { required_aal } } } });
    const thief = "thief@elsewhere.example";
    await run("settings-aal-bypass", "violated", settings("aal1"));
    const { token } = await someone();
    const flow = await login.publicCall(kratos, "/self-service/settings/api", token);
    const change = { method: "profile", traits: { email: thief } };
    expect(await login.publicCall(kratos, flow.body.ui.action, token, change)).toMatchObject({ status: 200 });
    expect(login.offeredAddresses(await login.secondFactorFlow(kratos, token))).toEqual([thief]);

    await run("settings-aal-bypass", "kept", settings("highest_available"));
    const other = await someone();
    expect(await login.publicCall(kratos, "/self-service/settings/api", other.token)).toMatchObject({
      status: 403,
      body: { error: { id: "session_aal2_required" } },
    });
  });

  test("a mistyped mfa_enabled is accepted and leaves the second factor off", async () => {
    const code = (key: string) => ({
      selfservice: { methods: { code: { mfa_enabled: false, [key]: true } } },
    });
    await run("code-unknown-key", "violated", code("mfa_enable"));
    expect((await login.whoami(kratos, (await someone()).token)).status).toBe(200);
    await run("code-unknown-key", "kept", code("mfa_enabled"));
    expect((await login.whoami(kratos, (await someone()).token)).status).toBe(403);
  });

  test("max_submissions counts from 25.4 on and is ignored before", async () => {
    const limit = { selfservice: { methods: { code: { config: { max_submissions: 1 } } } } };
    await run("code-unknown-key", asksOnlyAddressees ? "kept" : "violated", limit);
    const { email, token } = await someone();
    const flow = await login.secondFactorFlow(kratos, token);
    await login.sendCode(kratos, flow, token, email);
    await login.enterCode(kratos, flow, token, "000000");
    const second = await login.enterCode(kratos, flow, token, "000000");
    const tooOften = 4000001;
    const wrongCode = 4010008;
    expect(JSON.stringify(second.body.ui)).toContain(String(asksOnlyAddressees ? tooOften : wrongCode));
  });
});
