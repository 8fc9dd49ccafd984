import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { Project } from "./project";
import { operator } from "./shop";

const ROOT = join(__dirname, "..", "..");

let project: Project;

beforeAll(async () => {
  project = await Project.create();
});
afterAll(async () => {
  await project?.remove();
});

test("`pulumi new` makes a working project of another name from this folder", async () => {
  const template = join(project.dir, "template");
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
  for (const file of files.filter((name) => name !== "" && !name.startsWith("test/"))) {
    mkdirSync(dirname(join(template, file)), { recursive: true });
    cpSync(join(ROOT, file), join(template, file));
  }
  const made = join(project.dir, "made");
  const options = ["--generate-only", "--yes", "--name", "acme", "--dir", made];
  expect(await project.pulumi(["new", template, ...options])).toMatchObject({ code: 0 });
  expect(parse(readFileSync(join(made, "Pulumi.yaml"), "utf8"))).toMatchObject({ name: "acme" });

  // As `npm ci && npm run build` would do.
  for (const folder of ["node_modules", "bin"]) execFileSync("ln", ["-s", join(ROOT, folder), made]);
  const dir = join(project.dir, "kratos");
  mkdirSync(dir);
  writeFileSync(join(dir, "kratos.yml"), stringify(operator));
  const stackFile = join(made, "stacks", "Pulumi.dev.yaml");
  writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace("dir: .local/kratos", `dir: ${dir}`));
  const inIt = (...args: string[]) => project.pulumi([...args, "--cwd", made]);
  expect(await inIt("stack", "init", "dev")).toMatchObject({ code: 0 });
  const { code, output } = await inIt("preview");
  expect(output).toContain("/selfservice/methods/code/mfa_enabled: (default) => true (hardening: ");
  expect(output).toMatch(/\+ \d+ to create/);
  expect(code).toBe(0);
});
