import { isDeepStrictEqual } from "node:util";
import { isBranch } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { at, type PulumiProject, pulumiJson } from "../pulumi-project";
import type { StackFile } from "../stack-file";
import { isOwn } from "./setting-paths";

/** What a stage has proven last. */
export interface ProvenStage {
  /** Digest of its promotable config. */
  digest: string;
  /** Its target's revision; undefined where the stack does not give it out. */
  revision?: string;
  /** When, in RFC 3339. */
  at?: string;
}

/**
 * What the stack `from` has proven last. Throws UserError where that is nothing, where its last update failed, or where
 * its file says other than what that update was made from.
 * @param output The stack's output that holds the result of a SignInProof.
 */
export async function provenStage(
  project: PulumiProject,
  from: string,
  file: StackFile,
  output: string,
  signal: AbortSignal,
): Promise<ProvenStage> {
  const [outputs, history] = await Promise.all([
    pulumiJson(project, ["stack", "output", "--json", "--stack", from], signal),
    // Pulumi's CLI tells 10 unless told otherwise, and refreshes count.
    pulumiJson(project, ["stack", "history", "--json", "--stack", from, "--page-size", "100"], signal),
  ]);
  const proof = at(outputs, output);
  const digest = at(at(proof, "promotable"), "digest");
  if (typeof digest !== "string")
    throw new UserError(
      `${from} has proven nothing: its output ${output} holds no result of a SignInProof; export one there, and run \`pulumi up --stack ${from}\``,
    );
  const updates = (Array.isArray(history) ? history : []).filter((one) => at(one, "kind") === "update");
  const [last] = updates;
  if (at(last, "result") !== "succeeded")
    throw new UserError(
      `the last update of ${from} did not succeed, so what it runs is not proven; run \`pulumi up --stack ${from}\``,
    );
  const unapplied = differingSettings(file.settings(project.name), applied(at(last, "config"), project.name));
  if (unapplied.length > 0)
    throw new UserError(
      `${file.name} says other than what ${from} was updated with last: ${unapplied.join(", ")}; run \`pulumi up --stack ${from}\` first`,
    );
  const revision = at(outputs, "revision");
  const when = at(proof, "at");
  return {
    digest,
    ...(typeof revision === "string" && { revision }),
    ...(typeof when === "string" && { at: when }),
  };
}

/** The settings that an update was made from; those of Pulumi.yaml that a stack leaves out are among them. */
function applied(config: unknown, project: string): Record<string, unknown> {
  const entries = Object.entries(isBranch(config) ? config : {}).flatMap(([key, entry]) => {
    const [namespace, name] = key.split(":", 2);
    return namespace === project ? [[name!, at(entry, "objectValue") ?? at(entry, "value")] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Names of settings that differ, but for what a promotion does not read. */
function differingSettings(file: Record<string, unknown>, last: Record<string, unknown>): string[] {
  const isEmpty = (value: unknown) =>
    value === undefined ||
    value === "{}" ||
    value === "[]" ||
    isDeepStrictEqual(value, {}) ||
    isDeepStrictEqual(value, []);
  const plain = (value: unknown) => (typeof value === "object" ? value : String(value));
  return [...new Set([...Object.keys(file), ...Object.keys(last)])]
    .filter((name) => !isOwn([name]))
    .filter((name) => !(isEmpty(file[name]) && isEmpty(last[name])))
    .filter((name) => !isDeepStrictEqual(plain(file[name]), plain(last[name])))
    .sort();
}
