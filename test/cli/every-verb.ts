import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { files, operator } from "../e2e/shop";
import { type ManyIdentities, startManyIdentities } from "../impact/many-identities";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { FakeForge } from "./fake-forge";
import { folderWith, pulumiOry } from "./pulumi-ory";

/** How one verb is run. `$hang` is the URL of a server that never answers. */
export interface Sample {
  /** Answers, with exit code 0 or 2. */
  answers: string[];
  /** Cannot do its work. */
  fails: string[];
  /** Waits for what never comes, a way each; none where the verb waits for nothing but files. */
  waits?: string[][];
}

const SHA = "a".repeat(40);
const MARKER = ["--marker", "notes"];
const PULL = ["--branch", "b", "--base", "main", "--title", "t", "--body-file", "body.md", "kratos.yml"];
const FILES = ["--before", "kratos.yml", "--after", "new.yml"];

/** All verbs. What `pulumi-ory --help` lists and is missing here fails a test. */
export const SAMPLES: Record<string, Sample> = {
  init: { answers: ["made", "--target", "kratos"], fails: ["made"] },
  check: {
    answers: ["refused.yml"],
    fails: ["missing.yml"],
    waits: [["--stack", "prod"], ["network/shop"], ["-"]],
  },
  doctor: { answers: [], fails: ["extra"], waits: [["--stack", "prod"]] },
  drift: {
    answers: ["kratos.yml", "--live", "new.yml"],
    fails: ["kratos.yml"],
    waits: [
      ["--stack", "prod"],
      ["kratos.yml", "--live", "network/shop"],
    ],
  },
  impact: {
    answers: [...FILES, "--admin-url", "$admin"],
    fails: FILES,
    waits: [[...FILES, "--admin-url", "$hang"]],
  },
  import: {
    answers: ["kratos.yml", "--out", "imported"],
    fails: ["missing.yml"],
    waits: [["network/shop"], ["kratos.yml", "--out", "imported", "--binary", "bin/slow-kratos"]],
  },
  promote: {
    answers: ["--from", "staging", "--to", "prod"],
    fails: ["--from", "prod", "--to", "prod"],
    waits: [["--from", "staging", "--to", "prod"]],
  },
  rollback: {
    answers: ["--stack", "prod", "--list"],
    fails: ["--stack", "prod", "--end"],
    waits: [
      ["--stack", "prod"],
      ["--stack", "prod", "--list"],
    ],
  },
  verify: {
    answers: ["$kratos"],
    fails: ["shop"],
    waits: [["--stack", "prod"], ["network/shop"]],
  },
  review: {
    answers: FILES,
    fails: ["missing.jsonl"],
    waits: [["--stack", "prod"], ["--before", "network/shop", "--after", "new.yml"], ["-"]],
  },
  "ci affected": {
    answers: ["--base", "0", "staging", "prod"],
    fails: ["--base", "HEAD", "staging"],
    waits: [["--base", "HEAD", "staging"]],
  },
  "ci comment": {
    answers: ["--pull-request", "7", ...MARKER, "--remove"],
    fails: ["--pull-request", "7", ...MARKER],
    waits: [["--pull-request", "7", ...MARKER, "--remove"]],
  },
  "ci expected-revision": {
    answers: ["--commit", SHA, "--marker", "review prod"],
    fails: ["--commit", "b".repeat(40), ...MARKER],
    waits: [["--commit", SHA, ...MARKER]],
  },
  "ci issue": {
    answers: [...MARKER, "--title", "t", "--body-file", "body.md"],
    fails: [...MARKER, "--title", "t", "--body-file", "missing.md"],
    waits: [[...MARKER, "--title", "t", "--body-file", "body.md"]],
  },
  "ci pull-request": { answers: PULL, fails: [...PULL, "missing.yml"], waits: [PULL] },
  explain: { answers: ["settings-aal-bypass"], fails: ["settings-aal-bypas"] },
};

