import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { COMMAND } from "../cli/pulumi-ory";

/**
 * A user's repository on its branch `main`, with our command as it is. Of Pulumi's CLI there is only what a script calls;
 * `drift` and `promote`, which need a stack, are stand-ins with tests of their own.
 */
export class Repository {
  private constructor(readonly root: string) {}

  static async create(): Promise<Repository> {
    const repository = new Repository(await mkdtemp(join(tmpdir(), "workflow-")));
    await mkdir(repository.at("runner-temp"));
    await repository.put({
      ".gitignore":
        "node_modules\n.runner\n/bin\n/calls\n/runner-temp\n/review\n/drift\n/promotion\n/event.json\n",
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n",
      "stacks/Pulumi.staging.yaml": "config: {}\n",
      "stacks/Pulumi.prod.yaml": "config:\n  promotion: { from: staging }\n",
    });
    await repository.put(
      {
        // Answers with the file that is named by the environment, and notes how it was called.
        "bin/pulumi": `#!/bin/sh\necho "$* expecting $ORY_EXPECTED_REVISION" >> "${repository.at("calls")}"\n[ -z "$EVENTS" ] || cat "$EVENTS"\nexit "\${PULUMI_EXIT:-0}"\n`,
        "node_modules/.bin/pulumi-ory": `#!/bin/sh\ncase "$1" in\ndrift) cat "$DRIFT"; exit "$DRIFT_EXIT" ;;\npromote) echo "promoted"; echo "# promoted" >> stacks/Pulumi.prod.yaml ;;\n*) exec "${process.execPath}" "${COMMAND}" "$@" ;;\nesac\n`,
      },
      0o755,
    );
    repository.git("init", "-q", "-b", "main");
    repository.commit();
    return repository;
  }

  at = (...path: string[]): string => join(this.root, ...path);

  git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], {
      cwd: this.root,
      encoding: "utf8",
    }).trim();

  put = async (files: Record<string, string>, mode = 0o644): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(this.at(name)), { recursive: true });
      await writeFile(this.at(name), text);
      await chmod(this.at(name), mode);
    }
  };

  /** Commits all that there is, and tells the commit. */
  commit = (): string => {
    this.git("add", "-A");
    this.git("commit", "-qm", "a change");
    return this.git("rev-parse", "HEAD");
  };

  remove = (): Promise<void> => rm(this.root, { recursive: true, force: true });
}
