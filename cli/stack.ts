import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Document, isBranch, parsedJson } from "../infra/identity-config/model";
import { resolveReferences } from "../infra/identity-config/references";
import { UserError } from "../infra/identity-config/user-error";
import type { TargetSettings } from "../infra/targets/open";
import { targetSubject } from "./live";
import { withProgress } from "./progress";
import type { Subject } from "./subjects";

const TYPE = "ory:index:IdentityConfig";

/**
 * What the targets of a stack's identity configs run, which is what the last `pulumi up` has made of them and whatever
 * was changed since. What a coming `pulumi up` would do, its preview judges by the same rules. Secrets of the stack are
 * not asked for.
 */
export async function stackSubjects(stack: string, signal: AbortSignal): Promise<Subject[]> {
  const root = projectRoot();
  const state = parsedJson(await withProgress(`reading the stack ${stack}…`, exported(stack, root, signal)));
  const resources = at(at(state, "deployment"), "resources");
  const configs = (Array.isArray(resources) ? resources : []).filter((one) => at(one, "type") === TYPE);
  if (configs.length === 0)
    throw new UserError(
      `the stack ${stack} has no identity config: nothing was applied yet, or all of it was destroyed`,
    );
  const subjects: Subject[] = [];
  for (const resource of configs) {
    const { target, config, assets } = at(resource, "inputs") as Record<string, unknown>;
    const { document } = resolveReferences(config as Document, assets as Record<string, unknown>, {});
    const settings = target as TargetSettings;
    if (settings.kratos?.transport === "output")
      throw new UserError(
        `cannot check ${at(resource, "id")}: what it runs is a secret of the state, as its transport is "output"; \`pulumi preview\` runs the same rules on it`,
      );
    subjects.push(await targetSubject(settings, document, root, signal));
  }
  return subjects;
}

const at = (value: unknown, name: string): unknown => (isBranch(value) ? value[name] : undefined);

/** The folder of Pulumi.yaml: this one, or the nearest above. */
function projectRoot(): string {
  for (let folder = resolve("."); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder)
      throw new UserError(
        "there is no Pulumi.yaml here, nor above: go to the folder of the Pulumi project, or name files or a target",
      );
  }
}

/** The stack's state, in which secrets are encrypted. */
function exported(stack: string, cwd: string, signal: AbortSignal): Promise<string> {
  const child = spawn("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let [output, complaint] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  return new Promise((done, fail) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "pulumi is not on PATH" : error.message;
      fail(new UserError(`cannot read the stack ${stack}: ${reason}`));
    });
    child.once("close", (code) => {
      if (code === 0) done(output);
      else fail(new UserError(`cannot read the stack ${stack}: ${complaint.trim().replace(/^error: /, "")}`));
    });
  });
}
