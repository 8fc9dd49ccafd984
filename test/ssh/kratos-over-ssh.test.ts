import { execFileSync } from "node:child_process";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import type { KratosOverSsh } from "../../infra/targets/kratos/settings";
import type { Write } from "../../infra/targets/target";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { applied, code, customer, never, planned } from "../targets/planned";
import { type Sshd, startSshd, withSshd } from "./sshd";

const operator: Document = {
  dsn: "memory",
  selfservice: { default_browser_return_url: "https://shop.example/" },
  ...customer(),
};

/** What stands in the temporary folder of the host, and runs there, for trials: of other tests, too. */
const trials = async () => [
  ...(await readdir("/tmp")).filter((name) => /^ory-[A-Za-z0-9]{12}$/.test(name)),
  ...execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => /serve -c \/tmp\/ory-/.test(line)),
];

/** Sees that no trial is left behind; those of others end, too. */
async function noTrialIsLeft(): Promise<void> {
  const found = await trials();
  await waitFor("trials to leave nothing behind", async () => {
    const now = await trials();
    return found.some((one) => now.includes(one)) ? undefined : true;
  });
}

withSshd("the kratos target over ssh").each(kratosBinaries())(
  "the kratos target over ssh with %s",
  (binary) => {
    let sshd: Sshd;
    let kratos: Kratos;
    let target: KratosTarget;
    const file = (name = "identity.yml") => join(kratos.dir, name);
    const identity = () => readFile(file(), "utf8");
    const open = (more: Partial<KratosOverSsh> = {}) =>
      new KratosTarget({ name: "shop", ...sshd.at, dir: kratos.dir, binary, ...more }, "/");

    beforeAll(async () => {
      sshd = await startSshd();
      kratos = await startKratos({ binary, files: { "kratos.yml": operator, "identity.yml": {} } });
      const listener = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
      const serve = { admin: listener(kratos.adminUrl), public: listener(kratos.publicUrl) };
      await writeFile(file("kratos.yml"), stringify({ ...operator, serve }));
      target = open();
    });
    afterAll(async () => {
      await kratos?.stop();
      await sshd?.stop();
    });

    it("writes one file on the host, which the server there then shows, asked over ssh", async () => {
      const before = await readFile(file("kratos.yml"), "utf8");
      const { warnings } = await applied(target, customer({ first: { type: "string" } }));
      expect(warnings).toEqual([]);
      expect(await identity()).toContain("# pulumi-ory: ");
      expect(await readFile(file("kratos.yml"), "utf8")).toBe(before);
      expect((await readdir(kratos.dir)).sort()).toEqual([
        "identity.yml",
        "identity.yml.last-good",
        "kratos.yml",
      ]);
      expect((await target.observe(never)).kratosVersion).toBe(kratosVersion(binary));
      await noTrialIsLeft();
    });

    it("asks the Admin APIs that are named from here", async () => {
      const { warnings } = await applied(
        open({ adminUrls: [kratos.adminUrl] }),
        customer({ named: { type: "string" } }),
      );
      expect(warnings).toEqual([]);
    });

    it("undoes what somebody writes into identity.yml, and shows it before", async () => {
      await applied(target, customer());
      const edited = parse(await identity());
      edited.selfservice = { methods: { totp: { enabled: true } } };
      await writeFile(file(), stringify(edited));
      expect((await planned(target, customer())).plan.changes).toEqual([
        expect.objectContaining({ path: "/selfservice/methods/totp/enabled", before: true }),
      ]);
      await applied(target, customer());
      expect(await identity()).not.toContain("totp");
    });

    it("writes nothing where the file has changed since it was read", async () => {
      const write = await planned(target, { ...customer(), ...code({ mfa_enabled: true }) });
      const edited = `${await identity()}# edited\n`;
      await writeFile(file(), edited);
      await expect(target.apply(write, never)).rejects.toThrow(
        `kratos-host:${file()} has changed since it was read; nothing was written`,
      );
      expect(await identity()).toBe(edited);
      expect(await readdir(kratos.dir)).not.toContain("identity.yml.lock");
    });

    it("keeps mode and owner of the file, and the one before; a new one is for its owner alone", async () => {
      await chmod(file(), 0o640);
      const before = await identity();
      await applied(target, customer({ name: { type: "string" } }));
      expect((await stat(file())).mode & 0o777).toBe(0o640);
      expect(await readFile(file("identity.yml.last-good"), "utf8")).toBe(before);
      await rm(file());
      await applied(target, customer());
      expect((await stat(file())).mode & 0o777).toBe(0o600);
      expect(await readdir(kratos.dir)).not.toContain("identity.yml.last-good");
    });

    it("removes what a writer that was killed has left beside the file, and nothing else", async () => {
      const names = ["identity.yml.0123456789ab", "identity.yml.last-good.0123456789ab", "identity.yml.mine"];
      for (const name of names) await writeFile(file(name), "");
      await applied(target, customer({ killed: { type: "string" } }));
      expect((await readdir(kratos.dir)).sort()).toEqual([
        "identity.yml",
        "identity.yml.last-good",
        "identity.yml.mine",
        "kratos.yml",
      ]);
      await rm(file("identity.yml.mine"));
    });

    it("says who on the host can read the secrets that it wrote", async () => {
      await chmod(file(), 0o644);
      const uri = "smtp://a:canary-password@127.0.0.1:1/";
      const write = await planned(target, { ...customer(), courier: { smtp: { connection_uri: uri } } });
      expect((await target.apply(write, never)).warnings).toEqual([
        expect.stringMatching(/^everybody on kratos-host can read .*identity.yml, which holds secrets/),
      ]);
      await rm(file());
      await applied(target, customer());
    });

    it("tries the config on the host, and says in Kratos's words why it is refused", async () => {
      const before = await identity();
      const declared = { ...customer(), ...code({ mfa_enabled: true, passwordless_enabled: true }) };
      const write = await planned(target, declared);
      await expect(target.apply(write, never)).rejects.toThrow(
        /Kratos refuses this configuration .*; nothing was written.*value must be false/s,
      );
      expect(await identity()).toBe(before);
      await noTrialIsLeft();
    });

    it("has Kratos evaluate Jsonnet on the host", async () => {
      const body = `base64://${Buffer.from("function(ctx) { a: ").toString("base64")}`;
      const channel = {
        id: "sms",
        type: "http",
        request_config: { url: "http://127.0.0.1:9/", method: "POST", body },
      };
      const write = await planned(target, { ...customer(), courier: { channels: [channel] } });
      await expect(target.trial(write, never)).rejects.toThrow(/Kratos cannot run this Jsonnet/);
    });

    it("tries it with the environment that the server has, which is in no command line", async () => {
      const env = { SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED: "true", CANARY: "canary-of-env" };
      const both = open({ env });
      const write = await planned(both, { ...customer(), ...code({ mfa_enabled: true }) });
      await expect(both.trial(write, never)).rejects.toThrow("Kratos refuses this configuration");
    });

    it("shows no secret in any command line, on either side", async () => {
      const uri = "smtp://a:canary-of-smtp@127.0.0.1:1/";
      const target = open({ env: { CANARY: "canary-of-env" } });
      const seen: string[] = [];
      const look = setInterval(
        () => seen.push(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })),
        30,
      );
      const declared = { ...customer(), courier: { smtp: { connection_uri: uri } } };
      await target.apply(await planned(target, declared, [uri]), never);
      clearInterval(look);
      expect(seen.join("\n")).toContain("serve -c /tmp/ory-");
      expect(seen.join("\n")).not.toContain("canary");
      await applied(target, customer());
    });

    it("lets writers here and over ssh take turns: one wins, the other sees that the file has changed", async () => {
      const here = new KratosTarget(
        { name: "shop", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
        "/",
      );
      const others = [open(), open({ hostKey: sshd.hostKey }), here];
      const writes: Write[] = [];
      for (const [index, one] of others.entries())
        writes.push(await planned(one, customer({ [`writer${index}`]: { type: "string" } })));
      const results = await Promise.allSettled(others.map((one, index) => one.apply(writes[index]!, never)));
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
      for (const result of results)
        if (result.status === "rejected")
          expect(String(result.reason)).toContain("has changed since it was read");
      await applied(target, customer());
    });

    it("says which executable the host lacks", async () => {
      await expect(
        open({ binary: "no-such-kratos" }).trial(await planned(target, customer()), never),
      ).rejects.toThrow(
        'cannot run Kratos as "no-such-kratos" on kratos-host: there is no such executable; put the executable that your server runs on the PATH that ssh finds there, or name it in target.kratos.binary',
      );
      await expect(open({ binary: "/tmp" }).trial(await planned(target, customer()), never)).rejects.toThrow(
        "it is a folder",
      );
      await expect(
        open({ binary: "/bin/true" }).trial(await planned(target, customer()), never),
      ).rejects.toThrow("it does not tell its version, so it is no Kratos");
    });

    it("has the host put the old file back where the server there does not take the new one", async () => {
      const listening = parse(await readFile(file("kratos.yml"), "utf8")).serve;
      const other = await startKratos({ binary, files: { "kratos.yml": operator } });
      const port = Number(new URL(other.adminUrl).port);
      const serve = { ...listening, admin: { host: "127.0.0.1", port } };
      await writeFile(join(other.dir, "kratos.yml"), stringify({ ...operator, serve }));
      const target = open({ dir: other.dir });
      await expect(target.apply(await planned(target, customer()), never)).rejects.toThrow(
        /did not load the new identity.yml, the old one was put back/,
      );
      expect(await readdir(other.dir)).toEqual(["kratos.yml"]);
      await other.stop();
    });

    it("says where it looked for the operator's file, and what is in the way of reading one", async () => {
      await expect(open({ dir: "/no/such" }).observe(never)).rejects.toThrow(
        "there is no kratos-host:/no/such/kratos.yml: target.kratos.dir must be",
      );
      await expect(open({ dir: file("kratos.yml") }).observe(never)).rejects.toThrow(
        "a part of this path is a file, not a folder",
      );
      await expect(open({ config: "." }).observe(never)).rejects.toThrow(
        "it is a folder; a file must be there",
      );
    });
  },
);
