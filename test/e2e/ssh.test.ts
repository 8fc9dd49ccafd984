import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { type Sshd, startSshd, withSshd } from "../ssh/sshd";
import { Project } from "./project";
import { CODES, files, shop } from "./shop";

withSshd("an update over ssh with the real engine").each(kratosBinaries())(
  "pulumi over ssh, with %s",
  (binary) => {
    let sshd: Sshd;
    let kratos: Kratos;
    let project: Project;
    const identity = () => join(kratos.dir, "identity.yml");
    const secret = 'secrets: { smtp: pulumi.secret("smtp://a:canary-of-smtp@127.0.0.1:1/") },';
    const smtp = 'raw: { courier: { smtp: { connection_uri: "secret:smtp" } } },';
    const program = (parts: string) =>
      project.program(
        shop(kratos, binary, parts, smtp + secret).replace(
          /"adminUrls":\[[^\]]*\]/,
          JSON.stringify(sshd.at).slice(1, -1),
        ),
      );

    beforeAll(async () => {
      sshd = await startSshd();
      kratos = await startKratos({ binary, files });
      const operator = parse(await readFile(join(kratos.dir, "kratos.yml"), "utf8"));
      const listener = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
      const serve = { admin: listener(kratos.adminUrl), public: listener(kratos.publicUrl) };
      await writeFile(join(kratos.dir, "kratos.yml"), stringify({ ...operator, serve }));
      project = await Project.create();
      await program(CODES);
    });
    afterAll(async () => {
      await kratos?.stop();
      await sshd?.stop();
      await project?.remove();
    });

    it("applies on the host, has nothing to do then, and leaves nothing behind", async () => {
      const TMPDIR = await mkdtemp(join(tmpdir(), "over-ssh-"));
      const { code, output } = await project.pulumi(["up", "--yes"], { TMPDIR });
      expect(output).not.toContain("unproven");
      expect(output).not.toContain("canary");
      expect(code).toBe(0);
      expect(await readFile(identity(), "utf8")).toContain("mfa_enabled: true");
      expect(await readFile(identity(), "utf8")).toContain("canary-of-smtp");
      expect(await project.state()).not.toContain("canary");
      expect((await project.pulumi(["preview", "--expect-no-changes"], { TMPDIR })).code).toBe(0);
      await waitFor("the connections to end", async () => {
        const folders = (await readdir(TMPDIR)).filter((name) => name.startsWith("ory-ssh-"));
        const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(
          `${sshd.folder}/ssh_config`,
        );
        return folders.length === 0 && !processes ? true : undefined;
      });
      await rm(TMPDIR, { recursive: true });
    });

    it("shows drift as what is live on the host, and undoes it", async () => {
      const good = await readFile(identity(), "utf8");
      await writeFile(identity(), good.replace("mfa_enabled: true", "mfa_enabled: false"));
      const { output } = await project.pulumi(["preview", "--diff"]);
      expect(output).toContain("/selfservice/methods/code/mfa_enabled: false => true");
      expect((await project.pulumi(["up", "--yes"])).code).toBe(0);
      expect(await readFile(identity(), "utf8")).toContain("mfa_enabled: true");
    });

    it("stops where the host shows another key, and says what to do", async () => {
      const known = join(sshd.folder, "known_hosts");
      const before = await readFile(known, "utf8");
      await writeFile(known, "");
      const { code, output } = await project.pulumi(["preview"]);
      expect(code).not.toBe(0);
      expect(output).toContain("cannot reach kratos-host over ssh: its host key is not known");
      expect(output).not.toContain("    at ");
      await writeFile(known, before);
    });

    it("imports from the host", async () => {
      const { host, sshConfig } = sshd.at;
      const id = `kratos/shop?dir=${kratos.dir}&ssh=${host}&sshConfig=${sshConfig}&environment=dev&binary=${binary}`;
      const other = await Project.create();
      await other.program("");
      const { code, output } = await other.pulumi([
        ...[
          "import",
          "ory:index:IdentityConfig",
          "shop",
          id,
          "--yes",
          "--generate-code=false",
          "--protect=false",
        ],
      ]);
      expect(output).not.toContain("canary");
      expect(code).toBe(0);
      await other.remove();
    });
  },
);
