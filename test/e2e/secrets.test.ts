import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { Project } from "./project";
import { Recording } from "./recording";
import { files, operator, shop } from "./shop";

/** What must be seen nowhere but in identity.yml and kratos.yml: secrets of the program, the stack file, the operator. */
const CANARY = /canary-(program|stack|operator|drift)/;

describe.each(kratosBinaries())("secrets reach no state, log, diff or console, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  let recording: Recording;
  const identity = () => join(kratos.dir, "identity.yml");
  const run = (...args: string[]) => recording.run(...args);

  beforeAll(async () => {
    const courier = { smtp: { connection_uri: "smtp://user:canary-operator@127.0.0.1:9/" } };
    kratos = await startKratos({ binary, files: { ...files, "kratos.yml": { ...operator, courier } } });
    project = await Project.create();
    recording = new Recording(project);
    await project.program(
      shop(
        kratos,
        binary,
        `new ory.EmailDelivery("email", { smtp: { connectionUri: pulumi.secret("smtp://user:canary-program@127.0.0.1:9/") } }),
         new ory.CourierChannel("sms", { url: "https://sms.shop.example/", auth: { header: "X-Api-Key", value: "secret:sms-key" } })`,
        'secrets: { "sms-key": new pulumi.Config().requireSecretObject<{ "sms-key": string }>("secrets").apply((all) => all["sms-key"]) },',
      ),
    );
    await project.pulumi(["config", "set", "--secret", "--path", "secrets.sms-key", "canary-stack"]);
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it("through a first up, a changed secret, drift, a refused config and a refresh", async () => {
    expect((await run("up", "--yes", "--diff")).code).toBe(0);
    const written = await readFile(identity(), "utf8");
    expect(written).toContain("canary-program");
    expect(written).toContain("canary-stack");
    expect((await stat(identity())).mode & 0o077).toBe(0);
    expect((await run("preview", "--diff", "--expect-no-changes")).code).toBe(0);

    await project.pulumi(["config", "set", "--secret", "--path", "secrets.sms-key", "canary-stack-2"]);
    const changed = await run("preview", "--diff");
    expect(changed.output).toContain('auth/config/value: "[secret]" => "[secret]"');
    expect((await run("up", "--yes", "--diff")).code).toBe(0);

    await writeFile(
      identity(),
      (await readFile(identity(), "utf8")).replace("canary-program", "canary-drift"),
    );
    const drift = await run("preview", "--diff");
    expect(drift.output).toContain("(the live value differs)");
    expect((await run("refresh", "--yes", "--diff")).code).toBe(0);
    expect((await run("up", "--yes", "--diff")).code).toBe(0);
    expect((await run("preview", "--json")).code).toBe(0);
    expect((await run("stack", "export")).code).toBe(0);

    await project.pulumi(["config", "set", "--secret", "--path", "secrets.sms-key", "canary-stack-3"]);
    const operatorFile = join(kratos.dir, "kratos.yml");
    await writeFile(operatorFile, stringify({ ...operator, no_such_key: "canary-operator" }));
    const refused = await run("preview");
    expect(refused.output).toContain("unknown-key: kratos does not know the key");
    expect(refused.code).not.toBe(0);
    expect(recording.lines(CANARY)).toEqual([]);
  });
});
