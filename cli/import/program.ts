import { Asset } from "../../infra/components/asset";
import { isWithin } from "../../infra/identity-config/path";
import type { Check } from "./checks";
import type { Import } from "./converted";
import type { PartCode } from "./fitting";
import { Call, Code, Commented, Construction, comment, literal, Path } from "./literal";

/** The program that declares what `found` is, for `textFile` paths that begin with `prefix`. */
export function programText(found: Import, name: string, prefix: string): string {
  const { parts, raw, prepared, checks } = found;
  const secrets = [...prepared.secrets.keys()].sort();
  const ofPart = (part: PartCode) => checks.filter((check) => owner(found, check) === part);
  const others = checks.filter((check) => owner(found, check) === undefined);
  const ofRaw = others.filter(({ path }) => path !== undefined && isIn(raw.paths, path));
  const general = others.filter((check) => !ofRaw.includes(check));
  const noted = (list: readonly Check[], value: unknown) =>
    list.length === 0 ? value : new Commented(list.map(told), value);
  const args = {
    target: new Code('config.requireObject<TargetSettings>("target")'),
    ...(parts.length > 0 && {
      parts: parts.map((part) => noted(ofPart(part), construction(part, prefix))),
    }),
    ...(raw.paths.length > 0 && { raw: noted(ofRaw, prefixed(raw.document, prefix)) }),
    ...(secrets.length > 0 && {
      secrets: Object.fromEntries(secrets.map((one) => [one, new Call("secret", one)])),
    }),
  };
  const identity = new Construction("IdentityConfig", name, args);
  const body = `export const identity = ${literal(identity, 0, "export const identity = ".length, 1)};\n`;
  const imported = [
    "IdentityConfig",
    ...parts.map(({ kind }) => kind),
    "TargetSettings",
    ...(body.includes("textFile(") ? ["textFile"] : []),
  ];
  return [
    comment(
      `Made by \`pulumi-ory import ${found.source.told}\`. It is yours to edit: the next import merges what has changed since into your edits.`,
    ),
    `import { Config${secrets.length > 0 ? ", output" : ""} } from "@pulumi/pulumi";\n`,
    importLine(imported),
    "\nconst config = new Config();\n",
    secrets.length > 0 ? SECRETS : "",
    "\n",
    ...general.map((check) => comment(told(check))),
    body,
  ].join("");
}

const SECRETS = `const secrets = output(
  config.getSecretObject<Record<string, string>>("secrets") ?? {},
);
const secret = (name: string) =>
  secrets.apply((all) => (all as Record<string, string>)[name] as string);
`;

const told = ({ path, message }: Check): string =>
  `check: ${path === undefined ? "" : `${path}: `}${message}`;

const owner = ({ claimed, parts }: Import, { path }: Check): PartCode | undefined => {
  if (path === undefined) return undefined;
  const at = [...claimed].find(([one]) => isWithin(one, path) || isWithin(path, one));
  return at && parts.includes(at[1]) ? at[1] : undefined;
};

const isIn = (paths: readonly string[], path: string): boolean =>
  paths.some((one) => isWithin(one, path) || isWithin(path, one));

function construction({ kind, name, args }: PartCode, prefix: string): Construction {
  if (kind !== "IdentitySchema")
    return new Construction(kind, name, prefixed(args, prefix) as object as Record<string, unknown>);
  const { file, ...others } = args as { file: Asset };
  return new Construction(kind, name, { ...others, file: new Path(prefix + file.name) });
}

/** `value` with its texts named from the folder of Pulumi.yaml. */
function prefixed(value: unknown, prefix: string): unknown {
  if (value instanceof Asset) return new Asset(prefix + value.name, value.text);
  if (Array.isArray(value)) return value.map((item) => prefixed(item, prefix));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, prefixed(item, prefix)]));
}

/** In the order in which formatters sort names; types are marked as such. */
function importLine(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const specifiers = sorted.map((name) => (name === "TargetSettings" ? `type ${name}` : name));
  const line = `import { ${specifiers.join(", ")} } from "pulumi-ory";\n`;
  if (line.length <= 81) return line;
  return `import {\n${specifiers.map((one) => `  ${one},\n`).join("")}} from "pulumi-ory";\n`;
}
