import type { Document } from "../../infra/identity-config/model";
import { emailTrait, schemaUrl } from "../kratos/config";
import * as login from "../kratos/login";
import { kratosBinaries } from "../kratos/server";
import { RunningKratos } from "./running-kratos";

describe.each(kratosBinaries())("second factors of %s", (binary) => {
  let server: RunningKratos;
  beforeAll(async () => {
    server = await RunningKratos.start(binary);
  });
  afterAll(() => server?.stop());

  const whoami = async () => {
    const { token } = await server.someone();
    const { status, body } = await login.whoami(server.kratos, token);
    return { status, aal: body.authenticator_assurance_level };
  };

  test("content with aal1, a session with the password alone is as good as any", async () => {
    const session = (required_aal: string): Document => ({ session: { whoami: { required_aal } } });
    await server.run("whoami-aal1-with-mfa", "violated", session("aal1"));
    expect(await whoami()).toEqual({ status: 200, aal: "aal1" });
    await server.run("whoami-aal1-with-mfa", "kept", session("highest_available"));
    expect(await whoami()).toMatchObject({ status: 403 });
  });

  test("where there is no second factor, demanding the highest assurance demands nothing", async () => {
    const rule = "highest-needs-second-factor";
    const config = (mfa_enabled: boolean): Document => ({
      session: { whoami: { required_aal: "highest_available" } },
      selfservice: { methods: { code: { mfa_enabled } } },
    });
    await server.run(rule, "violated", config(false));
    expect(await whoami()).toEqual({ status: 200, aal: "aal1" });
    await server.run(rule, "kept", config(true));
    expect(await whoami()).toMatchObject({ status: 403 });
  });

  test("by the fallback, codes go to an address that nobody has verified", async () => {
    const url = schemaUrl({ email: emailTrait({ codes: false }) });
    const identity = { schemas: [{ id: "default", url }] };
    const config = (missing_credential_fallback_enabled: boolean): Document => ({
      identity,
      selfservice: { methods: { code: { config: { missing_credential_fallback_enabled } } } },
    });
    const offered = async () => {
      const { email, token } = await server.someone();
      const { body } = await login.adminCall(
        server.kratos,
        `/admin/identities?credentials_identifier=${email}`,
      );
      const flow = await login.secondFactorFlow(server.kratos, token);
      const isVerified = body[0].verifiable_addresses[0].verified;
      return { isVerified, isOffered: login.offeredAddresses(flow).includes(email) };
    };
    await server.run("fallback-enabled", "violated", config(true));
    expect(await offered()).toEqual({ isVerified: false, isOffered: true });
    await server.run("fallback-enabled", "kept", config(false));
    expect(await offered()).toEqual({ isVerified: false, isOffered: false });
  });
});
