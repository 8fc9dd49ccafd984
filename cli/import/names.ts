import { parsedJson } from "../../infra/identity-config/model";
import { type Segment, segments } from "../../infra/identity-config/path";

/** Steps of paths that tell nothing in a name. */
const FILLING = new Set([
  "config",
  "selfservice",
  "methods",
  "flows",
  "request_config",
  "hooks",
  "courier",
  "templates",
]);

/** In lower case, of letters, digits and hyphens; so it needs no quotes in a shell, nor escapes in a path. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);

const nameOf = (step: Segment): string => (typeof step === "string" ? step : step.value);

const slugs = (path: string, filling = FILLING): string[] =>
  segments(path)
    .map(nameOf)
    .filter((step) => !filling.has(step))
    .map(slug)
    .filter((step) => step !== "");

/** `/courier/smtp/connection_uri` is `smtp-connection-uri`. */
export const secretNameOf = (path: string): string => slugs(path).join("-") || "secret";

const TEMPLATE = /^\/courier\/templates\/([a-z_]+)\/(valid|invalid)\/(email|sms)\/(?:body\/)?([a-z]+)$/;

/** The file that the text at `path` comes into, relative to the folder of texts' folder. */
export function textNameOf(path: string, text: string): string {
  const [, kind, validity, medium, piece] = TEMPLATE.exec(path) ?? [];
  if (kind !== undefined) return `schemas/messages/${kind}_${validity}/${medium}.${piece}.gotmpl`;
  const steps = segments(path).map(nameOf);
  const [first, second, third] = steps;
  if (first === "identity" && second === "schemas") return `schemas/${slug(third ?? "") || "schema"}.json`;
  if (first === "courier" && second === "channels")
    return `schemas/messages/${slug(third ?? "") || "channel"}.jsonnet`;
  if (path === "/courier/http/request_config/body") return "schemas/messages/email.jsonnet";
  if (steps.includes("oidc") && steps.includes("providers"))
    return `schemas/oidc/${slug(steps[steps.indexOf("providers") + 1] ?? "") || "provider"}.jsonnet`;
  const where = slugs(path, new Set([...FILLING, "body", "url"])).join("-") || "text";
  if (steps.includes("hooks")) return `schemas/hooks/${where}.jsonnet`;
  const isJsonnet = /(^|\/)(body|mapper_url|claims_mapper_url)$/.test(path);
  return `schemas/${where}.${typeof parsedJson(text) === "object" ? "json" : isJsonnet ? "jsonnet" : "txt"}`;
}

/** `name`, or the first of `name-2`, `name-3`, … that is not in `taken`. The number comes before the extension. */
export function unused(name: string, taken: ReadonlySet<string>): string {
  const [, stem, extension] = /^(.*?)(\.[a-z.]+)?$/.exec(name)!;
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${stem}-${number}${extension ?? ""}`;
  return free;
}
