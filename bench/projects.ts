/** Many projects on Ory Network in one stack: time over what the engine itself takes, and the provider's memory. */

import { Project } from "../test/e2e/project";
import { startFakeNetwork } from "../test/fake-network";
import { codeMfa, inputs, NetworkScene } from "../test/network/scene";
import { Resource } from "../test/provider/resource";
import { type Row, timed } from "./measurement";
import { residentMegabytes } from "./provider";

const COUNTS = [1, 100, 1_000] as const;

const seeds = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `p${index}` }));

export async function projectRows(): Promise<Row[]> {
  return [...(await timeRows()), ...(await memoryRows())];
}

/** A first `up` of so many projects, and of as many components, which only the engine has to do with. */
async function timeRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of COUNTS) {
    const network = await startFakeNetwork({ projects: seeds(count) });
    const env = {
      ORY_CONSOLE_URL: network.consoleUrl,
      ORY_WORKSPACE_API_KEY: network.workspaceKey,
      // The engine writes its whole state after each resource, which takes minutes for a thousand of any kind.
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
    };
    const up = async (resource: string) => {
      const project = await Project.create();
      try {
        await project.program(`for (let index = 0; index < ${count}; index++) ${resource};`);
        return await timed(async () => {
          const { code, output } = await project.pulumi(["up", "--yes", "--skip-preview"], env);
          if (code !== 0) throw new Error(`an up of ${count} resources failed:\n${output.slice(-2_000)}`);
        });
      } finally {
        await project.remove();
      }
    };
    try {
      const engine = await up('new pulumi.ComponentResource("bench:index:Nothing", "p" + index)');
      const target = '{ network: { project: "p" + index, environment: "dev" } }';
      const raw = JSON.stringify(codeMfa(true));
      const ours = await up(`new ory.IdentityConfig("p" + index, { target: ${target}, raw: ${raw} })`);
      const calls = network.calls.filter(({ api }) => api === "console").length;
      const revisions = [...network.projects.values()].reduce(
        (sum, project) => sum + project.revisions.size - 1,
        0,
      );
      rows.push(
        { name: `first up of ${count} projects`, value: ours, unit: "ms", calls, revisions, runs: 1 },
        { name: `  over ${count} components, for each`, value: (ours - engine) / count, unit: "ms", runs: 1 },
      );
    } finally {
      await network.stop();
    }
  }
  return rows;
}

async function memoryRows(): Promise<Row[]> {
  const projects = seeds(Math.max(...COUNTS));
  const scene = await NetworkScene.start({ projects });
  try {
    const idle = residentMegabytes(scene.plugin);
    const rows: Row[] = [{ name: "provider memory, idle", value: idle, unit: "MB", runs: 1 }];
    let done = 0;
    for (const count of COUNTS) {
      const batch = projects.slice(done, count).map(({ id }) => created(scene, id));
      await Promise.all(batch);
      done = count;
      rows.push({
        name: `provider memory after ${count} projects over idle`,
        value: residentMegabytes(scene.plugin) / idle,
        unit: "x",
        runs: 1,
      });
    }
    return rows;
  } finally {
    await scene.stop();
  }
}

async function created(scene: NetworkScene, project: string): Promise<void> {
  const resource = new Resource(scene.plugin, `urn:pulumi:test::shop::ory:index:IdentityConfig::${project}`);
  const target = { network: { project, environment: "dev" } };
  const { inputs: news } = await resource.check(inputs(codeMfa(true), { target }));
  await resource.create(news);
}
