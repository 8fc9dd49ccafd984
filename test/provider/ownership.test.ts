import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { kratosBinaries } from "../kratos/server";
import { ManagedKratos, methods } from "./managed-kratos";
import { type Plugin, startPlugin } from "./plugin";
import { Resource, URN } from "./resource";

const PROD = "urn:pulumi:prod::shop::ory:index:IdentityConfig::shop";

describe.each(kratosBinaries())("who manages a target, with %s", (binary) => {
  let kratos: ManagedKratos;
  /** The engine of another stack has a plugin of its own. */
  let plugin: Plugin;
  let other: Resource;
  const imported = (resource: Resource) =>
    resource.read({
      id: `kratos/shop?dir=kratos&binary=${binary}&adminUrl=http://127.0.0.1:9`,
      inputs: {},
      outputs: {},
    });

  beforeAll(async () => {
    kratos = await ManagedKratos.start(binary);
    plugin = await startPlugin(kratos.root, { XDG_CACHE_HOME: join(kratos.root, "cache-of-prod") });
    other = new Resource(plugin, PROD);
  });
  afterAll(async () => {
    await plugin?.stop();
    await kratos?.stop();
  });
  beforeEach(() => kratos.reset());

  it("refuses a second resource of one program on one folder or one name, naming both", async () => {
    const fresh = await startPlugin(kratos.root);
    try {
      const second = new Resource(fresh, URN.replace(/shop$/, "again"));
      expect((await new Resource(fresh).check(kratos.inputs({}))).failures).toEqual([]);
      expect((await second.check(kratos.inputs({}))).failures).toEqual([
        'IdentityConfigs "shop" and "again" both are named kratos/shop; declare one, with the parts of both, or give each a target of its own',
      ]);
      const { failures } = await second.check({ ...kratos.inputs({}), target: kratos.target("again") });
      expect(failures).toEqual([
        expect.stringMatching(/^IdentityConfigs "shop" and "again" both write \/.*\/kratos\/identity\.yml; /),
      ]);
      // The engine may be at the first one's update when it checks the second one.
      await expect(new Resource(fresh).create(kratos.inputs({}))).rejects.toThrow(
        /^IdentityConfigs "shop" and "again" both are named kratos\/shop; .*; nothing was written$/,
      );
    } finally {
      await fresh.stop();
    }
  });

  it("refuses the resource of another stack, in preview too, and says how to take over", async () => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    const before = await kratos.identity();
    for (const preview of [true, false]) {
      const refusal = await other.create(state.inputs, preview).catch(({ message }: Error) => message);
      expect(refusal).toContain(
        `is managed by IdentityConfig "shop" of stack test of project shop, and would be by "shop" of stack prod of project shop`,
      );
      expect(refusal).toContain(
        `pulumi import ory:index:IdentityConfig shop 'kratos/shop?dir=kratos&environment=dev&binary=${binary}&adminUrl=http://127.0.0.1:9'`,
      );
    }
    expect(await kratos.identity()).toBe(before);
  });

  it("lets an import take over, and then refuses the old owner, who can still refresh and destroy", async () => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    const taken = await imported(other);
    expect(taken).toMatchObject({ id: "kratos/shop", inputs: { owned: [] }, outputs: { owner: URN } });
    const news = await kratos.checked(methods({ lookup_secret: { enabled: true } }));
    await other.update(taken, news);
    expect(parse(await kratos.identity()).selfservice.methods).toEqual({
      totp: { enabled: true },
      lookup_secret: { enabled: true },
    });
    expect(await kratos.resource.diff(state, state.inputs)).toMatchObject({ changed: true });
    await expect(kratos.resource.update(state, state.inputs)).rejects.toThrow(
      "of stack prod of project shop",
    );
    expect((await kratos.resource.read(state)).id).toBe("kratos/shop");
    await kratos.resource.delete(state);
  });

  it("leaves alone what an import found, until it is declared; then it is owned like anything else", async () => {
    const path = "/selfservice/methods/totp/enabled";
    await kratos.created(methods({ totp: { enabled: true } }));
    const taken = await imported(kratos.resource);
    expect(taken.outputs.leftAlone).toContain(path);
    const nothing = await kratos.checked({});
    const first = await kratos.resource.update(taken, nothing);
    expect(await kratos.resource.diff(first, nothing)).toMatchObject({ changed: false });
    expect(await kratos.identity()).toContain("totp");
    const declared = await kratos.resource.update(
      first,
      await kratos.checked(methods({ totp: { enabled: false } })),
    );
    expect(declared.outputs.leftAlone).not.toContain(path);
    await kratos.resource.update(declared, nothing);
    expect(await kratos.identity()).not.toContain("totp");
  });

  it("leaves alone what stands in the file at the first contact, also where the first write was cut off", async () => {
    const file = join(kratos.root, "kratos", "identity.yml");
    await writeFile(file, stringify(methods({ lookup_secret: { enabled: true } })));
    const news = await kratos.checked(methods({ totp: { enabled: true } }));
    // The state of a create that was cut off knows nothing of it.
    await kratos.resource.create(news);
    const state = await kratos.resource.create(news);
    expect(await kratos.resource.diff(state, news)).toMatchObject({ changed: false });
    expect(parse(await kratos.identity()).selfservice.methods).toEqual({
      totp: { enabled: true },
      lookup_secret: { enabled: true },
    });
  });

  it.each([
    ["removed", ""],
    ["broken", "# pulumi-ory: {"],
    ["of another shape", '# pulumi-ory: {"owner":1,"leftAlone":[]}'],
  ])("takes a file whose stamp is %s for its own", async (_how, line) => {
    const state = await kratos.created(methods({ totp: { enabled: true } }));
    await writeFile(
      join(kratos.root, "kratos", "identity.yml"),
      (await kratos.identity()).replace(/^# pulumi-ory: .*$/m, line),
    );
    expect(await kratos.resource.diff(state, state.inputs)).toMatchObject({ changed: false });
    const after = await kratos.resource.update(state, await kratos.checked({}));
    expect(await kratos.identity()).toContain(`# pulumi-ory: {"owner":"${URN}","leftAlone":[]}`);
    expect(await kratos.identity()).not.toContain("totp");
    expect(after.outputs.owner).toBe(URN);
  });
});
