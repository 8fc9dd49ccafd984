import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { ruleConfigs } from "../../policies/rules/rule-configs";
import { parsedJson } from "../identity-config/model";
import { networkAccess } from "../targets/network/access";
import { NetworkConnection } from "../targets/network/connection";
import { engineLog } from "./engine-log";
import { identityConfig } from "./identity-config";
import type { Common } from "./lifecycle";
import { forgetClaims } from "./ownership";
import { PACKAGE_VERSION, packageSchema } from "./schema";
import { serve } from "./server";
import { signInProof } from "./sign-in-proof";

/** The folder of Pulumi.yaml: the engine starts a plugin in the folder of the program. */
function projectRoot(folder: string): string {
  const above = dirname(folder);
  return existsSync(join(folder, "Pulumi.yaml")) || above === folder ? folder : projectRoot(above);
}

// Node lets the heap double before it looks for garbage. An unknown flag of another V8 does nothing.
setFlagsFromString("--heap-growing-percent=20");

async function main(engineAddress: string | undefined): Promise<void> {
  if (engineAddress === undefined) {
    throw new Error(
      "pulumi-resource-ory is started by the Pulumi engine, with its address as the last argument",
    );
  }
  const network = new NetworkConnection();
  const surroundings: Common = { root: projectRoot(resolve(".")), network };
  const { port, cancel } = await serve({
    version: PACKAGE_VERSION,
    schema: JSON.stringify(packageSchema()),
    resources: { "ory:index:IdentityConfig": identityConfig, "ory:index:SignInProof": signInProof },
    surroundings,
    configure: ({ rules, ...access }) => {
      network.configure(networkAccess(access));
      surroundings.rules = configuredRules(rules);
      forgetClaims();
    },
    log: engineLog(engineAddress),
  });
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
  endInOrder(cancel);
}

/** What `ory:rules` sets: a JSON text where it comes from a stack's file or from a Provider. Throws UserError. */
const configuredRules = (rules: unknown): Common["rules"] =>
  rules === undefined || rules === ""
    ? undefined
    : ruleConfigs(typeof rules === "string" ? parsedJson(rules) : rules, "ory:rules");

/** Time for a cancelled request to put things back, in milliseconds. */
const GRACE = 5_000;

/**
 * Ends, after what is running has put things back, when a signal says so, and when the engine is gone: one that was
 * killed cannot end its plugins, they get another parent.
 */
function endInOrder(cancel: () => Promise<void>): void {
  const engine = process.ppid;
  const end = (): void => {
    clearInterval(watch);
    setTimeout(() => process.exit(1), GRACE);
    void cancel().then(() => process.exit(0));
  };
  const watch = setInterval(() => process.ppid !== engine && end(), 1_000);
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}

main(
  process.argv
    .slice(2)
    .filter((argument) => !argument.startsWith("-"))
    .at(-1),
).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
