import { type LeafSchemas, object } from "./json-schema";
import { kratosSchema } from "./kratos/settings-schema";
import { networkSchema } from "./network/settings-schema";

/** JSON schema of TargetSettings. */
export const targetSchema = (leaves: LeafSchemas) => ({
  ...object({ kratos: kratosSchema(leaves), network: networkSchema(leaves) }),
  minProperties: 1,
  maxProperties: 1,
  description: "an object with one key, kratos or network",
});
