/**
 * A program of its own, since an Output that rejects ends the process it lives in. Seals each document below and
 * prints, as JSON, the distinct errors that Pulumi's runner would report for it, and whether it would hide their stacks.
 */
import { setImmediate } from "node:timers/promises";
import { output, RunError, runtime, secret } from "@pulumi/pulumi";
import { Asset } from "../../infra/components/asset";
import { seal } from "../../infra/components/seal";

const documents: Record<string, Record<string, unknown>> = {
  object: { session: output({ whoami: { required_aal: "aal1" } }) },
  "list of objects": { courier: { channels: output([{ id: "sms" }]) } },
  asset: { session: output(new Asset("name", "text")) },
  "secret object": { session: secret({ key: "canary" }) },
  "secret number": { session: secret(12345) },
};

async function main(): Promise<void> {
  const reported = new Set<Error>();
  process.on("unhandledRejection", (error) => reported.add(error as Error));
  const outcomes: Record<string, unknown> = {};
  for (const [name, document] of Object.entries(documents)) {
    reported.clear();
    const { config, secrets } = seal(document, {});
    await runtime.serializeProperties("", { config, secrets }).catch((error) => reported.add(error));
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    outcomes[name] = [...reported].map((error) => ({
      hidesStack: RunError.isInstance(error),
      message: error.message,
    }));
  }
  console.log(JSON.stringify(outcomes));
}

void main();
