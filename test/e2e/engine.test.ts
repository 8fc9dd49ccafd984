import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { files, operator } from "./shop";

const urn = (name: string) => `urn:pulumi:test::shop::ory:index:IdentityConfig::${name}`;

describe.each(kratosBinaries())("what the engine can do to an identity config, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  /** Folder of a second Kratos, which does not run. */
  let elsewhere: string;
  const identity = (dir = kratos.dir) => readFile(join(dir, "identity.yml"), "utf8");
  const edit = async (from: string, to: string) => {
    const text = await identity();
    expect(text).toContain(from);
    await writeFile(join(kratos.dir, "identity.yml"), text.replace(from, to));
  };
  const here = () => ({
    name: "shop",
    environment: "dev",
    dir: kratos.dir,
    binary,
    adminUrls: [kratos.adminUrl],
  });
  const there = () => ({
    name: "other",
    environment: "dev",
    dir: elsewhere,
    binary,
    adminUrls: ["http://127.0.0.1:9"],
  });
  const config = (name: string, target: object, methods: object, options: object = {}, more: object = {}) =>
    `new ory.IdentityConfig(${JSON.stringify(name)}, ${JSON.stringify({
      target: { kratos: target },
      raw: { selfservice: { methods } },
      ...more,
    })}, ${JSON.stringify(options)});`;
  const ON = { totp: { enabled: true } };
  const OFF = { totp: { enabled: false } };
  const ok = async (...args: string[]) => {
    const { code, output } = await project.pulumi(args);
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  };
  const refused = async (...args: string[]) => {
    const { code, output } = await project.pulumi(args);
    expect(code).not.toBe(0);
    return output;
  };
  const resources = async (): Promise<{ type: string; urn: string; inputs: { config: unknown } }[]> =>
    JSON.parse(await project.state()).checkpoint.latest.resources?.filter(
      ({ type }: { type: string }) => type === "ory:index:IdentityConfig",
    ) ?? [];

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
    elsewhere = join(project.dir, "elsewhere");
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, "kratos.yml"), stringify({ dsn: "memory", ...operator }));
    await project.program(config("shop", here(), ON));
    await ok("up", "--yes");
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("refresh takes drift into the state, and the next up undoes it", async () => {
    await edit("enabled: true", "enabled: false");
    expect(await ok("refresh", "--yes", "--diff")).toMatch(/enabled: true => false/);
    expect((await resources())[0]?.inputs.config).toEqual({ selfservice: { methods: OFF } });
    expect(await ok("up", "--yes")).toContain("/selfservice/methods/totp/enabled: false => true");
    expect(await identity()).toContain("enabled: true");
  });

  it("up --refresh=false sees drift as well", async () => {
    await edit("enabled: true", "enabled: false");
    expect(await ok("preview", "--refresh=false")).toContain(
      "/selfservice/methods/totp/enabled: false => true",
    );
    await ok("up", "--yes", "--refresh=false");
    expect(await identity()).toContain("enabled: true");
    await ok("preview", "--refresh=false", "--expect-no-changes");
  });

  it("state delete, then up, has it back without a write", async () => {
    const before = await identity();
    await ok("state", "delete", urn("shop"), "--yes");
    expect(await resources()).toEqual([]);
    expect(await ok("up", "--yes")).toContain("1 created");
    expect(await identity()).toBe(before);
    await ok("preview", "--expect-no-changes");
  });

  it("protect keeps it from being destroyed and replaced", async () => {
    await project.program(config("shop", here(), ON, { protect: true }));
    await ok("up", "--yes");
    const before = await identity();
    expect(await refused("destroy", "--yes")).toContain("cannot be deleted");
    await project.program(config("shop", there(), ON, { protect: true }));
    expect(await refused("up", "--yes")).toContain("protect");
    expect(await identity()).toBe(before);
    await project.program(config("shop", here(), ON));
    await ok("up", "--yes");
  });

  it("another target replaces the resource, and leaves the old target as it stands", async () => {
    const before = await identity();
    await project.program(config("shop", there(), OFF));
    expect(await ok("preview", "--diff")).toContain("kratos/shop");
    const output = await ok("up", "--yes");
    expect(output).toContain(
      "kratos/shop is no longer managed; its configuration stays in force as it stands",
    );
    expect(output).toContain("not running: unproven");
    expect(await identity()).toBe(before);
    expect(await identity(elsewhere)).toContain("enabled: false");
    await project.program(config("shop", here(), ON));
    await ok("up", "--yes");
    expect(await identity()).toBe(before);
  });

  it("two targets in one stack are two resources, and up --target changes just one", async () => {
    await project.program(config("shop", here(), OFF) + config("other", there(), ON));
    const before = await identity();
    // The second target still holds what the first resource had left there.
    expect(await refused("preview")).toContain(
      'is managed by IdentityConfig "shop" of stack test of project shop',
    );
    await writeFile(join(elsewhere, "identity.yml"), "{}\n");
    await ok("up", "--yes", "--target", urn("other"));
    expect(await identity()).toBe(before);
    expect(await identity(elsewhere)).toContain("enabled: true");
    const preview = await ok("preview");
    expect(preview.match(/\/selfservice\/methods\/totp\/enabled: .*/g)?.[0]).toContain("true => false");
    await ok("up", "--yes");
    expect(await identity()).toContain("enabled: false");
  });

  it("one target twice in one stack is refused, naming both", async () => {
    const before = await identity();
    await project.program(config("shop", here(), OFF) + config("again", { ...here(), name: "again" }, ON));
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const output = await refused(...args);
      // Either is seen first: the file's owner, or the second declaration.
      expect(output).toMatch(
        /is managed by IdentityConfig "shop" .* "again"|"(shop|again)" and "(shop|again)" both write/,
      );
      expect(output).toContain("with the parts of both");
    }
    expect(await identity()).toBe(before);
  });

  it("a rename by alias is no change, and the file tells the new name with the next one", async () => {
    const renamed = (methods: object) =>
      config("customers", here(), methods, { aliases: [{ name: "shop" }] });
    const before = await identity();
    await project.program(config("customers", here(), OFF));
    expect(await refused("preview")).toContain(
      'if it was renamed, declare its old name with `aliases: [{ name: "shop" }]`',
    );
    await project.program(renamed(OFF));
    await ok("up", "--yes", "--expect-no-changes", "--target", urn("customers"));
    expect(await identity()).toBe(before);
    await project.program(renamed(ON));
    await ok("up", "--yes");
    expect(await identity()).toContain(`"owner":"${urn("customers")}"`);
    await project.program(config("customers", here(), ON));
    await ok("preview", "--expect-no-changes");
  });

  it("destroy leaves every configuration in force, and says so", async () => {
    const before = await identity();
    expect(await ok("destroy", "--yes")).toContain(
      "kratos/shop is no longer managed; its configuration stays",
    );
    expect(await identity()).toBe(before);
    expect(await resources()).toEqual([]);
  });
});
