import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { files, shop } from "./shop";

const totp = (on: boolean) => `new ory.MultiFactor("second-factor", { totp: ${on}, lookupSecret: true })`;
const ENTRY = /- (\{ rule: "\S+", .*\})/g;

describe.each(kratosBinaries())("prod is weakened only with consent, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");
  const declare = (on: boolean, more = "") =>
    project.program(
      shop(kratos, binary, totp(on), more).replace('"environment":"dev"', '"environment":"prod"'),
    );

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("in the preview, by the entry that the refusal prints, once", async () => {
    await declare(true);
    const first = await project.pulumi(["up", "--yes", "--skip-preview"]);
    const adopted = [...first.output.matchAll(ENTRY)].map(([, entry]) => entry);
    await declare(true, `acknowledge: [${adopted}],`);
    expect(await project.pulumi(["up", "--yes", "--skip-preview"])).toMatchObject({ code: 0 });
    const before = await identity();

    await declare(false);
    const refused = await project.pulumi(["preview"]);
    expect(refused.output).toContain("totp/enabled: true => false (weakening: ");
    expect(refused.output).toContain("weakening-change: prod would be weakened: ");
    expect(refused.code).not.toBe(0);
    const entries = [...refused.output.matchAll(ENTRY)].map(([, entry]) => entry!);
    expect(entries.join()).toContain('from: true, to: false, reason: "why, and who agreed"');

    const lapsed = entries.map((entry) => entry.replace(/until: "[^"]*"/, 'until: "2020-01-31"'));
    for (const other of [lapsed, entries.map((entry) => entry.replace("to: false", 'to: "off"'))]) {
      await declare(false, `acknowledge: [${other}],`);
      expect((await project.pulumi(["up", "--yes", "--skip-preview"])).code).not.toBe(0);
    }
    expect(await identity()).toBe(before);

    await declare(false, `acknowledge: [${entries}],`);
    const done = await project.pulumi(["up", "--yes", "--policy-pack", join(__dirname, "../../policies")]);
    expect(done.output).toMatch(/weakening-change: .*; acknowledged until \S+: why, and who agreed/);
    expect(done.code).toBe(0);
    expect(await identity()).toMatch(/totp:\n\s+enabled: false/);

    const next = await project.pulumi(["preview", "--expect-no-changes"]);
    expect(next.output.match(/acknowledge\[0\] .* is done and no longer needed: remove it/g)).toHaveLength(1);
    expect(next.code).toBe(0);
  });
});