/** A Pulumi project, with all that verbs are run on. */
export interface Place {
  dir: string;
  env: NodeJS.ProcessEnv;
  /** Runs a verb of the samples. */
  run(verb: string, args: readonly string[], env?: NodeJS.ProcessEnv): ReturnType<typeof pulumiOry>;
  remove(): Promise<void>;
}

const HISTORY = JSON.stringify([{ kind: "update", result: "succeeded", version: 1, config: {} }]);
const PROOF = JSON.stringify({ proof: { promotable: { digest: "d" } }, revision: "r" });

const PROD = "config:\n  shop:promotion:\n    from: staging\n";

/** What Pulumi's CLI says of a stack that has proven its config. */
const PULUMI = `#!/bin/sh
case "$*" in
  *output*) echo '${PROOF}';;
  *history*) echo '${HISTORY}';;
  *whoami*) echo '{"url":"https://app.pulumi.example"}';;
  *export*) echo '{"deployment":{"resources":[]}}';;
  *version*) echo v3.250.0;;
  *) echo '{}';;
esac
`;

/** Makes a place of files alone, with other executables before those of PATH. */
export async function placeWith(executables: Record<string, string>): Promise<Omit<Place, "run">> {
  const kratos = JSON.stringify(operator);
  const { dir, remove } = await folderWith({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n",
    "kratos.yml": kratos,
    "new.yml": kratos.replace("{", '{"session":{"lifespan":"1h"},'),
    "refused.yml": await readFile(join(__dirname, "../fixtures/review/new.yml"), "utf8"),
    "body.md": "text\n",
  });
  for (const folder of ["stacks", "bin", "tmp", "home"]) await mkdir(join(dir, folder));
  await writeFile(join(dir, "stacks/Pulumi.staging.yaml"), "config: {}\n");
  await writeFile(join(dir, "stacks/Pulumi.prod.yaml"), PROD);
  for (const [name, text] of Object.entries(executables)) {
    await writeFile(join(dir, "bin", name), text);
    await chmod(join(dir, "bin", name), 0o755);
  }
  const env = {
    PATH: `${join(dir, "bin")}${delimiter}${process.env.PATH}`,
    HOME: join(dir, "home"),
    TMPDIR: join(dir, "tmp"),
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    ORY_WORKSPACE_API_KEY: "ory_wak_x",
    ORY_PROJECT_API_KEY: "ory_pat_x",
  };
  return { dir, env, remove };
}

/** Makes a place where every sample that answers has all that it asks: a Kratos, identities, a forge. */
export async function answeringPlace(): Promise<Place> {
  const { dir, env: own, remove } = await placeWith({ pulumi: PULUMI });
  const [binary] = kratosBinaries();
  const [kratos, identities, forge]: [Kratos, ManyIdentities, FakeForge] = await Promise.all([
    startKratos({ binary: binary!, files, args: ["--dev"] }),
    startManyIdentities(10),
    FakeForge.start(),
  ]);
  forge.branch("main", {});
  forge.pullOf("change", {
    ...{ state: "closed", merged_at: "2026-11-01T00:00:00Z", merge_commit_sha: SHA },
    head: { ref: "change", sha: SHA, repo: { full_name: forge.env.GITHUB_REPOSITORY! } },
  });
  const note = JSON.stringify({ commit: SHA, expected: "kratos/shop=r" });
  forge.commentBy(
    "github-actions[bot]",
    `<!-- pulumi-ory: review prod -->\ntext\n\n<!-- pulumi-ory note: ${note} -->\n`,
  );
  const target = `kratos/shop?dir=${kratos.dir}&environment=dev&adminUrl=${kratos.adminUrl}&publicUrl=${kratos.publicUrl}`;
  const env = { ...own, ...forge.env };
  return {
    dir,
    env,
    run: (verb, args, more = {}) =>
      pulumiOry(
        [
          ...verb.split(" "),
          ...args.map((arg) => (arg === "$kratos" ? target : arg.replace("$admin", identities.url))),
        ],
        { cwd: dir, env: { ...env, ...more } },
      ),
    remove: async () => {
      await Promise.all([kratos.stop(), identities.close(), forge.stop(), remove()]);
    },
  };
}
