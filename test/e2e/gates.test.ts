import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { CODES, files, operator, shop } from "./shop";

const BOTH = `${CODES}, new ory.Passwordless("passwordless", { code: true })`;
const REFUSAL = "code-mfa-xor-passwordless: mfa_enabled and passwordless_enabled are both true";

describe.each(kratosBinaries())("both uses of codes are refused, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("in a preview, without the policy pack", async () => {
    await project.program(shop(kratos, binary, BOTH));
    const { code, output } = await project.pulumi(["preview"]);
    expect(output).toContain(REFUSAL);
    expect(code).not.toBe(0);
  });

  it("in a preview of a program in which a URL is not known yet", async () => {
    const dir = join(project.dir, "other");
    await mkdir(dir);
    await writeFile(join(dir, "kratos.yml"), stringify(operator));
    const other = {
      kratos: { name: "other", environment: "dev", dir, binary, adminUrls: [kratos.adminUrl] },
    };
    const unknown = `new ory.IdentityConfig("other", { target: ${JSON.stringify(other)}, parts: [], raw: { session: { lifespan: "1h" } } }).revision`;
    const channel = `new ory.CourierChannel("sms", { url: pulumi.interpolate\`https://sms.shop.example/\${${unknown}}\` })`;
    await project.program(shop(kratos, binary, `${BOTH}, ${channel}`));
    const { code, output } = await project.pulumi(["preview"]);
    expect(output).toContain(REFUSAL);
    expect(code).not.toBe(0);
    // The same program with one toggle passes, with the URL still unknown.
    await project.program(shop(kratos, binary, `${CODES}, ${channel}`));
    const repaired = await project.pulumi(["preview"]);
    expect(repaired.output).toContain("request_config/url: (default) => (known after apply)");
    expect(repaired.code).toBe(0);
  });

  it("by an up that skips the preview and has no policy pack, before anything is written", async () => {
    await project.program(shop(kratos, binary, BOTH));
    const before = await identity();
    const { code, output } = await project.pulumi(["up", "--yes", "--skip-preview"]);
    expect(output).toContain(REFUSAL);
    expect(code).not.toBe(0);
    expect(await identity()).toBe(before);
  });

  it("where one is declared and the other is live, while the repairing program, refresh and destroy go through", async () => {
    await project.program(shop(kratos, binary, CODES));
    const pack = ["--policy-pack", resolve(__dirname, "../../policies")];
    const first = await project.pulumi(["up", "--yes", ...pack]);
    expect(first.output).toContain("ory@v0.1.0");
    expect(first.code).toBe(0);
    const before = await identity();
    const selfservice = {
      ...(operator.selfservice as object),
      methods: { code: { passwordless_enabled: true } },
    };
    await writeFile(join(kratos.dir, "kratos.yml"), stringify({ ...operator, selfservice }));

    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await project.pulumi(args);
      expect(output).toContain(REFUSAL);
      expect(code).not.toBe(0);
    }
    expect(await identity()).toBe(before);
    expect((await project.pulumi(["refresh", "--yes"])).code).toBe(0);

    await project.program(
      shop(
        kratos,
        binary,
        'new ory.Passwordless("passwordless", { code: true }), new ory.MultiFactor("mfa", { code: false })',
      ),
    );
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
    expect(await identity()).toContain("mfa_enabled: false");
    await project.program(shop(kratos, binary, CODES));
    expect((await project.pulumi(["preview"])).code).not.toBe(0);
    expect((await project.pulumi(["destroy", "--yes"])).code).toBe(0);
  });
});
