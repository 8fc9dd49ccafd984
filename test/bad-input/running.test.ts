import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSocket, type Server } from "node:net";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { type Kratos, startKratos } from "../kratos/server";
import { describeScene, OPERATOR } from "./scene";

const started = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

describeScene("what answers or happens during an update", (scene, expectTold) => {
  describe("at the Admin API", () => {
    it.each<[string, RequestListener]>([
      ["a server that knows no such path", answering(404, "<html>canary</html>")],
      ["a server that answers everything with a page", answering(200, "<html>canary</html>")],
      ["a server that answers JSON", answering(200, '{"status":"ok"}')],
      ["a server whose version is none", answering(200, '{"version":"master"}')],
      ["a server that is broken", answering(500, '{"version":"v1.3.1"}')],
      ["a login page of a gateway", answering(302, "", { location: "/login?redirect=/admin/version" })],
      ["a server that hangs", () => {}],
      ["a server that breaks off", (request) => request.socket.destroy()],
      ["a server that never ends", (_request, response) => response.write("x".repeat(1000))],
    ])("%s", async (_what, listener) => {
      const server = createServer(listener);
      const url = await started(server);
      const target = scene.target({ adminUrls: [url] });
      expectTold(await scene.refusal(scene.inputs({}, { target })));
      server.closeAllConnections();
      server.close();
    });

    it("a server that speaks no HTTP", async () => {
      const server = createSocket((socket) => socket.end("220 canary ESMTP\r\n"));
      const url = await started(server);
      // Named by the operator's own file.
      const serve = { admin: { host: "127.0.0.1", port: Number(new URL(url).port) } };
      await scene.write("kratos.yml", { ...OPERATOR, serve });
      const target = scene.target({ adminUrls: undefined });
      expectTold(await scene.refusal(scene.inputs({}, { target })));
      server.close();
    });
  });

  describe("beside a running Kratos", () => {
    let kratos: Kratos;
    const start = async () => {
      kratos = await startKratos({
        binary: scene.binary,
        files: { "kratos.yml": { ...OPERATOR, dsn: "memory" } },
      });
    };
    afterEach(() => kratos?.stop());

    it("which is another one", async () => {
      await start();
      const target = scene.target({ adminUrls: [kratos.adminUrl] });
      expectTold(await scene.refusal(scene.inputs({}, { target }), { wrote: true }));
    });

    it("of which only the public API is named", async () => {
      await start();
      const target = scene.target({ adminUrls: [kratos.publicUrl] });
      expectTold(await scene.refusal(scene.inputs({}, { target })));
    });

    it("that refuses what the trial took, since its environment says more", async () => {
      const identity = await scene.write("identity.yml", "{}\n");
      kratos = await startKratos({
        binary: scene.binary,
        files: { "kratos.yml": { ...OPERATOR, dsn: "memory" } },
        args: ["-c", identity],
        env: { SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED: "true" },
      });
      const target = scene.target({ adminUrls: [kratos.adminUrl] });
      const config = { selfservice: { methods: { code: { mfa_enabled: true } } } };
      expectTold(
        await scene.refusal(scene.inputs(config, { target }), {
          wrote: true,
          // The old file, kept before the new one is written.
          except: "identity.yml.last-good",
        }),
      );
    });

    it("that dies in mid-apply", async () => {
      await start();
      const once = join(scene.root, "once");
      const pid = execFileSync("pgrep", ["-f", `${kratos.dir}/kratos.yml`], { encoding: "utf8" }).trim();
      const program = await scene.script(
        "killer",
        `if [ "$1" = serve ]; then if [ -e ${once} ]; then kill -9 ${pid}; fi; touch ${once}; fi`,
        `exec ${scene.binary} "$@"`,
      );
      const target = scene.target({ adminUrls: [kratos.adminUrl], binary: program });
      expectTold(await scene.refusal(scene.inputs({}, { target }), { wrote: true }));
    });
  });

  /** A Kratos whose trial in the update does something first. */
  const meanwhile = async (name: string, command: string) => {
    const once = join(scene.root, `${name}-once`);
    const lines = [`if [ "$1" = serve ]; then if [ -e ${once} ]; then ${command}; fi; touch ${once}; fi`];
    return scene.target({ binary: await scene.script(name, ...lines, `exec ${scene.binary} "$@"`) });
  };

  describe("in mid-apply, kratos.yml", () => {
    const file = () => join(scene.dir, "kratos.yml");

    it.each<[string, () => string]>([
      ["is edited", () => `echo 'session: {lifespan: 2h}' >> ${file()}`],
      ["is broken", () => `echo '[canary' > ${file()}`],
      ["is removed", () => `rm ${file()}`],
    ])("%s", async (name, command) => {
      await scene.write("identity.yml", "session: {lifespan: 1h}\n");
      const target = await meanwhile(`operator-${name.replace(" ", "-")}`, command());
      expectTold(await scene.refusal(scene.inputs({}, { target }), { except: "kratos.yml" }));
    });

    it("is commented on, which changes nothing", async () => {
      const target = await meanwhile("commented", `echo '# by hand' >> ${file()}`);
      await scene.up(scene.inputs({}, { target }));
      expect(await readFile(file(), "utf8")).toContain("# by hand");
    });
  });

  it("identity.yml is locked by a process that lives on", async () => {
    const identity = await scene.write("identity.yml", "session: {lifespan: 1h}\n");
    const release = await lock(identity, { realpath: false, stale: 10_000 });
    try {
      // Whoever holds the lock touches it.
      expectTold(await scene.refusal(scene.inputs(), { except: "identity.yml.lock" }));
    } finally {
      await release();
    }
  });

  describe("in mid-apply, identity.yml", () => {
    const file = () => join(scene.dir, "identity.yml");

    it.each<[string, () => string, string]>([
      ["is edited", () => `echo 'session: {lifespan: 2h}' > ${file()}`, "session: {lifespan: 2h}\n"],
      ["is emptied", () => `: > ${file()}`, ""],
      ["is broken", () => `echo '[' > ${file()}`, "[\n"],
    ])("%s", async (name, command, after) => {
      await scene.write("identity.yml", "session: {lifespan: 1h}\n");
      const target = await meanwhile(name.replace(" ", "-"), command());
      const said = await scene.refusal(scene.inputs({}, { target }), { except: "identity.yml" });
      expectTold(said);
      expect(await readFile(file(), "utf8")).toBe(after);
    });

    it.each<[string, () => string]>([
      ["is removed", () => `rm ${file()}`],
      ["is replaced by a link", () => `ln -sf /etc/hostname ${file()}`],
      ["is replaced by a folder", () => `rm ${file()} && mkdir ${file()}`],
    ])("%s", async (name, command) => {
      await scene.write("identity.yml", "session: {lifespan: 1h}\n");
      const target = await meanwhile(name.replaceAll(" ", "-"), command());
      expectTold(await scene.refusal(scene.inputs({}, { target }), { except: "identity.yml" }));
    });
  });
});
