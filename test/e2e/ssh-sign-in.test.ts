import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { pulumiOry } from "../cli/pulumi-ory";
import { kratosConfig } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { type Sshd, startSshd, withSshd } from "../ssh/sshd";
import { Project } from "./project";
import { CODES, shop } from "./shop";

const PAGE = join(__dirname, "../../docs/run-kratos-on-another-host.md");
const [binary] = kratosBinaries();

withSshd("sign-in of a Kratos on another host")("sign-in of a Kratos on another host", () => {
  let outbox: Outbox;
  let sshd: Sshd;
  let kratos: Kratos;
  let project: Project;
  let page: string;

  /** What stands on the page, with the host and the server of this test. */
  const here = (text: string) =>
    text
      .replaceAll("deploy@auth-1.shop.example", sshd.at.host)
      .replaceAll("/etc/kratos", kratos.dir)
      .replaceAll("http://127.0.0.1:4434/", kratos.adminUrl)
      .replaceAll("http://127.0.0.1:4433/", kratos.publicUrl);
  const command = (verb: string) =>
    here(new RegExp(`^pulumi-ory ${verb} (.*)$`, "m").exec(page)![1]!).replaceAll("'", "");
  /** The target of the page's first example. */
  const target = (more: object = {}) => {
    const { kratos } = parse(here(/^```yaml\n(.*?)^```/ms.exec(page)![1]!)).config["shop:target"];
    return { kratos: { ...kratos, hostKey: sshd.hostKey, sshConfig: sshd.at.sshConfig, binary, ...more } };
  };
  const urls = () => ({ adminUrls: [kratos.adminUrl], publicUrl: kratos.publicUrl });
  const program = (more: object) =>
    project.program(`${shop({ dir: "", adminUrl: "" }, "", CODES)
      .replace(/target: .*,\n/, `target: ${JSON.stringify(target(more))},\n`)
      .replace("export const revision =", "const identity =")
      .replace("}).revision;", "});")}
new ory.SignInProof("sign-in", { of: identity, as: ["password+email"] });`);

  beforeAll(async () => {
    page = await readFile(PAGE, "utf8");
    [outbox, sshd, project] = await Promise.all([startOutbox(), startSshd(), Project.create()]);
    const files = { "kratos.yml": kratosConfig(outbox), "identity.yml": {} };
    kratos = await startKratos({ binary: binary!, files, args: ["--dev", "--watch-courier"] });
  });
  afterAll(async () => {
    await Promise.all([kratos?.stop(), sshd?.stop(), outbox?.close(), project?.remove()]);
  });

  it("is proven where both APIs are reached from here; where they are not, what to do is said", async () => {
    await program({ adminUrls: [kratos.adminUrl] });
    const { output } = await project.pulumi(["up", "--yes"]);
    expect(output).toContain(
      "name in target.kratos.publicUrl and target.kratos.adminUrls where its APIs are reached from this machine, such as the ends of two `ssh -L`",
    );
    await program(urls());
    const proven = await project.pulumi(["up", "--yes"]);
    expect(proven.output).toContain("password+email: whoami reaches aal2");
    expect(proven.code).toBe(0);
  });

  it("is verified as the page says", async () => {
    const id = `${command("verify")}&sshConfig=${sshd.at.sshConfig}&binary=${binary}`;
    const { code, stdout, stderr } = await pulumiOry(["verify", id]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ {2}ok +sign-in, .*password → code by e-mail → signed in \(aal2\)$/m);
    expect(code).toBe(0);
    const unreached = await pulumiOry(["verify", id.replace(/&(admin|public)Url=[^&]*/g, "")]);
    expect(unreached.stderr).toContain(
      "where its APIs are reached from this machine, such as the ends of two",
    );
    expect(unreached.code).toBe(1);
  });

  describe("is looked at by doctor, which", () => {
    const doctor = async (settings: object) => {
      const file = join(project.dir, "Pulumi.test.yaml");
      await writeFile(
        file,
        stringify({ ...parse(await readFile(file, "utf8")), config: { "shop:target": settings } }),
      );
      const args = command("doctor").replace("staging", "test").split(" ");
      const env = {
        PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
      };
      return pulumiOry(["doctor", ...args], { cwd: project.dir, env });
    };

    it("reaches the host, and the APIs that are named", async () => {
      const { stdout } = await doctor(target(urls()));
      const [said] = /^ok {4}kratos\/shop can be read on .*$/m.exec(here(page))!;
      expect(stdout).toContain(`${said}\n`);
      expect(stdout).toContain(`on ${sshd.at.host}\n`);
      expect(stdout).toContain(`its Admin API answers at ${kratos.adminUrl}`);
      expect(stdout).toContain(`its Public API answers at ${kratos.publicUrl}`);
    });

    it("names a host key that is another one, a host that is not there, and an executable that is none", async () => {
      const other = target({
        hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUvNZk4uZPZ5x2CfF4Jb4yK9sQmDU2O6nK8n7Y0a1bc",
      });
      const wrong = await doctor(other);
      expect(wrong.stdout).toContain(
        "its host key is not that of target.kratos.hostKey: the host was made anew, or",
      );
      expect(wrong.code).toBe(2);
      expect((await doctor(target({ host: "deploy@no-such-host.invalid" }))).stdout).toContain(
        "cannot reach deploy@no-such-host.invalid over ssh: there is no host of that name",
      );
      expect((await doctor(target({ publicUrl: "http://127.0.0.1:1/" }))).stdout).toContain(
        "nothing answers at its Public API, http://127.0.0.1:1/",
      );
    });
  });
});
