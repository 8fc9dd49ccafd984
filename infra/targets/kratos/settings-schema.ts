import { type LeafSchemas, object } from "../json-schema";

const name = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  description: "letters, digits, dots, underscores and hyphens, with a letter or digit first",
};
const version = { type: "string", pattern: "^v?\\d+\\.\\d+\\.\\d+", description: "a version such as v1.3.1" };

/** JSON schema of KratosSettings. */
export function kratosSchema({ text, url, env }: LeafSchemas) {
  const server = {
    name,
    environment: { type: "string", enum: ["prod", "stage", "dev"] },
    transport: { type: "string", enum: ["file", "output"] },
    config: text,
    binary: text,
    adminUrls: { type: "array", minItems: 1, items: url },
    publicUrl: url,
    env,
  };
  return {
    if: { type: "object", properties: { transport: { const: "output" } }, required: ["transport"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: object({ ...server, version, plain: { type: "boolean" } }, ["name", "transport"]),
    else: object({ ...server, dir: text }, ["name", "dir"]),
  };
}
