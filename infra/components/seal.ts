import { type Input, isSecret, Output, output, RunError } from "@pulumi/pulumi";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { isBranch } from "../identity-config/model";
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
 */
export function seal(document: Record<string, unknown>, secrets: Record<string, Input<string>>): Sealed {
  const sealed: Sealed = { config: {}, assets: {}, secrets: {} };
  const leaves = leavesOf(document);
  for (const [path, leaf] of leaves) leaves.set(path, sealLeaf(path, leaf, sealed));
  sealed.config = documentOf(leaves);
  for (const name of secretNames(sealed.config)) {
    if (Object.hasOwn(secrets, name)) sealed.secrets[name] = secrets[name]!;
  }
  return sealed;
}

function sealLeaf(path: string, leaf: unknown, sealed: Sealed): unknown {
  if (leaf instanceof Asset) return sealAsset(leaf, sealed);
  if (Array.isArray(leaf)) return leaf.map((item, index) => sealLeaf(`${path}/${index}`, item, sealed));
  if (Output.isInstance(leaf) || leaf instanceof Promise) return sealOutput(path, output(leaf), sealed);
  if (isBranch(leaf)) {
    return Object.fromEntries(
      Object.entries(leaf).map(([name, value]) => [name, sealLeaf(`${path}/${name}`, value, sealed)]),
    );
  }
  return leaf;
}

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
  const secret = isSecret(leaf);
  secrets[name] = output(secret.then((sealed) => (sealed ? leaf : undefined))) as Output<string | undefined>;
  return output(
    secret.then((sealed) => (sealed ? secretReference(name) : leaf.apply((value) => scalar(path, value)))),
  );
}

function scalar(path: string, value: unknown): unknown {
  if (!isBranch(value) && !(Array.isArray(value) && value.some((item) => typeof item === "object")))
    return value;
  throw new RunError(
    `${path} is an Output that stands for a whole object: nothing in it could be checked before it is known; pass an object whose leaves are Outputs`,
  );
}
