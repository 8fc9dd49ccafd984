import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "../../infra/identity-config/model";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { applied, code, customer, never, planned } from "./planned";

const operator: Document = {
  dsn: "memory",
  selfservice: { default_browser_return_url: "https://shop.example/" },
  ...customer(),
};

describe.each(kratosBinaries())("identity.yml beside a running %s", (binary) => {
  let kratos: Kratos;
  let target: KratosTarget;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");

  beforeAll(async () => {
    kratos = await startKratos({ binary, files: { "kratos.yml": operator, "identity.yml": {} } });
    const { dir, adminUrl, publicUrl } = kratos;
    target = new KratosTarget({ name: "shop", dir, binary, adminUrls: [adminUrl], publicUrl }, "/");
    await applied(target, customer({ first: { type: "string" } }));
  });
  afterAll(() => kratos?.stop());

  it("writes nothing where the file has changed since it was read", async () => {
    const write = await planned(target, { ...customer(), ...code({ mfa_enabled: true }) });
    const edited = `${await identity()}# edited\n`;
    await writeFile(join(kratos.dir, "identity.yml"), edited);
    await expect(target.apply(write, never)).rejects.toThrow(
      "has changed since it was read; nothing was written",
    );
    expect(await identity()).toBe(edited);
  });

  it("removes what a writer that was killed has left beside the file, and nothing else", async () => {
    const names = ["identity.yml.0123456789ab", "identity.yml.last-good.0123456789ab", "identity.yml.mine"];
    for (const name of names) await writeFile(join(kratos.dir, name), "");
    await applied(target, customer({ killed: { type: "string" } }));
    expect((await readdir(kratos.dir)).sort()).toEqual([
      "identity.yml",
      "identity.yml.last-good",
      "identity.yml.mine",
      "kratos.yml",
    ]);
    await rm(join(kratos.dir, "identity.yml.mine"));
  });

  it("keeps mode and owner of the file, which holds secrets", async () => {
    await chmod(join(kratos.dir, "identity.yml"), 0o640);
    await applied(target, customer({ name: { type: "string" } }));
    expect((await stat(join(kratos.dir, "identity.yml"))).mode & 0o777).toBe(0o640);
    await rm(join(kratos.dir, "identity.yml"));
    await applied(target, customer());
    expect((await stat(join(kratos.dir, "identity.yml"))).mode & 0o777).toBe(0o600);
  });

  it("says who else can read the secrets that it wrote", async () => {
    const file = join(kratos.dir, "identity.yml");
    const smtp = (user: string): Document => ({
      ...customer(),
      courier: { smtp: { connection_uri: `smtp://${user}:canary-password@127.0.0.1:1/` } },
    });
    const warnings = async (user: string) =>
      (await target.apply(await planned(target, smtp(user)), never)).warnings;
    expect(await warnings("a")).toEqual([]);
    await chmod(file, 0o644);
    expect(await warnings("b")).toEqual([
      `everybody on this machine can read ${file}, which holds secrets: give it and ${file}.last-good to the group that Kratos runs as, and run \`chmod o-r\` on both`,
    ]);
    await rm(file);
    await applied(target, customer());
  });
});
