import { leavesOf, valueAt } from "../../infra/identity-config/leaves";
import type { Document } from "../../infra/identity-config/model";
import { scalarsOf } from "../../infra/identity-config/scalars";

/** Kinds of authentication, with the secret that each takes. */
const OF_AUTH: Record<string, string> = { api_key: "value", basic_auth: "password" };

const SMTP = "/courier/smtp";

/**
 * Where a project on Ory Network must have a secret that it does not show, not even as a mask: beside what says how a
 * request authenticates, and which client at another provider one is; and of SMTP, whose other keys it shows only once
 * there is a server.
 */
export function unshownSecrets(document: Document): string[] {
  const found = [...leavesOf(document)].flatMap(([leafPath, leaf]) =>
    scalarsOf(leaf, leafPath).flatMap(([path, value]) => placeBeside(path, value) ?? []),
  );
  if (valueAt(document, SMTP) !== undefined) found.push(`${SMTP}/connection_uri`);
  return found.filter((path) => valueAt(document, path) === undefined).sort();
}

function placeBeside(path: string, value: unknown): string | undefined {
  const auth = path.endsWith("/auth/type") ? OF_AUTH[String(value)] : undefined;
  // In lists without keys, such as hooks, a path tells a position, at which nothing is found.
  if (auth !== undefined && !/\/\d+\//.test(path)) return path.replace(/type$/, `config/${auth}`);
  if (!/\/oidc\/config\/providers\[[^/]*\]\/provider$/.test(path)) return undefined;
  return path.replace(/provider$/, value === "apple" ? "apple_private_key" : "client_secret");
}
