import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import type { KratosFiles } from "../../infra/targets/kratos/settings";
import { revisionMarker } from "../../infra/targets/kratos/versions";
import { emailTrait, schemaUrl } from "../kratos/config";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { applied, code, customer, never, planned } from "./planned";

const operator: Document = {
  dsn: "memory",
  selfservice: { default_browser_return_url: "https://shop.example/" },
  identity: {
    default_schema_id: "old",
    schemas: [{ id: "old", url: schemaUrl({ email: emailTrait({ codes: true }) }) }],
  },
};

describe.each(kratosBinaries())("the kratos target with %s", (binary) => {
  describe("beside a running server", () => {
    let kratos: Kratos;
    let target: KratosTarget;
    const open = (more: Partial<KratosFiles> = {}) =>
      new KratosTarget(
        {
          name: "shop",
          dir: kratos.dir,
          binary,
          adminUrls: [kratos.adminUrl],
          publicUrl: kratos.publicUrl,
          ...more,
        },
        "/",
      );
    const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");

    beforeAll(async () => {
      kratos = await startKratos({ binary, files: { "kratos.yml": operator, "identity.yml": {} } });
      target = open();
    });
    afterAll(() => kratos?.stop());
    afterEach(() => jest.restoreAllMocks());

    it("writes one file, which the server then shows, and leaves the operator's as it is", async () => {
      const before = await readFile(join(kratos.dir, "kratos.yml"), "utf8");
      const { warnings } = await applied(target, customer());
      expect(warnings).toEqual([]);
      const kind = revisionMarker(kratosVersion(binary));
      const [url, marker] =
        kind === "revision-key"
          ? [`${kratos.adminUrl}/admin/health/config`, /[0-9a-f]{32}/]
          : [`${kratos.publicUrl}/schemas/customer`, /revision:[0-9a-f]{32}/];
      expect(await (await fetch(url)).text()).toMatch(marker);
      expect(await readFile(join(kratos.dir, "kratos.yml"), "utf8")).toBe(before);
      expect((await readdir(kratos.dir)).sort()).toEqual([
        "identity.yml",
        "identity.yml.last-good",
        "kratos.yml",
      ]);
    });

    it("keeps the operator's elements of an array that it adds one to", async () => {
      await applied(target, customer());
      const served = (await (await fetch(`${kratos.publicUrl}/schemas`)).json()) as { id: string }[];
      expect(served.map(({ id }) => id).sort()).toEqual(["customer", "old"]);
    });

    it("puts in force what the operator adds to such an array later, and shows it before", async () => {
      await applied(target, customer());
      const file = join(kratos.dir, "kratos.yml");
      const before = await readFile(file, "utf8");
      const edited = parse(before);
      edited.identity.schemas.push({ id: "newer", url: schemaUrl({ name: { type: "string" } }) });
      await writeFile(file, stringify(edited));
      const { changes } = (await planned(target, customer())).plan;
      expect(changes).toEqual([
        expect.objectContaining({ path: "/identity/schemas[id=newer]/url", after: expect.any(String) }),
      ]);
      expect(changes[0]).not.toHaveProperty("before");
      await applied(target, customer());
      const served = (await (await fetch(`${kratos.publicUrl}/schemas`)).json()) as { id: string }[];
      expect(served.map(({ id }) => id).sort()).toEqual(["customer", "newer", "old"]);
      await writeFile(file, before);
      await applied(target, customer());
    });

    it("undoes what somebody writes into identity.yml, and shows it before", async () => {
      await applied(target, customer());
      const edited = parse(await identity());
      edited.selfservice = { methods: { totp: { enabled: true } } };
      await writeFile(join(kratos.dir, "identity.yml"), stringify(edited));
      const write = await planned(target, customer());
      expect(write.plan.changes).toEqual([
        expect.objectContaining({ path: "/selfservice/methods/totp/enabled", before: true }),
      ]);
      expect(write.plan.changes[0]).not.toHaveProperty("after");
      await applied(target, customer());
      expect(await identity()).not.toContain("totp");
    });

    it("writes nothing where Kratos refuses the config, and says why in Kratos's words", async () => {
      await applied(target, customer());
      const before = await identity();
      const write = await planned(target, {
        ...customer(),
        ...code({ mfa_enabled: true, passwordless_enabled: true }),
      });
      await expect(target.apply(write, never)).rejects.toThrow(
        /Kratos refuses this configuration .*; nothing was written.*value must be false/s,
      );
      expect(await identity()).toBe(before);
    });

    it("writes nothing where sign-in would fail although Kratos starts", async () => {
      const before = await identity();
      const write = await planned(target, { identity: { default_schema_id: "nope" } });
      await expect(target.apply(write, never)).rejects.toThrow(
        /every sign-in fails with status 500; nothing was written: .*nope/s,
      );
      expect(await identity()).toBe(before);
    });

    it("refuses what the server's environment would override", async () => {
      const overridden = open({ env: { SELFSERVICE_METHODS_CODE_MFA_ENABLED: "false" } });
      const write = await planned(overridden, { ...customer(), ...code({ mfa_enabled: true }) });
      await expect(overridden.apply(write, never)).rejects.toThrow(
        "/selfservice/methods/code/mfa_enabled is declared as true, but SELFSERVICE_METHODS_CODE_MFA_ENABLED in target.kratos.env sets it to false",
      );
    });

    it("sees what the server's environment sets where no file does", async () => {
      const target = open({ env: { SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED: "true" } });
      expect((await target.observe(never)).effective).toMatchObject(code({ passwordless_enabled: true }));
    });

    it("tries the config with the server's environment, but never on its database", async () => {
      const dsn = `sqlite://${join(kratos.dir, "real.sqlite")}?_fk=true`;
      const write = await planned(target, customer());
      await open({ env: { DSN: dsn, SERVE_PUBLIC_PORT: "1" } }).trial(write, never);
      expect(await readdir(kratos.dir)).not.toContain("real.sqlite");
      const both = open({ env: { SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED: "true" } });
      await expect(
        both.trial(await planned(both, { ...customer(), ...code({ mfa_enabled: true }) }), never),
      ).rejects.toThrow("Kratos refuses this configuration");
    });

    it("shows no secret of a refused config", async () => {
      const declared = { courier: { smtp: { connection_uri: "canary-scheme://canary-user" } } };
      const write = await planned(target, declared, ["canary-scheme://canary-user"]);
      const error = await target.trial(write, never).catch((reason: Error) => reason);
      expect(String(error)).toContain("Kratos refuses this configuration");
      expect(String(error)).not.toContain("canary");
    });

    it("stops the trial at once when it is cancelled, and leaves no process and no folder", async () => {
      // A folder of its own: other tests try configs, too.
      const tmp = await mkdtemp(join(tmpdir(), "cancelled-"));
      jest.spyOn(os, "tmpdir").mockReturnValue(tmp);
      const folder = async () => (await readdir(tmp)).find((one) => /^ory-/.test(one));
      const processes = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
      const write = await planned(target, { ...customer(), ...code({ mfa_enabled: true }) });
      const abort = new AbortController();
      const refused = expect(target.apply(write, abort.signal)).rejects.toThrow();
      const made = await waitFor("the trial's folder", folder);
      const isRunning = () => processes().includes(`serve -c ${join(tmp, made)}`) || undefined;
      await waitFor("the trial's Kratos", isRunning);
      abort.abort();
      await refused;
      expect(await readdir(tmp)).toEqual([]);
      expect(processes()).not.toContain(made);
      await rm(tmp, { recursive: true });
    });
  });

  it("puts the old file back where the running server does not take the new one", async () => {
    const kratos = await startKratos({ binary, files: { "kratos.yml": operator } });
    try {
      const target = new KratosTarget(
        { name: "shop", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
        "/",
      );
      const write = await planned(target, customer());
      await expect(target.apply(write, never)).rejects.toThrow(
        /did not load the new identity.yml, the old one was put back; .*kratos serve -c kratos.yml -c identity.yml/,
      );
      expect(await readdir(kratos.dir)).toEqual(["kratos.yml"]);
    } finally {
      await kratos.stop();
    }
  });

  describe("without a running server", () => {
    let dir: string;
    const open = (more: Partial<KratosFiles> = {}) =>
      new KratosTarget(
        { name: "shop", dir: "kratos", binary, adminUrls: ["http://127.0.0.1:9"], ...more },
        dir,
      );

    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), "target-"));
      execFileSync("mkdir", [join(dir, "kratos")]);
      await writeFile(join(dir, "kratos", "kratos.yml"), stringify(operator));
    });
    afterEach(() => rm(dir, { recursive: true }));

    it("writes the file and says that it is unproven", async () => {
      const { warnings } = await applied(open(), customer());
      expect(warnings).toEqual([expect.stringMatching(/^not running: unproven; nothing answers at http:/)]);
    });

    it("reads anchors and merge keys of the operator's file, as Kratos does", async () => {
      const methods = "{ totp: &on { enabled: true }, lookup_secret: { <<: *on } }";
      const selfservice = `selfservice: { default_browser_return_url: https://shop.example/, methods: ${methods} }`;
      const schemas = stringify({ identity: operator.identity });
      await writeFile(join(dir, "kratos", "kratos.yml"), `${selfservice}\n${schemas}`);
      const { effective } = await open().observe(never);
      expect(effective).toMatchObject({ selfservice: { methods: { lookup_secret: { enabled: true } } } });
      await applied(open(), customer());
    });

    it("says which executable it needs where it finds none", async () => {
      const target = open({ binary: "no-such-kratos" });
      await expect(target.observe(never)).rejects.toThrow(
        'cannot run Kratos as "no-such-kratos": there is no such executable; put the executable that your server runs on PATH, or name it in target.kratos.binary',
      );
    });

    it("says where it looked for the operator's file", async () => {
      await expect(open({ config: "other.yml" }).observe(never)).rejects.toThrow(
        /there is no .*other.yml: target.kratos.dir must be/,
      );
    });

    it.each([
      ["a: [", "not valid YAML"],
      ["- a", "its top level must be a mapping"],
    ])("says why it cannot read the operator's file %j", async (text, reason) => {
      await writeFile(join(dir, "kratos", "kratos.yml"), text);
      await expect(open().observe(never)).rejects.toThrow(reason);
    });

    it("lets two writers take turns: one wins, the other sees that the file has changed", async () => {
      const [a, b] = [open(), open()];
      const writes = [
        await planned(a, customer()),
        await planned(b, customer({ name: { type: "string" } })),
      ] as const;
      const results = await Promise.allSettled([a.apply(writes[0], never), b.apply(writes[1], never)]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const loser = results.find((result) => result.status === "rejected");
      expect(String(loser?.reason)).toContain("has changed since it was read");
    });
  });
});
