import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse, stringify } from "yaml";
import { UNKNOWN } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { emailTrait, schemaUrl } from "../kratos/config";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { type Plugin, startPlugin } from "./plugin";
import { Resource, type State } from "./resource";

const SCHEMA = JSON.stringify({
  type: "object",
  properties: { traits: { type: "object", properties: { email: emailTrait({ codes: true }) } } },
});

const methods = (fields: Properties) => ({ selfservice: { methods: fields } });

describe.each(kratosBinaries())("IdentityConfig over the wire, with %s", (binary) => {
  let root: string;
  let plugin: Plugin;
  let resource: Resource;
  const file = () => join(root, "kratos", "identity.yml");
  const inputs = (config: Properties, more: Properties = {}): Properties => ({
    target: { kratos: { name: "shop", dir: "kratos", binary, adminUrls: ["http://127.0.0.1:9"] } },
    config: {
      identity: { default_schema_id: "customer", schemas: [{ id: "customer", url: "asset:customer.json" }] },
      ...config,
    },
    assets: { "customer.json": SCHEMA },
    ...more,
  });
  const checked = async (config: Properties, more: Properties = {}) => {
    const { inputs: news, failures } = await resource.check(inputs(config, more));
    expect(failures).toEqual([]);
    return news;
  };
  const created = async (config: Properties, more: Properties = {}) =>
    resource.create(await checked(config, more));
  const operator = {
    dsn: "memory",
    selfservice: { default_browser_return_url: "https://shop.example/" },
    identity: { schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }] },
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "provider-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    execFileSync("mkdir", [join(root, "kratos")]);
    plugin = await startPlugin(root);
    resource = new Resource(plugin);
  });
  afterAll(async () => {
    await plugin?.stop();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    plugin.logs.length = 0;
    await rm(file(), { force: true });
    await writeFile(join(root, "kratos", "kratos.yml"), stringify(operator));
  });

  it("has nothing to do after an update, and reads what it wrote", async () => {
    const state = await created(methods({ code: { enabled: true, mfa_enabled: true } }));
    expect(state.id).toBe("kratos/shop");
    expect(await resource.diff(state, state.inputs)).toMatchObject({ changed: false, paths: {} });
    const read = await resource.read(state);
    expect(read.inputs).toEqual(state.inputs);
    expect(await resource.diff(read, state.inputs)).toMatchObject({ changed: false });
  });

  it("shows one flipped toggle as that path and that line, and nothing else", async () => {
    const state = await created(methods({ totp: { enabled: true }, lookup_secret: { enabled: true } }));
    const news = await checked(methods({ totp: { enabled: false }, lookup_secret: { enabled: true } }));
    expect(await resource.diff(state, news)).toEqual({
      changed: true,
      paths: { "config.selfservice.methods.totp.enabled": "UPDATE" },
      replaces: [],
    });
    plugin.logs.length = 0;
    const before = await readFile(file(), "utf8");
    const preview = await resource.update(state, news, true);
    const line = "/selfservice/methods/totp/enabled: true => false";
    expect(plugin.logs.map(({ message, urn }) => [message, urn])).toEqual([[line, resource.urn]]);
    expect(preview.outputs).toMatchObject({ changes: [line], revision: UNKNOWN });
    expect(await readFile(file(), "utf8")).toBe(before);
    const after = await resource.update(state, news);
    expect(parse(await readFile(file(), "utf8")).selfservice.methods.totp.enabled).toBe(false);
    expect(after.outputs).toMatchObject({ changes: [], warnings: [], review: {} });
    expect(await resource.diff(after, news)).toMatchObject({ changed: false });
  });

  it("shows a changed text at the text", async () => {
    const state = await created({});
    const news = await checked(
      {},
      { assets: { "customer.json": SCHEMA.replace('"object"', '"object","title":"x"') } },
    );
    expect((await resource.diff(state, news)).paths).toEqual({ 'assets["customer.json"]': "UPDATE" });
  });

  it("takes no notice of another spelling of the same text", async () => {
    const state = await created({ session: { lifespan: "90m" } });
    const news = await checked(
      { session: { lifespan: "1h30m" } },
      { assets: { "customer.json": JSON.stringify(JSON.parse(SCHEMA), null, 4) } },
    );
    expect(await resource.diff(state, news)).toMatchObject({ changed: false });
  });

  it("reads drift as the live value at the declared path", async () => {
    const state = await created(methods({ totp: { enabled: true } }));
    await writeFile(
      file(),
      (await readFile(file(), "utf8")).replace("totp:\n      enabled: true", "totp:\n      enabled: false"),
    );
    const read = await resource.read(state);
    expect(read.inputs.config).toMatchObject(methods({ totp: { enabled: false } }));
    expect(await resource.diff(read, state.inputs)).toMatchObject({
      changed: true,
      paths: { "config.selfservice.methods.totp.enabled": "UPDATE" },
    });
  });

  it("resets a path that leaves the declaration, though the state's outputs never had it", async () => {
    const state = await created(methods({ totp: { enabled: true } }));
    const news = await checked({});
    expect((await resource.diff(state, news)).paths).toEqual({
      "config.selfservice.methods.totp.enabled": "DELETE",
    });
    await resource.update({ ...state, outputs: {} }, news);
    expect(await readFile(file(), "utf8")).not.toContain("totp");
  });

  it("keeps a released path as it stands", async () => {
    const state = await created(methods({ totp: { enabled: true } }));
    const news = await checked({}, { release: ["/selfservice/methods/totp"] });
    const after = await resource.update(state, news);
    expect(parse(await readFile(file(), "utf8")).selfservice.methods.totp).toEqual({ enabled: true });
    expect(await resource.diff(after, news)).toMatchObject({ changed: false });
  });

  describe("refuses both uses of codes", () => {
    const both = { enabled: true, mfa_enabled: true, passwordless_enabled: true };

    it("in check, also with an unknown value elsewhere in the program", async () => {
      const config = { ...methods({ code: both }), courier: { http: { request_config: { url: UNKNOWN } } } };
      expect((await resource.check(inputs(config))).failures).toEqual([
        expect.stringMatching(/^code-mfa-xor-passwordless: .*both true/),
      ]);
    });

    it("before a write, where one of them is live and not declared, and never in diff", async () => {
      const state = await created({});
      const live = { ...operator, ...methods({ code: { passwordless_enabled: true } }) };
      await writeFile(
        join(root, "kratos", "kratos.yml"),
        stringify({ ...live, selfservice: { ...operator.selfservice, ...live.selfservice } }),
      );
      const news = await checked(methods({ code: { enabled: true, mfa_enabled: true } }));
      expect(await resource.diff(state, news)).toMatchObject({ changed: true });
      const before = await readFile(file(), "utf8");
      for (const preview of [true, false]) {
        await expect(resource.update(state, news, preview)).rejects.toThrow(
          /^refused before any write:\ncode-mfa-xor-passwordless: /,
        );
      }
      expect(await readFile(file(), "utf8")).toBe(before);
    });

    it("and answers diff with a change where the target itself came to break the rule", async () => {
      const state = await created(methods({ code: { enabled: true, mfa_enabled: true } }));
      const selfservice = { ...operator.selfservice, methods: { code: { passwordless_enabled: true } } };
      await writeFile(join(root, "kratos", "kratos.yml"), stringify({ ...operator, selfservice }));
      expect(await resource.diff(state, state.inputs)).toEqual({
        changed: true,
        paths: { "config.selfservice.methods.code.mfa_enabled": "UPDATE" },
        replaces: [],
      });
      expect((await resource.read(state)).id).toBe("kratos/shop");
    });
  });

  it("shows no secret in outputs, logs, differences and reads", async () => {
    const canary = "smtp://user:canary-password@mail.example:25/";
    const config = { courier: { delivery_strategy: "smtp", smtp: { connection_uri: "secret:smtp-uri" } } };
    const state = await created(config, { secrets: { "smtp-uri": canary } });
    expect(await readFile(file(), "utf8")).toContain("canary-password");
    const news = await checked(config, { secrets: { "smtp-uri": canary.replace("25", "26") } });
    expect((await resource.diff(state, news)).paths).toEqual({ 'secrets["smtp-uri"]': "UPDATE" });
    const preview = await resource.update(state, news, true);
    expect(preview.outputs.changes).toEqual(['/courier/smtp/connection_uri: "[secret]" => "[secret]"']);
    await writeFile(file(), (await readFile(file(), "utf8")).replace("canary-password", "canary-drift"));
    const read = await resource.read(state);
    expect(read.inputs.config).toMatchObject({
      courier: { smtp: { connection_uri: "secret:smtp-uri (the live value differs)" } },
    });
    const shown = JSON.stringify([
      state.outputs,
      preview.outputs,
      read.outputs,
      read.inputs.config,
      read.inputs.assets,
      plugin.logs,
    ]);
    expect(shown).not.toContain("canary");
  });

  it("says what a reference that points at nothing needs", async () => {
    const config = { courier: { smtp: { connection_uri: "secret:smtp-uri" } } };
    expect((await resource.check(inputs(config))).failures).toEqual([
      "/courier/smtp/connection_uri refers to secret \"smtp-uri\", which does not exist; set it with `pulumi config set --secret --path 'secrets.smtp-uri'`",
    ]);
  });

  it("names a wrong input by its path", async () => {
    const { failures } = await resource.check({ target: { kratos: { name: "a/b", dirr: "x" } }, config: {} });
    expect(failures).toEqual([
      "target.kratos must have required property 'dir'",
      "target.kratos.dirr is not a known key",
      'target.kratos.name must match pattern "^[A-Za-z0-9][A-Za-z0-9._-]*$"',
    ]);
  });

  it("previews with unknown leaves without a trial, and plans the known ones", async () => {
    const state = await created({});
    const config = { ...methods({ totp: { enabled: true } }), session: { lifespan: UNKNOWN } };
    const preview = await resource.update(state, await checked(config), true);
    expect(preview.outputs.changes).toEqual([
      "/selfservice/methods/totp/enabled: (default) => true",
      "/session/lifespan: (default) => (known after apply)",
    ]);
  });

  it("replaces the resource for another target, and leaves the old one as it stands", async () => {
    const state = await created({});
    const news = { ...state.inputs, target: { kratos: { name: "other", dir: "kratos", binary } } };
    expect(await resource.diff(state, news)).toMatchObject({ changed: true, replaces: ["target"] });
    const before = await readFile(file(), "utf8");
    await resource.delete(state);
    expect(await readFile(file(), "utf8")).toBe(before);
    expect(plugin.logs.at(-1)).toMatchObject({
      message: "kratos/shop is no longer managed; its configuration stays in force as it stands",
      severity: 2,
    });
  });

  it("stops a running request when the engine cancels", async () => {
    const state = await created({});
    const news = await checked(methods({ totp: { enabled: true } }));
    const before = await readFile(file(), "utf8");
    const update = resource.update(state, news);
    setTimeout(() => void plugin.call("cancel", new Empty()), 200);
    await expect(update).rejects.toThrow("cancelled");
    expect(await readFile(file(), "utf8")).toBe(before);
  });

  it("tells the version of Kratos and both documents to policies, in preview only", async () => {
    const preview = await resource.create(await checked(methods({ totp: { enabled: true } })), true);
    expect(preview.outputs.review).toMatchObject({
      target: "kratos",
      kratosVersion: kratosVersion(binary),
      declared: methods({ totp: { enabled: true } }),
      effective: { dsn: "[secret]", selfservice: operator.selfservice },
    });
  });

  it("refuses another revision than the one that was reviewed elsewhere", async () => {
    const state: State = await created({});
    const other = await startPlugin(root, { ORY_EXPECTED_REVISION: "kratos/other=x, kratos/shop=reviewed" });
    try {
      const news = await checked(methods({ totp: { enabled: true } }));
      await expect(new Resource(other).update(state, news)).rejects.toThrow(
        `kratos/shop is at revision ${state.outputs.revision}, but ORY_EXPECTED_REVISION names reviewed; nothing was written`,
      );
    } finally {
      await other.stop();
    }
  });

  describe("of a run whose preview was another process", () => {
    it("applies what was shown, and refuses what was not", async () => {
      const state = await created(methods({ totp: { enabled: true } }));
      const news = await checked(methods({ totp: { enabled: true }, lookup_secret: { enabled: true } }));
      const second = await startPlugin(root);
      try {
        await resource.update(state, news, true);
        const edited = (await readFile(file(), "utf8")).replace(
          "totp:\n      enabled: true",
          "totp:\n      enabled: false",
        );
        await writeFile(file(), edited);
        await expect(new Resource(second).update(state, news)).rejects.toThrow(
          /changed since the preview.*\n.*totp\/enabled: false => true \(not shown\)/,
        );
        expect(await readFile(file(), "utf8")).toBe(edited);
        await resource.update(state, news, true);
        expect((await new Resource(second).update(state, news)).id).toBe("kratos/shop");
      } finally {
        await second.stop();
      }
    });

    it("refuses an edit made after a preview that found nothing to do", async () => {
      const state = await created(methods({ totp: { enabled: true } }));
      const second = await startPlugin(root);
      try {
        await resource.diff(state, state.inputs);
        await writeFile(
          file(),
          (await readFile(file(), "utf8")).replace(
            "totp:\n      enabled: true",
            "totp:\n      enabled: false",
          ),
        );
        const later = new Resource(second);
        await later.diff(state, state.inputs);
        await expect(later.update(state, state.inputs)).rejects.toThrow("(not shown)");
      } finally {
        await second.stop();
      }
    });
  });
});
