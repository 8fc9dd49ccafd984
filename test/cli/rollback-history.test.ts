import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { updatesOf } from "../../cli/rollback/history";

const mockHomes = { homedir: "", own: "" };
jest.mock("node:os", () => ({
  ...jest.requireActual<object>("node:os"),
  homedir: () => mockHomes.homedir,
  userInfo: () => ({ homedir: mockHomes.own }),
}));

let dir: string;
const { PATH } = process.env;
const project = { root: ".", name: "shop", stackFile: () => "Pulumi.prod.yaml" };
const updates = () => updatesOf(project, "organization/shop/prod", new AbortController().signal);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "rollback-"));
  await Promise.all(["bin", "home", "own"].map((name) => mkdir(join(dir, name))));
  const pulumi = join(dir, "bin", "pulumi");
  await writeFile(pulumi, `#!/bin/sh\necho '{"url":"file://~"}'\n`);
  await chmod(pulumi, 0o755);
  process.env.PATH = `${join(dir, "bin")}${delimiter}${PATH}`;
  Object.assign(mockHomes, { homedir: join(dir, "home"), own: join(dir, "own") });
});
afterEach(async () => {
  process.env.PATH = PATH;
  await rm(dir, { recursive: true });
});

const update = async (home: string) => {
  const history = join(dir, home, ".pulumi/history/shop/prod");
  await mkdir(history, { recursive: true });
  const entry = { kind: "update", result: "succeeded", endTime: 1_800_000_000 };
  await writeFile(join(history, "prod-1.history.json"), JSON.stringify(entry));
};

it.each(["home", "own"])(
  "the updates of file://~ are found in the folder that Pulumi takes, %s",
  async (home) => {
    await update(home);
    expect(await updates()).toMatchObject([{ version: 1, at: "2027-01-15T08:00:00Z" }]);
  },
);

it("a stack that has had no update is told so, with where one was looked for", async () => {
  const places = ["home", "own"].map((home) => join(dir, home, ".pulumi/history/shop/prod"));
  await expect(updates()).rejects.toThrow(
    `organization/shop/prod has had no update: there is no ${places.join(", nor ")}`,
  );
});
