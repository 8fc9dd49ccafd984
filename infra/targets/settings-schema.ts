import { type LeafSchemas, object } from "./json-schema";
import { kratosSchema } from "./kratos/settings-schema";

/** JSON schema of TargetSettings. */
export const targetSchema = (leaves: LeafSchemas) => object({ kratos: kratosSchema(leaves) }, ["kratos"]);
