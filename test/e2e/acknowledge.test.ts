import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createIdentity, passwordLogin } from "../kratos/login";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { enrolTotp } from "../kratos/settings";
import { Project } from "./project";
import { files, shop } from "./shop";

const totp = (on: boolean) => `new ory.MultiFactor("second-factor", { totp: ${on}, lookupSecret: true })`;
/** What the README shows of this refusal. */
const readme = /^## Changes that weaken[\s\S]*?^```\n([\s\S]*?)^```/m
  .exec(readFileSync(join(__dirname, "../../README.md"), "utf8"))![1]!
  .trim()
  .split("\n")
  .map((line) => line.trim());
const EMAIL = "person@shop.example";
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

  it("in the preview, by the entry that the refusal prints, until its day and its step are over", async () => {
    // What stands in no file yet is a change from Kratos's default, some of it weakening: taken over as dev.
    await project.program(shop(kratos, binary, totp(true)));
    expect(await project.pulumi(["up", "--yes", "--skip-preview"])).toMatchObject({ code: 0 });
    const before = await identity();

    await createIdentity(kratos, { email: EMAIL });
    await enrolTotp(kratos, await passwordLogin(kratos, EMAIL));
    await declare(false);
    const refused = await project.pulumi(["preview"], { ORY_IMPACT_SAMPLE: "100" });
    expect(refused.output).toContain("impact: 1 of 1 identities will be locked out\n");
    expect(refused.output).toContain(
      "impact: 1 of 1 identities are enrolled in a method that is switched off\n",
    );
    expect(refused.output).not.toContain(EMAIL);
    expect(refused.output).toContain("totp/enabled: true => false (weakening: ");
    expect(refused.output).toContain("weakening-change: prod would be weakened: ");
    expect(refused.code).not.toBe(0);
    const lines = refused.output.replace(/until: "[^"]*"/g, 'until: "2026-12-07"').split("\n");
    expect(lines.map((line) => line.trim())).toEqual(expect.arrayContaining(readme));
    const entries = [...refused.output.matchAll(ENTRY)].map(([, entry]) => entry!);
    expect(entries.join()).toContain('from: true, to: false, reason: "why, and who agreed"');

    const lapsed = entries.map((entry) => entry.replace(/until: "[^"]*"/, 'until: "2020-01-31"'));
    await declare(false, `acknowledge: [${lapsed}],`);
    const expired = await project.pulumi(["up", "--yes", "--skip-preview"]);
    expect(expired.output).toContain("(it was acknowledged until 2020-01-31, which is over)");
    expect(expired.code).not.toBe(0);
    expect(await identity()).toBe(before);

    await declare(false, `acknowledge: [${entries}],`);
    const done = await project.pulumi(["up", "--yes", "--policy-pack", join(__dirname, "../../policies")]);
    expect(done.output).toMatch(/weakening-change: .*; acknowledged until \S+: why, and who agreed/);
    expect(done.code).toBe(0);
    expect(await identity()).toMatch(/totp:\n\s+enabled: false/);

    const next = await project.pulumi(["preview", "--expect-no-changes"]);
    expect(next.output).toMatch(/acknowledge\[0\] .* is done and no longer needed: remove it/);
    expect(next.code).toBe(0);
  });
});
