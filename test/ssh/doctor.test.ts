import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { targetFindings } from "../../cli/doctor/targets";
import type { Document } from "../../infra/identity-config/model";
import type { KratosOverSsh } from "../../infra/targets/kratos/settings";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { customer, never } from "../targets/planned";
import { type Sshd, startSshd, withSshd } from "./sshd";

const PAGE = join(__dirname, "../../docs/run-kratos-on-another-host.md");
const [binary] = kratosBinaries();

withSshd("what `doctor` sees of a Kratos on another host")(
  "what `doctor` sees of a Kratos on another host",
  () => {
    let sshd: Sshd;
    let kratos: Kratos;
    const operator: Document = {
      dsn: "memory",
      selfservice: { default_browser_return_url: "https://shop.example/" },
      ...customer(),
    };
    beforeAll(async () => {
      sshd = await startSshd();
      kratos = await startKratos({ binary: binary!, files: { "kratos.yml": operator, "identity.yml": {} } });
      const serve = { admin: { host: "127.0.0.1", port: Number(new URL(kratos.adminUrl).port) } };
      await writeFile(join(kratos.dir, "kratos.yml"), stringify({ ...operator, serve }));
    });
    afterAll(async () => {
      await kratos?.stop();
      await sshd?.stop();
    });

    const doctor = async (more: Partial<KratosOverSsh> = {}) => {
      const settings: KratosOverSsh = { name: "shop", ...sshd.at, dir: kratos.dir, binary: binary!, ...more };
      const found = await targetFindings({ kratos: settings }, "/", Promise.resolve({}), never);
      return found.map(({ level, text }) => `${level} ${text}`);
    };

    it("the files, the executable, and over ssh the Admin API and its clock, as the page shows", async () => {
      const [, shown] = /^```\n\n```\n(ok .*?)\n```/ms.exec(await readFile(PAGE, "utf8"))!;
      const lines = shown!
        .replaceAll("deploy@auth-1.shop.example", sshd.at.host)
        .replaceAll("127.0.0.1:4434", new URL(kratos.adminUrl).host)
        .replaceAll("1.3.1", kratosVersion(binary!));
      const found = (await doctor()).join("\n");
      expect(found.replace(/1 s$/, "0 s")).toBe(lines.replace(/^ok +/gm, "ok "));
      expect(await doctor({ dir: "/no/such" })).toEqual([
        expect.stringMatching("^fail kratos/shop: there is no kratos-host:/no/such/kratos.yml"),
      ]);
      expect(await doctor({ binary: "/nope" })).toContainEqual(
        expect.stringMatching(
          '^fail cannot run Kratos as "/nope" on kratos-host: there is no such executable',
        ),
      );
    });

    it("a clock of another time, and a Kratos that does not run", async () => {
      const late = createServer((_, response) => {
        response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
        response.end('{"version":"v1.2.0"}');
      });
      await new Promise<void>((listening) => late.listen(0, "127.0.0.1", listening));
      const { port } = late.address() as AddressInfo;
      const other = await mkdtemp(join(tmpdir(), "late-"));
      const serve = { admin: { host: "127.0.0.1", port } };
      await writeFile(join(other, "kratos.yml"), stringify({ ...operator, serve }));
      try {
        expect(await doctor({ dir: other })).toEqual(
          expect.arrayContaining([
            `warn Kratos 1.2.0 at http://127.0.0.1:${port}/ on kratos-host is not a version that pulumi-ory is tested with`,
            expect.stringMatching(
              `^warn the clock at 127.0.0.1:${port} on kratos-host and this one differ by (3600|3599|3601) s$`,
            ),
          ]),
        );
      } finally {
        await new Promise((closed) => late.close(closed));
      }
      expect(await doctor({ dir: other })).toEqual([
        "ok kratos/shop can be read on kratos-host",
        `ok Kratos ${kratosVersion(binary!)} on kratos-host`,
        `fail kratos/shop: nothing answers at its Admin API, http://127.0.0.1:${port}/ on kratos-host`,
      ]);
      await rm(other, { recursive: true });
    });
  },
);
