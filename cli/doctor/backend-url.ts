import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parsedJson } from "../../infra/identity-config/model";
import { readAt } from "../../infra/identity-config/reading";

/**
 * Where Pulumi's backend is, as its CLI looks for it: the environment, Pulumi.yaml, what `pulumi login` has written.
 * Read from files, since asking the CLI takes as long as all else. Undefined where nobody has logged in.
 * @param project The document of Pulumi.yaml.
 */
export function backendUrl(project: unknown, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = [env.PULUMI_BACKEND_URL, readAt(project, "/backend/url"), signedInTo(env)];
  return named.find((url): url is string => typeof url === "string" && url !== "");
}

function signedInTo(env: NodeJS.ProcessEnv): unknown {
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(homedir(), ".pulumi");
  try {
    return readAt(parsedJson(readFileSync(join(folder, "credentials.json"), "utf8")), "/current");
  } catch {
    return undefined;
  }
}
