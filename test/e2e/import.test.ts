import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { packageSchema } from "../../infra/provider/schema";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { operator } from "./shop";

/** What an operator has in two files of a Kratos that nobody manages yet. */
const OPERATOR = {
  ...operator,
  log: { level: "warning" },
  session: { lifespan: "90m" },
  courier: { smtp: { connection_uri: "smtp://user:canary-operator@127.0.0.1:9/" } },
};
const SECOND = {
  selfservice: { methods: { totp: { enabled: true }, lookup_secret: { enabled: true } } },
  courier: { http: { request_config: { headers: { Authorization: "canary-second" } } } },
};

describe.each(kratosBinaries())("importing a live configuration, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  let id: string;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");
  const declare = (body: object, options: object = {}) =>
    project.program(
      `new ory.IdentityConfig("shop", ${JSON.stringify({ target: target(), ...body })}, ${JSON.stringify(options)});`,
    );
  const target = () => ({
    kratos: { name: "shop", environment: "dev", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
  });
  const resource = async () =>
    JSON.parse(await project.state()).checkpoint.latest.resources.find(
      ({ type }: { type: string }) => type === "ory:index:IdentityConfig",
    );

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { "kratos.yml": OPERATOR, "identity.yml": SECOND } });
    project = await Project.create();
    await project.program("");
    id = `kratos/shop?dir=${kratos.dir}&environment=dev&binary=${binary}&adminUrl=${kratos.adminUrl}`;
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("refuses an id that does not tell where the files are, with the form that does", async () => {
    const args = ["import", "ory:index:IdentityConfig", "shop", "kratos/shop", "--yes"];
    const { code, output } = await project.pulumi([...args, "--generate-code=false"]);
    expect(output).toContain(
      'cannot import "kratos/shop": it does not tell where the files are; write the id as network/<project-id>, or as kratos/<name>?dir=<folder of kratos.yml>',
    );
    expect(code).not.toBe(0);
  });

  it("pulumi import takes it into the state, owns nothing, writes nothing, and shows no secret", async () => {
    const before = await identity();
    const args = ["import", "ory:index:IdentityConfig", "shop", id, "--yes", "--generate-code=false"];
    const { code, output } = await project.pulumi(args);
    expect(output).toContain(
      "left out of the import, as they hold secrets: /courier/smtp/connection_uri, /courier/http/request_config/headers/Authorization; they stay as they stand until you declare them",
    );
    expect(code).toBe(0);
    expect(await identity()).toBe(before);
    expect(await resource()).toMatchObject({
      id: "kratos/shop",
      inputs: {
        target: target(),
        owned: [],
        config: {
          session: { lifespan: "90m" },
          selfservice: SECOND.selfservice,
          identity: { schemas: [{ id: "default", url: "asset:identity/schemas/default/url.json" }] },
        },
      },
    });
    expect(output + (await project.state())).not.toContain("canary");
  });

  it("the code that Pulumi generates from the state previews without a change", async () => {
    const { inputs } = await resource();
    // What codegen/nodejs makes of a resource: its class, with the inputs that the package schema knows.
    const known = Object.keys(packageSchema().resources["ory:index:IdentityConfig"].inputProperties);
    await declare(Object.fromEntries(known.map((name) => [name, inputs[name]])), { protect: true });
    const { code, output } = await project.pulumi(["preview", "--diff", "--expect-no-changes"]);
    expect(output).not.toContain("error");
    expect(code).toBe(0);
  });

  it("a program that declares a subset changes that, shows what it was before, and resets nothing", async () => {
    await declare({ raw: { selfservice: { methods: { totp: { enabled: false } } } } });
    const preview = await project.pulumi(["preview", "--diff"]);
    expect(preview.output).toContain("~ enabled: true => false");
    expect(preview.output.match(/^\/.*=>.*$/gm)).toEqual([
      "/selfservice/methods/totp/enabled: true => false (weakening: accounts can no longer be protected by an authenticator app)",
    ]);
    const before = parse(await identity());
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
    const after = parse(await identity());
    const { revision: _, ...unmarked } = after;
    before.selfservice.methods.totp.enabled = false;
    expect(unmarked).toEqual(before);
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
    expect((await project.pulumi(["refresh", "--yes", "--expect-no-changes"])).code).toBe(0);
    expect((await resource()).outputs.leftAlone).toEqual([
      "/courier/http/request_config/headers/Authorization",
      "/selfservice/methods/lookup_secret/enabled",
    ]);
  });

  it("the option import: does the same in one up, and takes over what another resource managed", async () => {
    const [{ urn }] = [await resource()];
    expect((await project.pulumi(["state", "delete", urn, "--force", "--yes"])).code).toBe(0);
    await declare(
      { raw: { selfservice: { methods: { lookup_secret: { enabled: false } } } } },
      { import: id },
    );
    const preview = await project.pulumi(["preview", "--diff"]);
    expect(preview.output).toContain("/selfservice/methods/lookup_secret/enabled: true => false");
    expect(preview.output.match(/^\/.*=>.*$/gm)).toHaveLength(1);
    const up = await project.pulumi(["up", "--yes"]);
    expect(up.output).toContain("1 imported");
    expect(up.code).toBe(0);
    expect(parse(await identity()).selfservice.methods).toEqual({
      totp: { enabled: false },
      lookup_secret: { enabled: false },
    });
    expect((await resource()).id).toBe("kratos/shop");
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
    await declare({ raw: { selfservice: { methods: { lookup_secret: { enabled: false } } } } });
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
    expect(await project.state()).not.toContain("canary");
  });
});
