import { isDeepStrictEqual } from "node:util";
import { canonicalLeaves } from "../identity-config/canonical";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { type Document, inlineText, isBranch } from "../identity-config/model";
import { isWithin, join } from "../identity-config/path";
import { assetName, secretName } from "../identity-config/references";
import { redact } from "../identity-config/sensitive";
import type { Observed } from "../targets/target";
import { type IdentityConfigInputs, resolved } from "./inputs";

/**
 * The inputs that would have made what is live: `inputs`, with live values at the paths that it owns or that only our
 * file holds. The refresh shows drift from them. Spelling is kept where the meaning is the same.
 */
export function liveInputs(inputs: IdentityConfigInputs, observed: Observed): IdentityConfigInputs {
  const { declared, secrets } = resolved(inputs);
  const wanted = canonicalLeaves(declared);
  const live = canonicalLeaves(observed.effective);
  const config = leavesOf(inputs.config);
  const assets = { ...inputs.assets };
  for (const path of [...config.keys()]) {
    if (isDeepStrictEqual(live.get(path), wanted.get(path))) continue;
    if (live.has(path))
      config.set(
        path,
        liveValue(path, config.get(path), wanted.get(path), live.get(path), { assets, secrets }),
      );
    else config.delete(path);
  }
  for (const path of observed.managed) {
    const known = [...config.keys()].some((other) => isWithin(other, path) || isWithin(path, other));
    if (!known && live.has(path))
      config.set(path, liveValue(path, undefined, undefined, live.get(path), { assets, secrets }));
  }
  return { ...inputs, config: documentOf(config) as Document, assets };
}

/** @param declared What is declared at `path`, references in it. @param wanted The same, resolved. */
function liveValue(
  path: string,
  declared: unknown,
  wanted: unknown,
  live: unknown,
  known: { assets: Record<string, unknown>; secrets: readonly string[] },
): unknown {
  const below = (name: string | number, item: unknown) =>
    liveValue(join(path, String(name)), itemOf(declared, name), itemOf(wanted, name), item, known);
  if (Array.isArray(live)) return live.map((item, index) => below(index, item));
  if (isBranch(live)) {
    return Object.fromEntries(Object.entries(live).map(([name, item]) => [name, below(name, item)]));
  }
  if (declared !== undefined && isDeepStrictEqual(wanted, live)) return declared;
  if (secretName(declared) !== undefined) return `${declared} (the live value differs)`;
  const text = inlineText(live);
  const asset = assetName(declared);
  if (asset !== undefined && text !== undefined) {
    known.assets[asset] = text;
    return declared;
  }
  return redact(path, text === undefined ? live : text, known.secrets);
}

const itemOf = (tree: unknown, name: string | number): unknown =>
  (isBranch(tree) || Array.isArray(tree)) && Object.hasOwn(tree, name)
    ? (tree as Record<string | number, unknown>)[name]
    : undefined;
