import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parsedConfig } from "../../infra/targets/kratos/config-file";
import { SshConnection } from "../../infra/targets/ssh/connection";
import { readRemote } from "../../infra/targets/ssh/files";
import { SshTransport } from "../../infra/targets/ssh/transport";
import { never } from "../targets/planned";
import { type Sshd, startSshd, withSshd } from "./sshd";

/** What a shell, printf, ssh or a glob could take for something else. */
const PIECES = [
  "'",
  '"',
  "`",
  "$(touch canary)",
  "$HOME",
  "\\",
  "\\n",
  "\n",
  " ",
  "*",
  "?",
  "[a]",
  ";",
  "&",
  "|",
];
const MORE = [
  "-rf",
  "--",
  "%s",
  "%",
  "!",
  "#",
  "~",
  "<",
  ">",
  "{a,b}",
  "\t",
  "ü",
  "日本",
  "..",
  "\\0101",
  "=",
  ":",
];
const piece = fc.oneof(fc.constantFrom(...PIECES, ...MORE), fc.stringMatching(/^[a-z]{1,5}$/));
const name = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(""))
  .filter((text) => ![".", ".."].includes(text) && Buffer.byteLength(text) < 100);
const content = fc
  .array(fc.oneof(piece, fc.string({ unit: "grapheme" })), { maxLength: 30 })
  .map((pieces) => `# ${pieces.join("").replace(/[\n\r]/g, "")}\n{}\n`);

withSshd("hostile names over ssh")("over ssh, whatever a folder is called and a file holds", () => {
  let sshd: Sshd;
  let root: string;
  let connection: SshConnection;
  beforeAll(async () => {
    sshd = await startSshd();
    root = await mkdtemp(join(tmpdir(), "hostile-"));
    connection = SshConnection.to({ host: sshd.at.host, configFile: sshd.at.sshConfig! });
  });
  afterAll(async () => {
    await sshd?.stop();
    await rm(root, { recursive: true, force: true });
  });

  it("just that file is read and replaced, byte by byte, and nothing is run", async () => {
    await fc.assert(
      fc.asyncProperty(name, content, content, async (folder, before, after) => {
        const dir = join(root, folder);
        await mkdir(dir);
        const identity = join(dir, "identity.yml");
        await writeFile(identity, before, { mode: 0o604 });
        const read = await readRemote(connection, identity, "own", never);
        expect(read.text).toBe(before);
        const transport = new SshTransport(connection, { dir, operator: join(dir, "kratos.yml"), identity });
        const { revision } = await transport.deliver(
          {
            text: after,
            isSecret: false,
            evidence: undefined,
            previous: read,
            refuseStale: async () => undefined,
            prove: async () => [],
          },
          never,
        );
        expect(revision).toBe(parsedConfig("", after).revision);
        expect(await readFile(identity, "utf8")).toBe(after);
        expect(await readFile(`${identity}.last-good`, "utf8")).toBe(before);
        expect((await stat(identity)).mode & 0o777).toBe(0o604);
        expect((await readdir(dir)).sort()).toEqual(["identity.yml", "identity.yml.last-good"]);
        expect(await readdir(root)).toEqual([folder]);
        await rm(dir, { recursive: true });
      }),
      { numRuns: 40 },
    );
  });

  it("a script gets its parameters as they are", async () => {
    const script = 'next; printf "%s" "$value"';
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const { stdout } = await connection.run(script, [pieces.join("")], { signal: never });
        expect(stdout.toString("utf8")).toBe(pieces.join(""));
      }),
      { numRuns: 40 },
    );
  });
});
