/** A process that counts the identities at the URL that is its argument; prints milliseconds and megabytes by the way. */
import type { Config } from "../infra/identity-config/journeys/config";
import { measureImpact } from "../infra/impact/impact";

const EVERY = 100_000;
const [, , adminUrl, before, after] = process.argv;
const marks: { milliseconds: number; megabytes: number }[] = [];
let since = performance.now();

const config = (document: string): Config => ({
  document: JSON.parse(document),
  target: "kratos",
  kratosVersion: "1.3.1",
});

function mark(): void {
  const now = performance.now();
  marks.push({ milliseconds: now - since, megabytes: process.memoryUsage().rss / 2 ** 20 });
  since = now;
}

async function main(): Promise<void> {
  const { identities } = await measureImpact({
    api: { adminUrl: adminUrl! },
    before: config(before!),
    after: config(after!),
    onProgress: (progress) => {
      if (progress.identities % EVERY === 0) mark();
    },
  });
  mark();
  process.stdout.write(JSON.stringify({ identities, marks, peak: process.resourceUsage().maxRSS / 2 ** 10 }));
}

main().catch((error: Error) => {
  console.error(`error: ${error.stack}`);
  process.exitCode = 1;
});
