import satisfies from "semver/functions/satisfies";
import { findExecutable, isOnPath } from "../../infra/targets/kratos/executable";
import { runPulumi } from "../stack-state";
import { VERSION } from "../version";
import { about, type Finding } from "./finding";

/** The Kratos versions that every test of this package runs on. */
export const TESTED_KRATOS: readonly string[] = ["1.3.1", "26.2.0"];
/** Before 3.221 policy packs ran through another executable. */
export const PULUMI_RANGE = ">=3.221.0 <4";
const NODE_RANGE: string = require("pulumi-ory/package.json").engines.node;

const { ok, warn, fail } = about("versions");

/** Of this package, Node, Pulumi's CLI, and the Kratos on PATH that configs are tried on. */
export async function versions(signal: AbortSignal): Promise<Finding[]> {
  const [pulumi, kratos] = await Promise.all([pulumiVersion(signal), kratosOnPath(signal)]);
  const node = process.versions.node;
  return [
    ok(`pulumi-ory ${VERSION}`),
    satisfies(node, NODE_RANGE)
      ? ok(`Node ${node}`)
      : fail(`Node ${node} is none that pulumi-ory runs on`, `install Node ${NODE_RANGE}`),
    pulumi,
    kratos,
  ];
}

async function pulumiVersion(signal: AbortSignal): Promise<Finding> {
  const { code, stdout } = await runPulumi(["version"], ".", signal);
  const version = stdout.trim().replace(/^v/, "");
  if (code === undefined)
    return fail("pulumi is not on PATH", "install Pulumi's CLI: https://www.pulumi.com/docs/install/");
  if (code !== 0) return fail(`pulumi version ended with ${code}`, "install Pulumi's CLI anew");
  return satisfies(version, PULUMI_RANGE)
    ? ok(`Pulumi ${version}`)
    : fail(`Pulumi ${version} is none that pulumi-ory is for`, `install Pulumi ${PULUMI_RANGE}`);
}

async function kratosOnPath(signal: AbortSignal): Promise<Finding> {
  if (!(await isOnPath("kratos")))
    return ok("no Kratos on PATH; configs of self-hosted ones are tried on target.kratos.binary only");
  try {
    const { version } = await findExecutable("kratos", signal);
    return kratosFinding(version, "on PATH", about("versions"));
  } catch (error) {
    signal.throwIfAborted();
    return warn((error as Error).message, "put the Kratos that your server runs on PATH");
  }
}

/** How a version of Kratos stands to those that are tested. */
export const kratosFinding = (version: string, where: string, { ok, warn } = about("targets")): Finding =>
  TESTED_KRATOS.includes(version)
    ? ok(`Kratos ${version} ${where}`)
    : warn(
        `Kratos ${version} ${where} is not a version that pulumi-ory is tested with`,
        `nothing, where previews are right; tested are ${TESTED_KRATOS.join(" and ")}`,
      );
