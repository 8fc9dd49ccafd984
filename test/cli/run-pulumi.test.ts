import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runPulumi } from "../../cli/stack-state";

const { PATH } = process.env;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "run-pulumi-"));
});
afterEach(async () => {
  process.env.PATH = PATH;
  await rm(dir, { recursive: true });
});

/** A folder with a pulumi that says `words`. */
async function pulumi(name: string, words: string): Promise<string> {
  const folder = join(dir, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "pulumi"), `#!/bin/sh\necho ${words}\n`, { mode: 0o755 });
  return folder;
}
const said = async (...folders: string[]) => {
  process.env.PATH = [...folders, PATH].join(delimiter);
  return (await runPulumi(["version"], dir, new AbortController().signal)).stdout;
};

test("npx puts the npm package's downloader first on PATH, and the CLI is taken all the same", async () => {
  const downloader = await pulumi("node_modules/.bin", "downloading");
  const cli = await pulumi("bin", "the CLI");
  expect(await said(downloader, cli)).toBe("the CLI\n");
});
