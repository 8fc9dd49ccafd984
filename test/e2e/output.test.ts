import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumiOry } from "../cli/pulumi-ory";
import { BODY } from "../kratos/config";
import { MountedVolume } from "../kratos/mounted-volume";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { Project } from "./project";
import { Recording } from "./recording";
import { operator } from "./shop";

/** Leaves to the test what Kubernetes would do, and proves sign-in. */
const DELIVERED = `
if (!pulumi.runtime.isDryRun()) identity.rendered.apply((text) => writeFileSync("handed-over.yml", text));
new ory.SignInProof("sign-in", { of: identity, as: ["password+email"] });`;

const CANARY = "canary-smtp-password";

describe.each(kratosBinaries())("a config that is handed over, with %s", (binary) => {
  let outbox: Outbox;
  let volume: MountedVolume;
  let kratos: Kratos;
  let project: Project;
  let recording: Recording;
  /** What the program has handed over. */
  const handedOver = () => readFile(join(project.dir, "handed-over.yml"), "utf8").catch(() => undefined);
  /** The output of the stack. */
  const rendered = async () =>
    (await project.pulumi(["stack", "output", "rendered", "--show-secrets"])).output;
  /** What Kubernetes does with a Secret that was updated: some time later, the pod sees it. */
  const deliver = async () => volume.deliver(await waitFor("the rendered config", handedOver, 60_000));
  const run = (...args: string[]) => recording.run(...args);
  /** The identity config for `kratos`, and what becomes of it. */
  const program = (parts: string, delivery: string): string => `
import { writeFileSync } from "node:fs";
void writeFileSync;
const target = { kratos: { name: "shop", environment: "dev", transport: "output" as const, binary: ${JSON.stringify(binary)},
  config: ${JSON.stringify(`${kratos.dir}/kratos.yml`)},
  adminUrls: [${JSON.stringify(kratos.adminUrl)}], publicUrl: ${JSON.stringify(kratos.publicUrl)} } };
const identity = new ory.IdentityConfig("shop", {
  target,
  parts: [
    new ory.IdentitySchema("customer", {
      default: true,
      traits: { email: ory.email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    new ory.MultiFactor("second-factor", { code: true }),
    new ory.RequiredAal("aal", { session: "highest_available" }),
    ${parts}
  ],
  raw: { courier: { smtp: { connection_uri: pulumi.secret("smtp://user:${CANARY}@127.0.0.1:9/") } } },
});
export const rendered = identity.rendered;
${delivery}`;

  beforeAll(async () => {
    outbox = await startOutbox();
    const request = { url: `${outbox.url}/email`, method: "POST", body: BODY };
    const courier = { delivery_strategy: "http", http: { request_config: request } };
    volume = await MountedVolume.create("identity.yml", "{}\n");
    kratos = await startKratos({
      binary,
      files: { "kratos.yml": { ...operator, courier } },
      args: ["-c", volume.path, "--dev", "--watch-courier"],
    });
    project = await Project.create();
    recording = new Recording(project);
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
    await volume?.remove();
    await project?.remove();
  });

  it("is brought to the server by the program, and sign-in is proven, in one update", async () => {
    await project.program(program("", DELIVERED));
    const preview = await run("preview", "--diff");
    expect(preview.output).toContain("/selfservice/methods/code/mfa_enabled: (default) => true");
    expect(preview.output).not.toContain("not tried");
    expect(preview.code).toBe(0);
    expect(await handedOver()).toBeUndefined();

    const update = project.start("pulumi", ["up", "--yes", "--non-interactive"]);
    await Promise.race([update.done, deliver()]);
    const { code, output } = await update.done;
    await recording.keep({ code, output });
    expect(output).toContain("waiting until the running server shows the new config");
    expect(output).toContain("password+email: whoami reaches aal2");
    expect(code).toBe(0);
  });

  it("is not touched where nothing changes", async () => {
    const { code, output } = await run("up", "--yes", "--expect-no-changes", "--diff");
    expect(output).not.toContain("does not show the config");
    expect(code).toBe(0);
    expect(`${await handedOver()}\n`).toBe(await rendered());
  });

  it("is what `check --stack` and `verify --stack` look at, together with the operator's own file", async () => {
    const env = {
      PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const cli = (args: string[], more: NodeJS.ProcessEnv = {}) =>
      pulumiOry([...args, "--stack", "test"], { cwd: project.dir, env: { ...env, ...more } });
    const verified = await cli(["verify"]);
    expect(verified.stdout).toMatch(
      /^ {2}ok +sign-in, .*: password → code by e-mail.* → signed in \(aal2\)$/m,
    );
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    const checked = await cli(["check", "--json"]);
    const [report] = JSON.parse(checked.stdout).reports;
    expect(report).toMatchObject({ subject: "kratos-output/shop", environment: "dev" });
    // The operator's file alone has none.
    const paths = report.findings.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(["/selfservice/methods/code/config/lifespan"]);
    expect(verified.stdout + checked.stdout).not.toContain(CANARY);
    for (const verb of ["verify", "check"]) {
      const locked = await cli([verb], { PULUMI_CONFIG_PASSPHRASE: "wrong" });
      expect(locked.stderr).toContain("could not be decrypted; set PULUMI_CONFIG_PASSPHRASE");
      expect(locked).toMatchObject({ code: 1, stdout: "" });
    }
  });

  it("shows a flipped toggle and nothing else, and tells when it was not brought to the server", async () => {
    await project.program(program('new ory.Recovery("recovery", { use: "link" }),', ""));
    const { output, code } = await run("preview", "--diff");
    expect(output).toContain("/selfservice/flows/recovery/enabled: (default) => true");
    // As a change, in Pulumi's words or ours.
    expect(output).not.toMatch(/[~+-] mfa_enabled\s*:|mfa_enabled: .* => /);
    expect(code).toBe(0);
    expect((await run("up", "--yes", "--diff")).code).toBe(0);
    const next = await run("preview", "--expect-no-changes");
    expect(next.output).toContain(
      `the Kratos at ${kratos.adminUrl} does not show the config that was rendered last`,
    );
    expect(next.code).toBe(0);
    await volume.deliver(await rendered());
    await waitFor("the recovery flow", async () => {
      const { status } = await fetch(`${kratos.publicUrl}/self-service/recovery/api`, { redirect: "manual" });
      return status === 200 ? status : undefined;
    });
    expect((await run("preview", "--expect-no-changes")).output).not.toContain("does not show");
  });

  it("is a secret in the state, and in nothing that is shown", async () => {
    expect(await rendered()).toContain(CANARY);
    expect((await run("stack", "output")).output).toContain("[secret]");
    expect((await run("refresh", "--yes", "--diff")).code).toBe(0);
    expect((await run("preview", "--json")).code).toBe(0);
    expect((await run("destroy", "--yes", "--diff")).code).toBe(0);
    expect(recording.lines(new RegExp(CANARY))).toEqual([]);
    expect(recording.lines(/"rendered"/)).not.toEqual([]);
  });
});
