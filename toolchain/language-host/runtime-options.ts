import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** What `runtime.options` of a Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml comes to. */
export interface RuntimeOptions {
  /** Arguments for Node itself. */
  nodeArgs: string[];
  /** Environment that tells Pulumi's own runner whether to load ts-node, and with which tsconfig. */
  env: Record<string, string>;
}

function text(options: Record<string, unknown>, key: string): string {
  const value = options[key] ?? "";
  if (typeof value !== "string") {
    throw new Error(`runtime option ${key} is ${JSON.stringify(value)}: make it a string`);
  }
  return value;
}

/** Reads the options `typescript` (default true), `tsconfig` and `nodeargs`. Throws on a value of the wrong type. */
export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const typescript = options.typescript ?? true;
  if (typeof typescript !== "boolean") {
    throw new Error(`runtime option typescript is ${JSON.stringify(typescript)}: make it true or false`);
  }
  const env: Record<string, string> = {};
  if (typescript) {
    env.PULUMI_NODEJS_TYPESCRIPT = "true";
  }
  const tsconfig = text(options, "tsconfig");
  if (tsconfig) {
    env.PULUMI_NODEJS_TSCONFIG_PATH = tsconfig;
  }
  const words = text(options, "nodeargs").match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return { nodeArgs: words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2")), env };
}

/** Where `module` of the Pulumi SDK lies, seen from `directory`. Throws where the SDK is not installed there. */
export function locateRunner(module: string, directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(module);
  } catch {
    throw new Error(`${module} is not installed for ${directory}: run npm ci there or in a folder above it`);
  }
}
