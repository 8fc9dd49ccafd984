import { gte } from "semver";
import { plan } from "../../infra/identity-config/change-set";
import { type Document, inlineUri, type Json } from "../../infra/identity-config/model";
import { emailTrait, kratosConfig, overlaid, PHONE, schemaUrl, smsChannel } from "../kratos/config";
import * as login from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, type KratosExit, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { violations } from "./review";
import { verdict } from "./verdict";

const NUMBER = "+4917613212871";
const EMAIL = "person@shop.example";

const RULES = [
  "sms-needs-channel",
  "channel-type-required",
  "channel-body-required",
  "channel-method-required",
  "channel-jsonnet-ctx",
  "channel-content-type",
  "channel-url-required",
];

describe.each(kratosBinaries())("messages of %s", (binary) => {
  const losesOnlyTheChannel = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;

  beforeEach(async () => {
    outbox = await startOutbox();
  });
  afterEach(() => outbox.close());

  /** The config with `channels`, whose identities have an e-mail address and a phone. */
  function withChannels(...channels: Json[]): Document {
    const traits = { email: emailTrait({ codes: true }), phone: PHONE };
    const schemas = [{ id: "default", url: schemaUrl(traits) }];
    return overlaid(kratosConfig(outbox), { identity: { schemas }, courier: { channels } });
  }

  function withRequest(changes: { [key: string]: Json | undefined }): Document {
    const channel = smsChannel(outbox);
    return withChannels({
      ...channel,
      request_config: overlaid(channel.request_config as Document, changes),
    });
  }

  /**
   * Starts a server of its own: up to v1.3.1 the courier reads its channels once, so that a reload changes nothing.
   */
  const start = (config: Document, ...args: string[]) =>
    startKratos({ binary, files: { "kratos.json": config }, args });

  async function requestCode(kratos: Kratos, address: string) {
    await login.createIdentity(kratos, { email: EMAIL, phone: NUMBER });
    const token = await login.passwordLogin(kratos, EMAIL);
    const flow = await login.secondFactorFlow(kratos, token);
    return login.sendCode(kratos, flow, token, address);
  }

  /**
   * What became of a code that was requested to be sent to the phone, and what the user read about it.
   * @param reloaded What the server, started with `config`, is hot-reloaded with.
   */
  async function smsOutcome(config: Document, reloaded?: Document) {
    const kratos = await start(config, "--watch-courier");
    try {
      if (reloaded) expect(await kratos.reload("kratos.json", reloaded)).toBe("accepted");
      const { body } = await requestCode(kratos, NUMBER);
      const message = await waitFor("the end of the message", async () => {
        const { body } = await login.adminCall(kratos, "/admin/courier/messages");
        return body.find(({ status }: { status: string }) => ["sent", "abandoned"].includes(status));
      });
      const { body: detail } = await login.adminCall(kratos, `/admin/courier/messages/${message.id}`);
      return {
        shown: body.ui.messages[0].id,
        status: message.status,
        error: detail.dispatches.find((one: { error?: unknown }) => one.error)?.error.message,
      };
    } finally {
      await kratos.stop();
    }
  }

  const codeSent = 1010014;
  const sent = { shown: codeSent, status: "sent", error: undefined };

  test("a complete channel delivers", async () => {
    const config = withChannels(smsChannel(outbox));
    for (const rule of RULES) expect(verdict(rule, config, binary)).toBe("kept");
    expect(await smsOutcome(config)).toEqual(sent);
    expect(outbox.deliveries).toEqual([
      expect.objectContaining({
        method: "POST",
        path: "/sms",
        body: expect.objectContaining({ to: NUMBER }),
      }),
    ]);
  });

  test("without an sms channel the user reads that a code was sent, and it is abandoned", async () => {
    const config = withChannels();
    expect(verdict("sms-needs-channel", config, binary)).toBe("violated");
    const outcome = await smsOutcome(config);
    expect(outcome).toMatchObject({ shown: codeSent, status: "abandoned" });
    expect(outcome.error).toMatch(/unknown channel "sms"|no courier channels configured/);
  });

  test("a channel that comes by hot reload is there after a restart of the courier, before 25.4", async () => {
    const [before, after] = [withChannels(), withChannels(smsChannel(outbox))];
    const { changes } = plan(
      { effective: before, defaults: {}, managed: [] },
      { declared: after, owned: [], release: [], secrets: [] },
    );
    const review = { observed: before, changes, kratosVersion: kratosVersion(binary) };
    const remedies = violations("restart-required", after, review).map(({ remedy }) => remedy);
    const outcome = await smsOutcome(before, after);
    if (losesOnlyTheChannel) expect({ remedies, outcome }).toEqual({ remedies: [], outcome: sent });
    else {
      expect(remedies).toEqual(["restart the courier after this update"]);
      expect(outcome).toMatchObject({ shown: codeSent, status: "abandoned" });
    }
  });

  test("without a body no message can be built", async () => {
    const config = withRequest({ body: undefined });
    expect(verdict("channel-body-required", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual({
      shown: codeSent,
      status: "abandoned",
      error: expect.stringContaining("got empty template path for request with body"),
    });
  });

  test("without a method the message is sent as GET", async () => {
    const config = withRequest({ method: undefined });
    expect(verdict("channel-method-required", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual(sent);
    expect(outbox.deliveries).toEqual([expect.objectContaining({ method: "GET", path: "/sms" })]);
  });

  test.each([
    [
      "the capitals of Ory's own example",
      "function(ctx) { to: ctx.Recipient, text: ctx.Body }",
      "RUNTIME ERROR",
    ],
    [
      "another name for ctx",
      "function(message) { to: message.recipient, text: message.body }",
      "RUNTIME ERROR",
    ],
  ])("with %s every message is abandoned", async (_, jsonnet, error) => {
    const config = withRequest({ body: inlineUri(jsonnet) });
    expect(verdict("channel-jsonnet-ctx", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual({
      shown: codeSent,
      status: "abandoned",
      error: expect.stringContaining(error),
    });
  });

  test("a body that is no function is sent as it stands, to nobody in particular", async () => {
    const config = withRequest({ body: inlineUri("{ text: 'hello' }") });
    expect(verdict("channel-jsonnet-ctx", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual(sent);
    expect(outbox.deliveries).toEqual([expect.objectContaining({ body: { text: "hello" } })]);
  });

  test("with another content type no message can be built", async () => {
    const config = withRequest({ headers: { "Content-Type": "application/json; charset=utf-8" } });
    expect(verdict("channel-content-type", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual({
      shown: codeSent,
      status: "abandoned",
      error: expect.stringContaining("incorrect Content-Type"),
    });
  });

  test("as a form, a message is delivered", async () => {
    const flat = inlineUri("function(ctx) { to: ctx.recipient, text: ctx.body }");
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const config = withRequest({ headers, body: flat });
    expect(verdict("channel-content-type", config, binary)).toBe("kept");
    expect(await smsOutcome(config)).toEqual(sent);
    expect(outbox.deliveries[0]!.body).toContain(`to=${encodeURIComponent(NUMBER)}`);
  });

  test("without a URL the message is abandoned", async () => {
    const config = withRequest({ url: undefined });
    expect(verdict("channel-url-required", config, binary)).toBe("violated");
    expect(await smsOutcome(config)).toEqual({
      shown: codeSent,
      status: "abandoned",
      error: expect.stringContaining("unsupported protocol scheme"),
    });
  });

  test("over http:// the code is there for all to read", async () => {
    const config = withChannels(smsChannel(outbox));
    const elsewhere = JSON.parse(JSON.stringify(config).replaceAll("127.0.0.1", "sms.shop.example"));
    expect(verdict("channel-url-encrypted", elsewhere, binary)).toBe("violated");
    // Kratos takes the scheme as it is; what it sends is looked at here, on this machine.
    expect(verdict("channel-url-encrypted", config, binary)).toBe("kept");
    expect(await smsOutcome(config)).toEqual(sent);
    expect(outbox.deliveries[0]!.body).toMatchObject({ text: expect.stringMatching(/[0-9]{6}/) });
  });

  test("a channel without a type stops e-mail as well up to 1.3, and only itself from 25.4 on", async () => {
    const { type, ...untyped } = smsChannel(outbox);
    const config = withChannels(untyped);
    expect(verdict("channel-type-required", config, binary)).toBe("violated");
    if (losesOnlyTheChannel) {
      expect(await smsOutcome(config)).toMatchObject({ status: "abandoned" });
      return;
    }
    const watching = start(config, "--watch-courier").then(
      async (kratos) => {
        const code = await kratos.exited;
        await kratos.stop();
        return { code, log: kratos.log() };
      },
      (error: KratosExit) => ({ code: error.code, log: error.log }),
    );
    expect(await watching).toMatchObject({
      code: 1,
      log: expect.stringContaining("unknown courier channel type"),
    });

    const kratos = await start(config);
    try {
      const { body } = await requestCode(kratos, EMAIL);
      expect(body.error).toMatchObject({ code: 500, message: expect.stringContaining("channel type") });
    } finally {
      await kratos.stop();
    }
  });
});
