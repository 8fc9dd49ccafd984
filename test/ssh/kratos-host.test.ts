import { execFileSync, spawnSync } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import which from "which";
import { END, FOLDER, OPERATOR, shellCommand } from "../../infra/components/kratos-host-scripts";
import { units } from "../../infra/components/kratos-host-units";

const skipped = (what: string, why: string): void => void process.stderr.write(`skipped: ${what}, ${why}\n`);

const isRoot = userInfo().uid === 0;
if (!isRoot) skipped("what KratosHost does to files", "as only root may give files away");
const asRoot = isRoot ? describe : describe.skip;

const analyze = which.sync("systemd-analyze", { nothrow: true });
if (analyze === null) skipped("KratosHost's units, judged by systemd", "as no systemd-analyze is on PATH");
const bySystemd = analyze === null ? it.skip : it;

asRoot("KratosHost's steps, run by a shell", () => {
  let root: string;
  const run = (command: string, input = "") =>
    execFileSync("sh", ["-c", command], { input, encoding: "utf8" });
  const fails = (command: string, input = "") =>
    spawnSync("sh", ["-c", command], { input, encoding: "utf8" });
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "kratos-host-"));
  });
  afterAll(() => rm(root, { recursive: true }));

  it("make a folder whose group comes to new files, and leave an identity.yml as it is", async () => {
    const dir = join(root, "it's $(a) folder");
    run(shellCommand(FOLDER, dir, "daemon", "root"));
    expect((await stat(dir)).mode & 0o7777).toBe(0o2750);
    const file = join(dir, "identity.yml");
    const { mode, gid } = await stat(file);
    expect(mode & 0o777).toBe(0o640);
    expect(gid).toBe((await stat(dir)).gid);
    await writeFile(file, "session: {}\n");
    run(shellCommand(FOLDER, dir, "daemon", "root"));
    expect(await readFile(file, "utf8")).toBe("session: {}\n");
    expect(await readdir(dir)).toEqual(["identity.yml"]);
  });

  it("write kratos.yml from standard input, and tell its digest alone", async () => {
    const dir = await mkdtemp(join(root, "kratos-"));
    const told = run(shellCommand(OPERATOR, dir, "daemon", "nobody"), `dsn: canary\n${END}\n`);
    expect(told).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await readFile(join(dir, "kratos.yml"), "utf8")).toBe("dsn: canary\n");
    const { mode, uid } = await stat(join(dir, "kratos.yml"));
    expect(mode & 0o777).toBe(0o640);
    expect(String(uid)).toBe(run("id -u nobody").trim());
  });

  it.each(["", "dsn: can", "dsn: canary\n", `dsn: canary\n${END.slice(0, -1)}`])(
    "keep the old kratos.yml where the new one is cut off: %j",
    async (received) => {
      const dir = await mkdtemp(join(root, "cut-"));
      await writeFile(join(dir, "kratos.yml"), "dsn: old\n");
      const { status, stdout, stderr } = fails(shellCommand(OPERATOR, dir, "daemon", "nobody"), received);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toBe(`${dir}/kratos.yml did not arrive as a whole; the old one is in force\n`);
      expect(await readFile(join(dir, "kratos.yml"), "utf8")).toBe("dsn: old\n");
      expect(await readdir(dir)).toEqual(["kratos.yml"]);
    },
  );

  it("give identity.yml and the one before to who signs in and to Kratos, where these change", async () => {
    const dir = join(root, "given");
    run(shellCommand(FOLDER, dir, "daemon", "root"));
    await writeFile(join(dir, "identity.yml.last-good"), "{}\n", { mode: 0o600 });
    await writeFile(join(dir, "schema.json"), "{}\n");
    await chown(join(dir, "identity.yml"), 0, 0);
    run(shellCommand(FOLDER, dir, "daemon", "nobody"));
    for (const name of ["identity.yml", "identity.yml.last-good"])
      expect(run(`stat -c "%U %G %a" ${dir}/${name}`)).toBe("nobody daemon 640\n");
  });

  it("leave a folder that holds what is not Kratos's", async () => {
    const dir = join(root, "shared");
    await mkdir(dir, { mode: 0o755 });
    for (const name of ["kratos.yml", "hydra.yml"]) await writeFile(join(dir, name), "");
    const { status, stderr } = fails(shellCommand(FOLDER, dir, "daemon", "nobody"));
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${dir} holds hydra.yml, which others may use, and would get another owner and mode: name a folder of Kratos's own as dir\n`,
    });
    expect(run(`stat -c "%U %a" ${dir}`)).toBe("root 755\n");
    expect((await readdir(dir)).sort()).toEqual(["hydra.yml", "kratos.yml"]);
    await rm(join(dir, "hydra.yml"));
    run(shellCommand(FOLDER, dir, "daemon", "nobody"));
    expect(run(`stat -c "%U %a" ${dir}`)).toBe("nobody 2750\n");
  });
});

bySystemd("systemd takes KratosHost's units", async () => {
  const dir = await mkdtemp(join(tmpdir(), "units-"));
  const text = units({ dir: "/etc/kratos", binary: "/bin/true", user: "root", mark: "# mark" });
  const names: string[] = [];
  for (const [, name, content] of text.matchAll(/#unit (\S+)\n(.*?)(?=#unit |$)/gs)) {
    await writeFile(join(dir, name!), content!);
    names.push(join(dir, name!));
  }
  expect(names.length).toBe(4);
  const { status, stderr } = spawnSync(analyze!, ["verify", "--man=no", ...names], { encoding: "utf8" });
  expect(stderr.split("\n").filter((line) => line.includes(dir))).toEqual([]);
  expect(status).toBe(0);
  await rm(dir, { recursive: true });
});
