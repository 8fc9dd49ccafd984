import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse } from "yaml";
import { inlineText, UNKNOWN } from "../../infra/identity-config/model";
import { SCHEMA } from "../kratos/config";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { ManagedKratos, methods, SELFSERVICE } from "./managed-kratos";

describe.each(kratosBinaries())("IdentityConfig over the wire, with %s", (binary) => {
  let kratos: ManagedKratos;

  beforeAll(async () => {
    kratos = await ManagedKratos.start(binary);
  });
  afterAll(() => kratos?.stop());
  beforeEach(() => kratos.reset());

  it("has nothing to do after an update, and reads what it wrote", async () => {
    const state = await kratos.created(methods({ code: { enabled: true, mfa_enabled: true } }));
    expect(state.id).toBe("kratos/shop");
    expect(await kratos.resource.diff(state, state.inputs)).toMatchObject({ changed: false, paths: {} });
    const read = await kratos.resource.read(state);
    expect(read.inputs).toEqual(state.inputs);
    expect(await kratos.resource.diff(read, state.inputs)).toMatchObject({ changed: false });
  });

  it("shows one flipped toggle as that path and that line, and nothing else", async () => {
    const state = await kratos.created(
      methods({ totp: { enabled: true }, lookup_secret: { enabled: true } }),
    );
    const news = await kratos.checked(
      methods({ totp: { enabled: false }, lookup_secret: { enabled: true } }),
    );
    expect(await kratos.resource.diff(state, news)).toEqual({
      changed: true,
      paths: { "config.selfservice.methods.totp.enabled": "UPDATE" },
      replaces: [],
    });
    kratos.plugin.logs.length = 0;
    const before = await kratos.identity();
    const preview = await kratos.resource.update(state, news, true);
    const line =
      "/selfservice/methods/totp/enabled: true => false (weakening: accounts can no longer be protected by an authenticator app)";
    const TOTP = "password → TOTP code → signed in (aal2)";
    const NONE = "password → no way on: kratos demands a second factor and offers none";
    const EITHER = "password → TOTP code or lookup code → signed in (aal2)";
    const LOOKUP = "password → lookup code → signed in (aal2)";
    expect(kratos.plugin.logs.map(({ message, urn }) => [message, urn])).toEqual([
      [line, kratos.resource.urn],
      [`journey: sign-in, TOTP enrolled: ${TOTP}  becomes  ${NONE}`, kratos.resource.urn],
      [
        `journey: sign-in, TOTP enrolled and lookup codes left: ${EITHER}  becomes  ${LOOKUP}`,
        kratos.resource.urn,
      ],
      [
        expect.stringMatching(
          /^remove-enrolled-method: totp is switched off: whoever has it and no other second factor can no longer/,
        ),
        kratos.resource.urn,
      ],
    ]);
    expect(preview.outputs).toMatchObject({ changes: [line], revision: UNKNOWN });
    expect(await kratos.identity()).toBe(before);
    const after = await kratos.resource.update(state, news);
    expect(parse(await kratos.identity()).selfservice.methods.totp.enabled).toBe(false);
    expect(after.outputs).toMatchObject({ changes: [], warnings: [], review: {} });
    expect(await kratos.resource.diff(after, news)).toMatchObject({ changed: false });
  });

  it("shows a changed text at the text", async () => {
    const state = await kratos.created({});
    const news = await kratos.checked(
      {},
      { assets: { "customer.json": SCHEMA.replace('"object"', '"object","title":"x"') } },
    );
    expect((await kratos.resource.diff(state, news)).paths).toEqual({ 'assets["customer.json"]': "UPDATE" });
  });

  it("takes no notice of another spelling of the same text", async () => {
    const state = await kratos.created({ session: { lifespan: "90m" } });
    const news = await kratos.checked(
      { session: { lifespan: "1h30m" } },
      { assets: { "customer.json": JSON.stringify(JSON.parse(SCHEMA), null, 4) } },
    );
    expect(await kratos.resource.diff(state, news)).toMatchObject({ changed: false });
  });

  it("reads drift as the live value at the declared path", async () => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    await kratos.edit("totp:\n      enabled: true", "totp:\n      enabled: false");
    const read = await kratos.resource.read(state);
    expect(read.inputs.config).toMatchObject(methods({ totp: { enabled: false } }));
    expect(await kratos.resource.diff(read, state.inputs)).toMatchObject({
      changed: true,
      paths: { "config.selfservice.methods.totp.enabled": "UPDATE" },
    });
  });

  it("resets a path that leaves the declaration, though the state's outputs never had it", async () => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    const news = await kratos.checked({});
    expect((await kratos.resource.diff(state, news)).paths).toEqual({
      "config.selfservice.methods.totp.enabled": "DELETE",
    });
    await kratos.resource.update({ ...state, outputs: {} }, news);
    expect(await kratos.identity()).not.toContain("totp");
  });

  it("keeps a released path as it stands", async () => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    const news = await kratos.checked({}, { release: ["/selfservice/methods/totp"] });
    const after = await kratos.resource.update(state, news);
    expect(parse(await kratos.identity()).selfservice.methods.totp).toEqual({ enabled: true });
    expect(await kratos.resource.diff(after, news)).toMatchObject({ changed: false });
  });

  describe("refuses both uses of codes", () => {
    const both = { enabled: true, mfa_enabled: true, passwordless_enabled: true };

    it("in check, also with an unknown value elsewhere in the program", async () => {
      const config = { ...methods({ code: both }), courier: { http: { request_config: { url: UNKNOWN } } } };
      expect((await kratos.resource.check(kratos.inputs(config))).failures).toEqual([
        expect.stringMatching(/^code-mfa-xor-passwordless: .*both true/),
      ]);
    });

    it("before a write, where one of them is live and not declared, and never in diff", async () => {
      const state = await kratos.created({});
      await kratos.operate({
        selfservice: { ...SELFSERVICE, methods: { code: { passwordless_enabled: true } } },
      });
      const news = await kratos.checked(methods({ code: { enabled: true, mfa_enabled: true } }));
      expect(await kratos.resource.diff(state, news)).toMatchObject({ changed: true });
      const before = await kratos.identity();
      for (const preview of [true, false]) {
        await expect(kratos.resource.update(state, news, preview)).rejects.toThrow(
          /^refused before any write:\ncode-mfa-xor-passwordless: /,
        );
      }
      expect(await kratos.identity()).toBe(before);
    });

    it("and answers diff with a change where the target itself came to break the rule", async () => {
      const state = await kratos.created(methods({ code: { enabled: true, mfa_enabled: true } }));
      await kratos.operate({
        selfservice: { ...SELFSERVICE, methods: { code: { passwordless_enabled: true } } },
      });
      expect(await kratos.resource.diff(state, state.inputs)).toEqual({
        changed: true,
        paths: { "config.selfservice.methods.code.mfa_enabled": "UPDATE" },
        replaces: [],
      });
      expect((await kratos.resource.read(state)).id).toBe("kratos/shop");
    });
  });

  it("shows no secret in outputs, logs, differences and reads", async () => {
    const canary = "smtp://user:canary-password@mail.example:25/";
    const config = { courier: { delivery_strategy: "smtp", smtp: { connection_uri: "secret:smtp-uri" } } };
    const state = await kratos.created(config, { secrets: { "smtp-uri": canary } });
    expect(await kratos.identity()).toContain("canary-password");
    const news = await kratos.checked(config, { secrets: { "smtp-uri": canary.replace("25", "26") } });
    expect((await kratos.resource.diff(state, news)).paths).toEqual({ 'secrets["smtp-uri"]': "UPDATE" });
    const preview = await kratos.resource.update(state, news, true);
    expect(preview.outputs.changes).toEqual([
      '/courier/smtp/connection_uri: "[secret]" => "[secret]" (unknown: messages, and the codes in them, are sent to another server, mail.example:26)',
    ]);
    await kratos.edit("canary-password", "canary-drift");
    const read = await kratos.resource.read(state);
    expect(read.inputs.config).toMatchObject({
      courier: { smtp: { connection_uri: "secret:smtp-uri (the live value differs)" } },
    });
    const shown = JSON.stringify([
      state.outputs,
      preview.outputs,
      read.outputs,
      read.inputs.config,
      read.inputs.assets,
      kratos.plugin.logs,
    ]);
    expect(shown).not.toContain("canary");
  });

  it("judges a text by what it is, also where a secret is one of its words", async () => {
    const channel = {
      id: "sms",
      type: "http",
      request_config: {
        url: "https://sms.shop.example/",
        method: "POST",
        body: "asset:sms.jsonnet",
        auth: { type: "api_key", config: { name: "X-Key", value: "secret:sms-key", in: "header" } },
      },
    };
    const assetsWith = (body: string) => ({ "customer.json": SCHEMA, "sms.jsonnet": body });
    const beside = {
      assets: assetsWith("function(ctx) { to: ctx.recipient, text: ctx.body, data: ctx.template_data }"),
      secrets: { "sms-key": "data" },
    };
    const news = await kratos.checked({ courier: { channels: [channel] } }, beside);
    const { outputs } = await kratos.resource.create(news, true);
    const { effective } = outputs.review as { effective: { courier: { channels: [typeof channel] } } };
    const [shown] = effective.courier.channels;
    expect(inlineText(shown.request_config.body)).toBe(beside.assets["sms.jsonnet"]);
    expect(shown.request_config.auth.config.value).toBe("[secret]");
    const broken = {
      ...beside,
      assets: assetsWith("function(ctx) { text: ctx.Data, to: ctx.recipient }"),
    };
    const refused = await kratos.resource.check(kratos.inputs({ courier: { channels: [channel] } }, broken));
    expect(refused.failures).toEqual([
      expect.stringContaining("the body reads ctx.Data, which does not exist"),
    ]);
  });

  it("says what a reference that points at nothing needs", async () => {
    const config = { courier: { smtp: { connection_uri: "secret:smtp-uri" } } };
    expect((await kratos.resource.check(kratos.inputs(config))).failures).toEqual([
      "/courier/smtp/connection_uri refers to secret \"smtp-uri\", which does not exist; set it with `pulumi config set --secret --path 'secrets.smtp-uri'`",
    ]);
  });

  it("names a wrong input by its path", async () => {
    const { failures } = await kratos.resource.check({
      target: { kratos: { name: "a/b", dirr: "x" } },
      config: {},
    });
    expect(failures).toEqual([
      "target.kratos.dir is missing",
      "target.kratos.dirr is not a known key; allowed: name, environment, transport, config, binary, adminUrls, publicUrl, env, dir",
      'target.kratos.name is "a/b"; allowed: letters, digits, dots, underscores and hyphens, with a letter or digit first',
    ]);
  });

  it("previews with unknown leaves without a trial, and plans the known ones", async () => {
    const state = await kratos.created({});
    const config = { ...methods({ totp: { enabled: true } }), session: { lifespan: UNKNOWN } };
    const preview = await kratos.resource.update(state, await kratos.checked(config), true);
    expect(preview.outputs.changes).toEqual([
      "/selfservice/methods/totp/enabled: (default) => true (hardening: accounts can be protected by an authenticator app)",
      "/session/lifespan: (default) => (known after apply)",
    ]);
  });

  it("replaces the resource for another target, and leaves the old one as it stands", async () => {
    const state = await kratos.created({});
    const news = { ...state.inputs, target: { kratos: { name: "other", dir: "kratos", binary } } };
    expect(await kratos.resource.diff(state, news)).toMatchObject({ changed: true, replaces: ["target"] });
    const before = await kratos.identity();
    await kratos.resource.delete(state);
    expect(await kratos.identity()).toBe(before);
    expect(kratos.plugin.logs.at(-1)).toMatchObject({
      message: "kratos/shop is no longer managed; its configuration stays in force as it stands",
      severity: 2,
    });
  });

  it("stops a running request when the engine cancels", async () => {
    const state = await kratos.created({});
    const news = await kratos.checked(methods({ totp: { enabled: true } }));
    const before = await kratos.identity();
    const update = kratos.resource.update(state, news);
    setTimeout(() => void kratos.plugin.call("cancel", new Empty()), 200);
    await expect(update).rejects.toThrow("cancelled");
    expect(await kratos.identity()).toBe(before);
  });

  it("tells the version of Kratos and both documents to policies, in preview only", async () => {
    const preview = await kratos.resource.create(
      await kratos.checked(methods({ totp: { enabled: true } })),
      true,
    );
    expect(preview.outputs.review).toMatchObject({
      target: "kratos",
      kratosVersion: kratosVersion(binary),
      declared: methods({ totp: { enabled: true } }),
      effective: { dsn: "[secret]", selfservice: SELFSERVICE },
    });
  });
});
