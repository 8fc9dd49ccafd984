import { type LeafSchemas, object } from "../json-schema";

const project = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9-]*$",
  description: "a project's id, as the Console and `ory list projects` show it",
};

/** JSON schema of NetworkSettings. */
export const networkSchema = ({ url }: LeafSchemas) =>
  object({ project, environment: { type: "string", enum: ["prod", "stage", "dev"] }, projectUrl: url }, [
    "project",
    "environment",
  ]);
