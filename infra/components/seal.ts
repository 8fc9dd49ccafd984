import type { Input } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { isSecret, Output, output, secret } from "@pulumi/pulumi/output";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { isBranch } from "../identity-config/model";
import { join, segments } from "../identity-config/path";
import { assetReference, secretNames, secretReference } from "../identity-config/references";
import { Asset } from "./asset";

/** A merged document as the resource takes it: secrets and texts stand beside the config, which refers to them. */
export interface Sealed {
  config: Record<string, unknown>;
  assets: Record<string, Input<string>>;
  secrets: Record<string, Input<string | undefined>>;
}

/**
 * Takes texts and secrets out of `document`. Each leaf is looked at by itself: an unknown or secret one leaves the
 * others known and plain.
 * @param secrets The secrets that the document may refer to as `secret:<name>`; unused ones are left out.
 * @param assets The texts that the document may refer to as `asset:<name>`.
 */
export function seal(
  document: Record<string, unknown>,
  secrets: Record<string, Input<string>>,
  assets: Record<string, string> = {},
): Sealed {
  const sealed: Sealed = { config: {}, assets: { ...assets }, secrets: {} };
  const leaves = leavesOf(document);
  for (const [path, leaf] of leaves) {
    refuseProto(path);
    leaves.set(path, sealLeaf(path, leaf, sealed));
  }
  sealed.config = documentOf(leaves);
  for (const name of secretNames(sealed.config)) {
    // Marked here once more: one that the program holds as plain text must not reach the state as it is.
    if (Object.hasOwn(secrets, name)) sealed.secrets[name] = secret(secrets[name]!);
  }
  return sealed;
}

/** On its way to the engine the SDK would take it for the object's prototype, whose keys it sends as the object's own. */
function refuseProto(path: string): void {
  if (segments(path).includes("__proto__")) {
    throw new RunError(`${path} cannot be declared: no key may be named __proto__; remove it`);
  }
}

function sealLeaf(path: string, leaf: unknown, sealed: Sealed): unknown {
  if (leaf instanceof Asset) return sealAsset(leaf, sealed);
  if (Array.isArray(leaf))
    return leaf.map((item, index) => sealLeaf(join(path, String(index)), item, sealed));
  if (Output.isInstance(leaf)) return sealOutput(path, leaf, sealed);
  if (leaf instanceof Promise) return sealOutput(path, output(kept(path, leaf)), sealed);
  if (isBranch(leaf)) {
    return Object.fromEntries(
      Object.entries(leaf).map(([name, value]) => {
        refuseProto(join(path, name));
        return [name, sealLeaf(join(path, name), value, sealed)];
      }),
    );
  }
  if (isScalar(leaf)) return leaf;
  const what =
    typeof leaf === "object"
      ? "an object of a class"
      : typeof leaf === "number"
        ? String(leaf)
        : `a ${typeof leaf}`;
  throw new RunError(
    `${path} is ${what}, which is no JSON value; of a resource, pass one of its outputs, such as its id`,
  );
}

const kept = (path: string, leaf: Promise<unknown>): Promise<unknown> =>
  leaf.catch((error: unknown) => {
    throw new RunError(`${path} is a Promise that failed: ${error instanceof Error ? error.message : error}`);
  });

function sealAsset({ name, text }: Asset, { assets }: Sealed): string {
  if (Object.hasOwn(assets, name) && assets[name] !== text) {
    throw new RunError(`two different texts are named "${name}"; give one of them another name`);
  }
  assets[name] = text;
  return assetReference(name);
}

/** A secret leaf is known to be one, even where its value is not known yet; its reference is plain. */
function sealOutput(path: string, leaf: Output<unknown>, { secrets }: Sealed): Output<unknown> {
  const name = path.slice(1);
  const marked = isSecret(leaf);
  secrets[name] = output(
    marked.then((sealed) => (sealed ? leaf.apply((value) => text(path, value)) : undefined)),
  );
  return output(
    marked.then((sealed) => (sealed ? secretReference(name) : leaf.apply((value) => scalar(path, value)))),
  );
}

function text(path: string, value: unknown): string {
  if (typeof value === "string") return value;
  const kind = value === null || value === undefined ? String(value) : typeof value;
  throw new RunError(
    `${path} is a secret Output of type ${kind}; a secret must be a text: pass an object whose leaves are secret texts`,
  );
}

const isScalar = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  ["string", "boolean"].includes(typeof value) ||
  Number.isFinite(value);

function scalar(path: string, value: unknown): unknown {
  if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return value;
  if (typeof value !== "object")
    throw new RunError(`${path} is an Output of ${String(value)}, which is no JSON value`);
  throw new RunError(
    `${path} is an Output that stands for a whole object: nothing in it could be checked before it is known; pass an object whose leaves are Outputs`,
  );
}
