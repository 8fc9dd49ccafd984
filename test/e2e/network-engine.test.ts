import { type FakeNetwork, startFakeNetwork } from "../fake-network";
import { networkEnv } from "./network-shop";
import { Project } from "./project";

const PATH = "/services/identity/config/selfservice/methods/totp";
const urn = (name: string) => `urn:pulumi:test::shop::ory:index:IdentityConfig::${name}`;

describe("what the engine can do to an identity config on Ory Network", () => {
  let network: FakeNetwork;
  let project: Project;
  const totp = (id = "shop") => {
    const config = network.projects.get(id)!.project.services.identity!.config as {
      selfservice: { methods: { totp?: { enabled?: boolean } } };
    };
    return config.selfservice.methods.totp?.enabled;
  };
  const revision = (id = "shop") => network.projects.get(id)!.project.revision_id;
  const config = (name: string, id: string, on: boolean, options: object = {}) =>
    `new ory.IdentityConfig(${JSON.stringify(name)}, ${JSON.stringify({
      target: { network: { project: id, environment: "dev" } },
      raw: { selfservice: { methods: { totp: { enabled: on } } } },
    })}, ${JSON.stringify(options)});`;
  const run = (...args: string[]) => project.pulumi(args, networkEnv(network));
  const ok = async (...args: string[]) => {
    const { code, output } = await run(...args);
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  };
  const refused = async (...args: string[]) => {
    const { code, output } = await run(...args);
    expect(code).not.toBe(0);
    return output;
  };

  beforeAll(async () => {
    network = await startFakeNetwork({ projects: [{ id: "shop" }, { id: "other" }] });
    project = await Project.create();
    await project.program(config("shop", "shop", true));
    await ok("up", "--yes");
  });
  afterAll(async () => {
    await project?.remove();
    await network?.stop();
  });

  it("does not overwrite an edit made while up waits at its prompt", async () => {
    await project.program(
      config("shop", "shop", true).replace('"raw":{', '"raw":{"session":{"lifespan":"2h"},'),
    );
    // A prompt needs a terminal, which script(1) provides.
    const up = project.start("script", ["-qfec", "pulumi up", "/dev/null"], {
      TERM: "xterm",
      ...networkEnv(network),
    });
    const prompt = new Promise<void>((seen) => {
      up.child.stdout.on("data", () => up.output().includes("Do you want to perform this update?") && seen());
    });
    await Promise.race([prompt, up.done]);
    await network.writeAsOther("shop", [{ op: "replace", path: `${PATH}/enabled`, value: false }]);
    const before = revision();
    // The prompt starts at "no"; "yes" is above it.
    up.child.stdin.write("\u001b[A");
    up.child.stdin.write("\r");
    const { code, output } = await up.done;
    expect(output).toContain("the live configuration has changed since the preview");
    expect(output).toContain("/selfservice/methods/totp/enabled: false => true (not shown)");
    expect(code).not.toBe(0);
    expect(revision()).toBe(before);
    await project.program(config("shop", "shop", true));
    await ok("up", "--yes");
    expect(totp()).toBe(true);
  });

  it("up --refresh=false sees drift as well", async () => {
    await network.writeAsOther("shop", [{ op: "replace", path: `${PATH}/enabled`, value: false }]);
    expect(await ok("up", "--yes", "--refresh=false")).toContain(
      "/selfservice/methods/totp/enabled: false => true",
    );
    expect(totp()).toBe(true);
  });

  it("an up that skips the preview refuses both uses of codes, before anything is written", async () => {
    const before = revision();
    const both = { code: { enabled: true, mfa_enabled: true, passwordless_enabled: true } };
    await project.program(
      config("shop", "shop", true).replace('{"totp":{"enabled":true}}', JSON.stringify(both)),
    );
    expect(await refused("up", "--yes", "--skip-preview")).toContain("code-mfa-xor-passwordless");
    expect(revision()).toBe(before);
  });

  it("protect keeps it from being destroyed and replaced", async () => {
    await project.program(config("shop", "shop", true, { protect: true }));
    await ok("up", "--yes");
    expect(await refused("destroy", "--yes")).toContain("cannot be deleted");
    await project.program(config("shop", "other", true, { protect: true }));
    expect(await refused("up", "--yes")).toContain("protect");
    await project.program(config("shop", "shop", true));
    await ok("up", "--yes");
  });

  it("another project replaces the resource, and leaves the old project as it stands", async () => {
    const before = revision();
    await project.program(config("shop", "other", true));
    expect(await ok("up", "--yes")).toContain(
      "network/shop is no longer managed; its configuration stays in force as it stands",
    );
    expect([revision(), totp(), totp("other")]).toEqual([before, true, true]);
    await project.program(config("shop", "shop", true));
    await ok("up", "--yes");
  });

  it("two projects in one stack are two resources, and up --target changes just one", async () => {
    await project.program(config("shop", "shop", false) + config("other", "other", false));
    await ok("up", "--yes", "--target", urn("other"));
    expect([totp(), totp("other")]).toEqual([true, false]);
    await ok("up", "--yes");
    expect([totp(), totp("other")]).toEqual([false, false]);
  });

  it("one project twice in one stack is refused, naming both", async () => {
    const before = revision();
    await project.program(config("shop", "shop", false) + config("again", "shop", true));
    expect(await refused("up", "--yes")).toMatch(
      /"(shop|again)" and "(shop|again)" both are named network\/shop/,
    );
    expect(revision()).toBe(before);
  });

  it("a rename by alias is no change", async () => {
    const before = revision();
    await project.program(config("customers", "shop", false, { aliases: [{ name: "shop" }] }));
    await ok("up", "--yes", "--expect-no-changes", "--target", urn("customers"));
    expect(revision()).toBe(before);
  });

  it("a path that leaves the declaration falls back, and one that is released stays", async () => {
    await project.program(config("customers", "shop", true, { aliases: [{ name: "shop" }] }));
    await ok("up", "--yes", "--target", urn("customers"));
    const target = { network: { project: "shop", environment: "dev" } };
    const without = (release: string[]) =>
      `new ory.IdentityConfig("customers", ${JSON.stringify({ target, raw: {}, release })});`;
    await project.program(without(["/selfservice/methods/totp/enabled"]));
    expect(await ok("up", "--yes")).not.toContain("=>");
    expect(totp()).toBe(true);
    await project.program(config("customers", "shop", true));
    await ok("up", "--yes");
    await project.program(without([]));
    expect(await ok("up", "--yes")).toContain("/selfservice/methods/totp/enabled: true => (default)");
    expect(totp()).toBeUndefined();
  });
});
