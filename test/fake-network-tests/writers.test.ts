import axios from "axios";
import fc from "fast-check";
import { seededFaults } from "../fake-network";
import { CONFIG, type Console, configOf, consoleOf, failure, startConsole, stopAll } from "./console";

afterEach(stopAll);

const URLS = "/selfservice/allowed_return_urls";

/** Adds a URL to the list that was read, and starts again as often as somebody else was faster. */
async function addUrl({ read, set }: Console, url: string, pause: () => Promise<void>): Promise<number> {
  for (let conflicts = 0; ; conflicts += 1) {
    const { selfservice } = configOf(await read()) as { selfservice: { allowed_return_urls?: string[] } };
    await pause();
    try {
      await set(URLS, [...(selfservice.allowed_return_urls ?? []), url]);
      return conflicts;
    } catch (error) {
      if (!axios.isAxiosError(error) || error.response?.status !== 409) throw error;
    }
  }
}

it("loses no update of any number of writers that try again on 409, in any interleaving", async () => {
  const { network, id } = await startConsole();
  let conflicts = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 5 }), async (scheduler, writers) => {
      const project = network.projects.get(id)!;
      await consoleOf(network).set(URLS, []);
      const urls = Array.from({ length: writers }, (_, index) => `https://writer-${index}.example`);
      const done = Promise.all(
        urls.map((url) => addUrl(consoleOf(network), url, () => scheduler.schedule(Promise.resolve()))),
      );
      const counts = await scheduler.waitFor(done);
      conflicts += counts.reduce((sum, count) => sum + count, 0);
      const { allowed_return_urls } = configOf(project.project).selfservice as {
        allowed_return_urls: string[];
      };
      expect([...allowed_return_urls].sort()).toEqual(urls);
    }),
    { numRuns: 30 },
  );
  // Else nobody was ever in anybody's way.
  expect(conflicts).toBeGreaterThan(30);
});

it("keeps all updates of writers at the same moment where none gives a revision", async () => {
  const { api, id, network } = await startConsole();
  const count = 20;
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const path = `${CONFIG}${URLS}/-`;
      return api.patchProject({
        projectId: id,
        jsonPatch: [{ op: "add", path, value: `https://${index}.example` }],
      });
    }),
  );
  const { project, revisions } = network.projects.get(id)!;
  const { allowed_return_urls } = configOf(project).selfservice as { allowed_return_urls: string[] };
  expect(allowed_return_urls).toHaveLength(count + 1);
  expect(revisions.size).toBe(count + 1);
});

it("lets one of two writes on the same revision through", async () => {
  const { network, set } = await startConsole();
  const results = await Promise.allSettled([
    set("/session/lifespan", "1h"),
    consoleOf(network).set("/session/lifespan", "2h"),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

it("keeps what the other writers of a schedule wrote in the revisions", async () => {
  const { network, id, set, read } = await startConsole();
  network.setFaults(seededFaults(3, { kinds: ["write"], share: 1, calls: 4 }));
  for (const lifespan of ["1h", "2h"]) {
    await read();
    expect((await failure(set("/session/lifespan", lifespan))).status).toBe(409);
  }
  await read();
  await set("/session/lifespan", "3h");
  const { project, revisions } = network.projects.get(id)!;
  expect([...revisions.values()].map(({ writer }) => writer).join(" ")).toBe(
    "seed other other other other api",
  );
  expect(configOf(project)).toMatchObject({
    session: { lifespan: "3h0m0s" },
    selfservice: { flows: { error: { ui_url: "https://other-writer.example/error-4" } } },
  });
});
