import { type FakeNetwork, seededFaults, startFakeNetwork } from "../fake-network";
import { checkOthersKept } from "../network/crossing";
import { CANARY, PROJECT } from "../network/scene";
import type { Side } from "../network/sides";
import { liveSide, networkEnv, networkShop } from "./network-shop";
import { Project } from "./project";
import { Recording } from "./recording";

const SEEDS = Array.from({ length: 25 }, (_, index) => 10_000 + index);

describe("an up of a stack on Ory Network, under faults and other writers", () => {
  let network: FakeNetwork;
  let project: Project;
  let recording: Recording;
  let wanted: Side = "old";
  beforeAll(async () => {
    network = await startFakeNetwork({ projects: [{ id: PROJECT }], quirks: { schemaIdsAfterReads: 2 } });
    project = await Project.create();
    recording = new Recording(project);
    expect(await up()).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await project?.remove();
    await network?.stop();
  });

  async function up(...more: string[]) {
    await project.program(networkShop(wanted));
    const args = ["up", "--yes", ...more, "--non-interactive"];
    const result = await project.start("pulumi", args, networkEnv(network)).done;
    await recording.keep(result);
    return result;
  }

  it.each(SEEDS)(
    "ends applied, or with the old config or the new one, and the next converges: %d",
    async (seed) => {
      const before = liveSide(network);
      const { revisions } = network.projects.get(PROJECT)!;
      const first = revisions.size - 1;
      wanted = before === "old" ? "new" : "old";
      network.setFaults(seededFaults(seed, { share: 0.6 }));
      const { code } = await up(...(seed % 3 === 0 ? [] : ["--skip-preview"]));
      network.setFaults();
      if (code === 0) expect(liveSide(network)).toBe(wanted);
      // An up that has succeeded is followed by that of the next seed.
      else expect(await up("--skip-preview")).toMatchObject({ code: 0 });
      expect(liveSide(network)).toBe(wanted);
      checkOthersKept([...revisions.values()].slice(first));
    },
  );

  it("leaves nothing to do, and no secret", async () => {
    expect(await up("--skip-preview", "--expect-no-changes")).toMatchObject({ code: 0 });
    expect(recording.lines(new RegExp(CANARY))).toEqual([]);
    expect(recording.lines(new RegExp(network.workspaceKey))).toEqual([]);
  });
});
