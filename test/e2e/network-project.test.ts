import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { canonical, canonicalLeaves } from "../../infra/identity-config/canonical";
import { documentOf, removeLeaf, valueAt } from "../../infra/identity-config/leaves";
import type { Document } from "../../infra/identity-config/model";
import { unmark } from "../../infra/targets/kratos/marker";
import { leftOut } from "../fixtures/network-project/left-out";
import { publicCall } from "../kratos/login";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { Project } from "./project";

const FIXTURE = resolve(__dirname, "../fixtures/network-project");
const source = parse(readFileSync(join(FIXTURE, "source.yml"), "utf8")) as Document;

/** The source without `paths`, in canonical form. */
function without(paths: string[]): Document {
  const leaves = canonicalLeaves(source);
  for (const path of paths) removeLeaf(leaves, path);
  return documentOf(leaves);
}

describe.each(kratosBinaries())("the identity config of an Ory Network project, on %s", (binary) => {
  const version = kratosVersion(binary);
  let kratos: Kratos;
  let project: Project;

  beforeAll(async () => {
    const { identity, selfservice } = source as { identity: Document; selfservice: Document };
    const first = {
      identity,
      selfservice: { default_browser_return_url: selfservice.default_browser_return_url! },
    };
    kratos = await startKratos({ binary, files: { "kratos.yml": {}, "identity.yml": first } });
    project = await Project.create();
    const target = {
      kratos: { name: "shop", environment: "dev", dir: kratos.dir, binary, adminUrls: [kratos.adminUrl] },
    };
    await project.program(`
import { networkProject } from "${FIXTURE}/program";
new ory.IdentityConfig("shop", { target: ${JSON.stringify(target)}, ...networkProject("${version}") });
`);
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  it.each(leftOut(version))("is not taken with %s, which is left out", async (path) => {
    const leaves = canonicalLeaves(without(leftOut(version)));
    for (const [leaf, value] of canonicalLeaves(source))
      if (`${leaf}/`.startsWith(`${path}/`)) leaves.set(leaf, value);
    expect(valueAt(source, path)).toBeDefined();
    const start = startKratos({ binary, files: { "kratos.yml": documentOf(leaves) } });
    await expect(start).rejects.toMatchObject({
      code: 1,
      log: expect.stringContaining("keys which are invalid"),
    });
  });

  it("is what the program puts in force, no more and no less", async () => {
    expect(await project.pulumi(["up", "--yes"])).toMatchObject({ code: 0 });
    const written = parse(await readFile(join(kratos.dir, "identity.yml"), "utf8")) as Document;
    expect(canonical(unmark(written))).toEqual(without(leftOut(version)));
    expect((await publicCall(kratos, "/self-service/login/api")).status).toBe(200);
  });

  it("leaves nothing to do after that", async () => {
    expect((await project.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
  });
});
