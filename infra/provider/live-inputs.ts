import { canonicalLeaves } from "../identity-config/canonical";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { type Document, inlineText } from "../identity-config/model";
import { isWithin } from "../identity-config/path";
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
    if (JSON.stringify(live.get(path)) === JSON.stringify(wanted.get(path))) continue;
    if (live.has(path)) config.set(path, liveLeaf(path, config.get(path), live.get(path), assets, secrets));
    else config.delete(path);
  }
  for (const path of observed.managed) {
    const known = [...config.keys()].some((other) => isWithin(other, path) || isWithin(path, other));
    if (!known && live.has(path))
      config.set(path, liveLeaf(path, undefined, live.get(path), assets, secrets));
  }
  return { ...inputs, config: documentOf(config) as Document, assets };
}

function liveLeaf(
  path: string,
  declared: unknown,
  live: unknown,
  assets: Record<string, unknown>,
  secrets: readonly string[],
): unknown {
  if (typeof declared === "string" && declared.startsWith("secret:"))
    return `${declared} (the live value differs)`;
  const text = inlineText(live);
  if (typeof declared === "string" && declared.startsWith("asset:") && text !== undefined) {
    assets[declared.slice("asset:".length)] = text;
    return declared;
  }
  return redact(path, text === undefined ? live : text, secrets);
}
