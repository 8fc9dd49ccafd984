/**
 * A provider that shows the document in the environment variable EFFECTIVE as what will be in force and judges nothing,
 * so that only the policy pack can refuse. Prints its port.
 */
import type { Lifecycle } from "../../infra/provider/lifecycle";
import { packageSchema } from "../../infra/provider/schema";
import { serve } from "../../infra/provider/server";
import { NetworkConnection } from "../../infra/targets/network/connection";

const document = JSON.parse(process.env.EFFECTIVE!);
const review = {
  declared: document,
  effective: document,
  target: "kratos",
  kratosVersion: "v1.3.1",
  environment: process.env.ENVIRONMENT,
};

const lenient: Lifecycle = {
  check: async (inputs) => ({ inputs, failures: [] }),
  diff: async () => ({ changed: false, paths: new Map() }),
  create: async (_inputs, preview) => ({ id: "kratos/shop", outputs: { review: preview ? review : {} } }),
  update: async () => ({}),
  read: async (old) => old,
  delete: async () => {},
};

void serve({
  version: "0.1.0",
  schema: JSON.stringify(packageSchema()),
  resources: { "ory:index:IdentityConfig": lenient },
  surroundings: { root: process.cwd(), network: new NetworkConnection() },
  configure: () => {},
  log: async () => {},
}).then(({ port }) => console.log(port));
