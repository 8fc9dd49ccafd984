import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { create } from "tar";
import { fetchKratosRelease, kratosArchive } from "../../toolchain/kratos-release";
import { folder, removeFolders, script } from "./fake-tool";

const ARCHIVE = kratosArchive("1.3.1");
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await removeFolders();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function release() {
  const source = await folder();
  await script(source, "kratos", "echo Version: v1.3.1");
  await script(source, "README.md");
  const file = join(await folder(), ARCHIVE);
  await create({ gzip: true, cwd: source, file }, ["kratos", "README.md"]);
  const archive = await readFile(file);
  const checksum = createHash("sha256").update(archive).digest("hex");
  return { archive, checksums: `${"0".repeat(64)}  other.tar.gz\n${checksum}  ${ARCHIVE}\n` };
}

function answers(files: { archive: Buffer; checksums: string }): RequestListener {
  return (request, response) => {
    const body = {
      "/v1.3.1/checksums.txt": files.checksums,
      [`/v1.3.1/${ARCHIVE}`]: files.archive,
    }[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  };
}

describe("kratosArchive", () => {
  it.each([
    ["linux", "x64", "kratos_1.3.1-linux_sqlite_64bit.tar.gz"],
    ["linux", "arm64", "kratos_1.3.1-linux_sqlite_arm64.tar.gz"],
    ["darwin", "arm64", "kratos_1.3.1-macOS_sqlite_arm64.tar.gz"],
  ] as const)("names the one for %s on %s", (platform, arch, name) => {
    expect(kratosArchive("1.3.1", platform, arch)).toBe(name);
  });

  it("says where there is none", () => {
    expect(() => kratosArchive("1.3.1", "aix", "ppc64")).toThrow(
      "the release has no archive for aix on ppc64",
    );
  });
});

describe("fetchKratosRelease", () => {
  it("unpacks the executable alone", async () => {
    const directory = await folder();
    await fetchKratosRelease("1.3.1", directory, await serve(answers(await release())));
    expect(await readFile(join(directory, "bin", "kratos"), "utf8")).toContain("v1.3.1");
    await expect(readFile(join(directory, "bin", "README.md"))).rejects.toThrow("ENOENT");
  });

  it("refuses an archive that is not the one of the checksums", async () => {
    const files = await release();
    files.archive = Buffer.concat([files.archive, Buffer.from("more")]);
    const url = await serve(answers(files));
    await expect(fetchKratosRelease("1.3.1", await folder(), url)).rejects.toThrow(
      /has checksum [0-9a-f]{64}, its release says [0-9a-f]{64}/,
    );
  });

  it("refuses an archive that the checksums do not list", async () => {
    const url = await serve(answers({ ...(await release()), checksums: `abc  other-${ARCHIVE}.sbom\n` }));
    await expect(fetchKratosRelease("1.3.1", await folder(), url)).rejects.toThrow(
      `does not list ${ARCHIVE}`,
    );
  });

  it("tries again after a broken connection and after a server error", async () => {
    const good = answers(await release());
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? "");
      const times = asked.filter((path) => path === request.url).length;
      if (times > 1) {
        good(request, response);
      } else if (request.url?.endsWith(".txt")) {
        response.writeHead(503).end();
      } else {
        response.writeHead(200, { "content-length": "100000" });
        response.write("half", () => response.destroy());
      }
    });
    const directory = await folder();
    await fetchKratosRelease("1.3.1", directory, url);
    expect(asked).toHaveLength(4);
  });

  it("gives up at once where the release is not there", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(404).end();
    });
    await expect(fetchKratosRelease("1.3.1", await folder(), url)).rejects.toThrow("404");
    expect(asked).toHaveLength(1);
  });
});
