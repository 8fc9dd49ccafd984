import { isDeepStrictEqual } from "node:util";
import { documentOf, leavesOf } from "../identity-config/leaves";
import { inlineText, parsedJson } from "../identity-config/model";
import { isWithin, segments } from "../identity-config/path";
import { assetReference, hasReference } from "../identity-config/references";
import { mapScalars } from "../identity-config/scalars";
import { redact } from "../identity-config/sensitive";
import type { TargetSettings } from "../targets/open";
import { ofTheServer } from "../targets/server-keys";
import type { Observed } from "../targets/target";
import type { IdentityConfigInputs } from "./inputs";

/** What an import finds. */
export interface Imported {
  inputs: IdentityConfigInputs;
  /** Paths that are not in the inputs since their values are secrets, or would be read as references. */
  leftOut: string[];
}

/**
 * The inputs that declare what is live, owning nothing. Texts become assets. Secrets are left out: they stay as they
 * stand until a program declares them.
 */
export function importedInputs(target: TargetSettings, observed: Observed): Imported {
  const config = leavesOf(observed.effective);
  const assets = new Map<string, string>();
  const leftOut: string[] = [];
  const foreign = ofTheServer(target.network ? "network" : "kratos");
  for (const [path, value] of config) {
    if (value === null || foreign.some((server) => isWithin(path, server))) config.delete(path);
    else if (isSecret(path, value) || hasReference(value)) {
      config.delete(path);
      leftOut.push(path);
    } else config.set(path, withAssets(path, value, assets));
  }
  const inputs = {
    target,
    config: documentOf(config),
    assets: Object.fromEntries(assets),
    secrets: {},
    release: [],
    owned: [],
  };
  return { inputs, leftOut };
}

function isSecret(path: string, value: unknown): boolean {
  const readable = mapScalars(path, value, (_path, scalar) => inlineText(scalar) ?? scalar);
  return !isDeepStrictEqual(redact(path, readable), readable);
}

function withAssets(path: string, value: unknown, assets: Map<string, string>): unknown {
  return mapScalars(path, value, (textPath, uri) => {
    const text = inlineText(uri);
    if (text === undefined) return uri;
    let name = assetName(textPath, text);
    while (assets.has(name)) name += "_";
    assets.set(name, text);
    return assetReference(name);
  });
}

/** `/identity/schemas[id=customer]/url` is named `identity/schemas/customer/url.json`. */
function assetName(path: string, text: string): string {
  const steps = segments(path).map((step) => (typeof step === "string" ? step : step.value));
  return `${steps.join("/")}${typeof parsedJson(text) === "object" ? ".json" : ""}`;
}
