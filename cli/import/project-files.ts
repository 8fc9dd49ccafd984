import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { packageFiles } from "../package-files";

/** Where the program and its texts come to stand. */
export interface Place {
  /** The folder that is written to. */
  out: string;
  /** The folder of Pulumi.yaml. */
  root: string;
  /** What the paths of texts begin with, as seen from there. */
  prefix: string;
  /** Whether there is a project already. */
  isProject: boolean;
}

/** Finds the project that `out` is in, else `out` becomes one. */
export function placeOf(folder: string): Place {
  const out = resolve(folder);
  for (let root = out; ; root = dirname(root)) {
    if (existsSync(join(root, "Pulumi.yaml"))) {
      const below = relative(root, out).replaceAll("\\", "/");
      return { out, root, prefix: below === "" ? "" : `${below}/`, isProject: true };
    }
    if (dirname(root) === root) return { out, root: out, prefix: "", isProject: false };
  }
}

/** The file that declares what was imported. */
export const PROGRAM = "imported.ts";

/** The files that make a folder a project; the user's from the start. */
export function projectFiles(name: string, out: string): Record<string, string> {
  return {
    "Pulumi.yaml": `name: ${name}
description: Identity configuration
main: index.ts
runtime:
  name: nodejs
  options:
    # tsx does not type-check; \`npx tsc\` and the editor do.
    typescript: false
    nodeargs: --import tsx
options:
  # Shows drift in every preview.
  refresh: always
plugins:
  providers:
    - name: ory
      path: node_modules/pulumi-ory/infra/provider
`,
    "index.ts": `import { identity } from "./imported";

export const revision = identity.revision;
`,
    ...packageFiles(name, out, "*.ts"),
  };
}
