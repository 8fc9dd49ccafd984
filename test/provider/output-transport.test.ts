import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { UNKNOWN } from "../../infra/identity-config/model";
import type { Properties } from "../../infra/provider/wire";
import { emailTrait, SCHEMA, schemaUrl } from "../kratos/config";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { methods, SELFSERVICE } from "./managed-kratos";
import { type Plugin, startPlugin } from "./plugin";
import { Resource } from "./resource";

const identity = {
  default_schema_id: "customer",
  schemas: [{ id: "customer", url: "asset:customer.json" }],
};
const SMTP = { courier: { smtp: { connection_uri: "secret:smtp" } } };

describe.each(kratosBinaries())("a config that is handed over, with %s", (binary) => {
  let root: string;
  let plugin: Plugin;
  let resource: Resource;
  const target = (more: Properties = {}): Properties => ({
    kratos: { name: "shop", environment: "dev", transport: "output", config: "kratos.yml", binary, ...more },
  });
  const checked = async (config: Properties, more: Properties = {}, kratos: Properties = {}) => {
    const { inputs, failures } = await resource.check({
      target: target(kratos),
      config: { identity, ...config },
      assets: { "customer.json": SCHEMA },
      ...more,
    });
    expect(failures).toEqual([]);
    return inputs;
  };
  const messages = () => plugin.logs.map(({ message }) => message);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "provider-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const schemas = [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }) }) }];
    await writeFile(join(root, "kratos.yml"), stringify({ selfservice: SELFSERVICE, identity: { schemas } }));
    plugin = await startPlugin(root);
    resource = new Resource(plugin);
  });
  afterAll(async () => {
    await plugin?.stop();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    plugin.logs.length = 0;
  });

  it("is what identity.yml would be, and is planned against what was handed over last", async () => {
    const state = await resource.create(await checked(methods({ totp: { enabled: true } })));
    expect(state.id).toBe("kratos-output/shop");
    const rendered = parse(state.outputs.rendered as string);
    expect(rendered.selfservice.methods.totp).toEqual({ enabled: true });
    expect(rendered.identity.schemas).toEqual([
      { id: "customer", url: expect.stringMatching(/^base64:/) },
      { id: "default", url: expect.stringMatching(/^base64:/) },
    ]);
    expect(await readdir(root)).not.toContain("identity.yml");
    expect(await resource.diff(state, state.inputs)).toMatchObject({ changed: false, paths: {} });
    const read = await resource.read(state);
    expect(read).toEqual(state);

    const news = await checked(methods({ totp: { enabled: false } }));
    const preview = await resource.update(state, news, true);
    const changes = [
      "/selfservice/methods/totp/enabled: true => false (weakening: accounts can no longer be protected by an authenticator app)",
    ];
    expect(preview.outputs).toMatchObject({
      changes,
      rendered: UNKNOWN,
      evidence: UNKNOWN,
      revision: UNKNOWN,
    });
    const after = await resource.update(state, news);
    expect(after.outputs.rendered).toContain("totp:\n      enabled: false");
    expect(after.outputs.revision).not.toBe(state.outputs.revision);
    expect(await resource.diff(after, news)).toMatchObject({ changed: false });
  });

  it("stays the same, marker and all, where nothing changes", async () => {
    const state = await resource.create(await checked(methods({ totp: { enabled: true } })));
    const news = { ...state.inputs, target: target({ publicUrl: "http://127.0.0.1:9" }) };
    for (const preview of [true, false])
      expect((await resource.update(state, news, preview)).outputs).toMatchObject({
        rendered: state.outputs.rendered,
        evidence: state.outputs.evidence,
        revision: state.outputs.revision,
      });
  });

  it("is refused by the rules, and by Kratos, before it is handed over", async () => {
    const both = { enabled: true, mfa_enabled: true };
    await writeFile(
      join(root, "both.yml"),
      stringify({
        selfservice: {
          ...SELFSERVICE,
          ...(methods({ code: { passwordless_enabled: true } }).selfservice as object),
        },
      }),
    );
    const news = await checked(methods({ code: both }), {}, { config: "both.yml" });
    for (const preview of [true, false])
      await expect(resource.create(news, preview)).rejects.toThrow(
        /^refused before any write:\ncode-mfa-xor/,
      );
    // No rule reads files of the server.
    const wrong = await checked({ identity: { schemas: [{ id: "customer", url: "file:///nowhere.json" }] } });
    for (const preview of [true, false])
      await expect(resource.create(wrong, preview)).rejects.toThrow("Kratos refuses this configuration");
  });

  it("is rendered without a trial where no Kratos is at hand, and says so", async () => {
    const other = await startPlugin(root, {
      PATH: `${process.execPath.replace(/\/[^/]*$/, "")}:/usr/bin:/bin`,
    });
    try {
      const elsewhere = new Resource(other);
      const inputs = await checked({ session: { lifespan: "2h" } }, {}, { binary: undefined });
      await expect(elsewhere.create(inputs, true)).rejects.toThrow(
        "cannot tell which Kratos kratos-output/shop is; name in target.kratos.version the tag of its image, such as v1.3.1",
      );
      const version = `v${kratosVersion(binary)}`;
      const named = await checked({ session: { lifespan: "1h" } }, {}, { binary: undefined, version });
      const preview = await elsewhere.create(named, true);
      const untried = expect.stringMatching(/^not tried: there is no Kratos executable on this machine/);
      expect(preview.outputs.warnings).toContainEqual(untried);
      const state = await elsewhere.create(named);
      expect(state.outputs.rendered).toContain("lifespan: 1h");
      expect(other.logs.filter(({ message }) => message.startsWith("not tried:"))).toHaveLength(2);
    } finally {
      await other.stop();
    }
  });

  it("may depend on values that are not known yet", async () => {
    const inputs = await checked({ courier: { http: { request_config: { url: UNKNOWN } } } });
    const preview = await resource.create(inputs, true);
    expect(preview.outputs).toMatchObject({ rendered: UNKNOWN });
  });

  describe("that must hold no secret", () => {
    const secrets = { secrets: { smtp: "smtp://user:canary@mail.shop.example/" } };

    it("is refused with the path, in the preview too", async () => {
      const inputs = await checked(SMTP, secrets, { plain: true });
      for (const preview of [true, false])
        await expect(resource.create(inputs, preview)).rejects.toThrow(
          /^the rendered config would hold a secret at \/courier\/smtp\/connection_uri, which target.kratos.plain forbids; leave it to an environment variable/,
        );
    });

    it("is refused where a secret was allowed before", async () => {
      const state = await resource.create(await checked(SMTP, secrets));
      const inputs = await checked(SMTP, secrets, { plain: true });
      expect(await resource.diff(state, inputs)).toMatchObject({ changed: true });
      await expect(resource.update(state, inputs)).rejects.toThrow("would hold a secret");
    });

    it("passes without one", async () => {
      const { outputs } = await resource.create(
        await checked(methods({ totp: { enabled: true } }), {}, { plain: true }),
      );
      expect(outputs.rendered).toContain("totp");
    });
  });

  it("belongs to another resource than a file", async () => {
    const state = await resource.create(await checked({}));
    const { inputs } = await resource.check({
      target: { kratos: { name: "shop", dir: ".", binary } },
      config: { identity },
      assets: { "customer.json": SCHEMA },
    });
    expect((await resource.diff(state, inputs)).replaces).toEqual(["target"]);
  });

  it("warns at a refresh where the running server does not show it", async () => {
    const state = await resource.create(await checked({}, {}, { adminUrls: ["http://127.0.0.1:9"] }));
    plugin.logs.length = 0;
    await resource.read(state);
    expect(messages()).toEqual([
      "the Kratos at http://127.0.0.1:9 does not show the config that was rendered last",
    ]);
  });

  it.each([
    [{ dir: "." }, /^target.kratos.dir is not a known key; allowed: name, environment, transport/],
    [{ version: "latest" }, 'target.kratos.version is "latest"; allowed: a version such as v1.3.1'],
    [{ transport: "scp", dir: "." }, 'target.kratos.transport is "scp"; allowed: file, ssh, output'],
    [{ plain: "yes" }, 'target.kratos.plain is "yes"; it must be true or false'],
  ])("refuses the target with %j", async (more, reason) => {
    const { failures } = await resource.check({ target: target(more), config: {} });
    expect(failures).toEqual([typeof reason === "string" ? reason : expect.stringMatching(reason)]);
  });
});
