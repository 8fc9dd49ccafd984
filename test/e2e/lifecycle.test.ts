import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { CODES, files, shop } from "./shop";

describe.each(kratosBinaries())("pulumi, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  const identity = () => join(kratos.dir, "identity.yml");

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
    await project.program(shop(kratos, binary, CODES));
    expect(await project.pulumi(["up", "--yes"])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("has nothing to do after the first up", async () => {
    const { code, output } = await project.pulumi(["up", "--yes", "--expect-no-changes"]);
    expect(output).toContain("4 unchanged");
    expect(code).toBe(0);
  });

  it("shows a flipped toggle and nothing else, and applies just that", async () => {
    await project.program(shop(kratos, binary, CODES.replace("totp: true", "totp: false")));
    const { output } = await project.pulumi(["preview", "--diff"]);
    const shown = output.slice(output.indexOf("~ ory:index:IdentityConfig"), output.indexOf("Resources:"));
    expect(shown.trimEnd()).toBe(
      `~ ory:index:IdentityConfig: (update)
        [id=kratos/shop]
        [urn=urn:pulumi:test::shop::ory:index:IdentityConfig::shop]
      ~ config: {
          ~ selfservice: {
              ~ methods: {
                  ~ totp: {
                      ~ enabled: true => false
                    }
                }
            }
        }
/selfservice/methods/totp/enabled: true => false (weakening: accounts can no longer be protected by an authenticator app)
journey: sign-in, TOTP enrolled: password → code by e-mail or TOTP code → signed in (aal2)  becomes  password → code by e-mail → no way on: the courier is not set up to send the code of the second factor
code-lifespan-max: lifespan is not set, which means 1h (at /selfservice/methods/code/config/lifespan); set /selfservice/methods/code/config/lifespan to "15m" or less
warning: email-needs-transport: e-mails are sent, but connection_uri is not set: unless the server's environment sets COURIER_SMTP_CONNECTION_URI, all are abandoned (at /courier/smtp/connection_uri); set /courier/smtp/connection_uri, or list the variable in target.kratos.env
warning: remove-enrolled-method: totp is switched off: whoever has it and no other second factor can no longer finish signing in (at /selfservice/methods/totp/enabled); leave it on, or delete it for those who have it (DELETE /admin/identities/<id>/credentials/<type>) before, and consent to this step`,
    );
    const before = await readFile(identity(), "utf8");
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
    const after = await readFile(identity(), "utf8");
    // The marker is new with every write.
    const unmarked = (text: string) => text.replace(/base64:\S+/, "").replace(/^revision: .*$/m, "");
    expect(after).toContain("totp:\n      enabled: false");
    expect(unmarked(after).replace("totp:\n      enabled: false", "totp:\n      enabled: true")).toBe(
      unmarked(before),
    );
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
  });

  it("shows drift by a hand edit as what is live, and undoes it", async () => {
    await project.program(shop(kratos, binary, CODES));
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
    const good = await readFile(identity(), "utf8");
    await writeFile(identity(), good.replace("mfa_enabled: true", "mfa_enabled: false"));
    const { output } = await project.pulumi(["preview", "--diff"]);
    expect(output).toContain("~ mfa_enabled: true => false");
    expect(output).toContain("~ mfa_enabled: false => true");
    expect(output).toContain("/selfservice/methods/code/mfa_enabled: false => true");
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
    expect(await readFile(identity(), "utf8")).toContain("mfa_enabled: true");
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
  });

  it("names both parts that disagree, without a stack trace, and writes nothing", async () => {
    const before = await readFile(identity(), "utf8");
    const raw = "raw: { selfservice: { methods: { totp: { enabled: false } } } },";
    await project.program(shop(kratos, binary, CODES, raw));
    const { code, output } = await project.pulumi(["up", "--yes"]);
    expect(code).not.toBe(0);
    expect(output).toContain(
      'IdentityConfig "shop": /selfservice/methods/totp/enabled is declared twice: by MultiFactor "second-factor" to true and by raw to false; keep one of them',
    );
    expect(output).not.toMatch(/\n\s+at .*:\d+/);
    expect(await readFile(identity(), "utf8")).toBe(before);
  });

  it("does not overwrite an edit made while up waits at its prompt", async () => {
    await project.program(shop(kratos, binary, CODES.replace("totp: true", "totp: false")));
    // A prompt needs a terminal, which script(1) provides.
    const run = project.start("script", ["-qfec", "pulumi up", "/dev/null"], { TERM: "xterm" });
    const prompt = new Promise<void>((seen) => {
      run.child.stdout.on(
        "data",
        () => run.output().includes("Do you want to perform this update?") && seen(),
      );
    });
    await Promise.race([prompt, run.done]);
    const edited = (await readFile(identity(), "utf8")).replace("mfa_enabled: true", "mfa_enabled: false");
    await writeFile(identity(), edited);
    // The prompt starts at "no"; "yes" is above it.
    run.child.stdin.write("\u001b[A");
    run.child.stdin.write("\r");
    const { code, output } = await run.done;
    expect(output).toContain("the live configuration has changed since the preview");
    expect(output).toContain("/selfservice/methods/code/mfa_enabled: false => true (not shown)");
    expect(code).not.toBe(0);
    expect(await readFile(identity(), "utf8")).toBe(edited);
    expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
  });

  it("leaves the configuration in force when the stack is destroyed, and says so", async () => {
    const before = await readFile(identity(), "utf8");
    const { code, output } = await project.pulumi(["destroy", "--yes"]);
    expect(output).toContain(
      "kratos/shop is no longer managed; its configuration stays in force as it stands",
    );
    expect(code).toBe(0);
    expect(await readFile(identity(), "utf8")).toBe(before);
  });
});
