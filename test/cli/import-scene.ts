import * as ts from "typescript";
import { converted, type Import } from "../../cli/import/converted";
import { defined } from "../../cli/import/fitting";
import { resolvedValue } from "../../cli/import/prepared";
import { programText } from "../../cli/import/program";
import type { Source } from "../../cli/import/source";
import type { Asset } from "../../infra/components/asset";
import { schemaFields } from "../../infra/components/identity-schema";
import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { type Fragment, merge } from "../../infra/identity-config/merge";
import type { Document } from "../../infra/identity-config/model";
import * as api from "../../infra/index";

/** A document as a source of an import. */
export const sourceOf = (
  document: Document,
  running: Source["running"] = { target: "kratos", kratosVersion: "1.3.1" },
): Source => ({
  told: "kratos.yml",
  document,
  moved: [],
  legible: document,
  running,
  environment: "prod",
  managed: [],
  hiddenVariables: [],
  notices: [],
  prove: () => Promise.reject(new Error("not asked for")),
});

/** The program for `document`, and what it was made of. */
export async function programFor(document: Document, running?: Source["running"]) {
  const found = await converted(sourceOf(document, running));
  return { found, program: programText(found, "shop", "") };
}

/** What a program declares when it runs: secrets in the clear, texts inlined. */
export function declaredByRunning(program: string, found: Import): Document {
  const texts = new Map(found.texts.map((asset) => [asset.name, asset]));
  let args:
    | { parts?: { fragment: Fragment }[]; raw?: Document; secrets?: Record<string, string> }
    | undefined;
  const secrets = Object.fromEntries([...found.prepared.secrets].map(([name, { text }]) => [name, text]));
  const packages: Record<string, object> = {
    "@pulumi/pulumi": {
      Config: class {
        requireObject = () => ({});
        getSecretObject = () => secrets;
      },
      output: (value: object) => ({ apply: (of: (value: object) => unknown) => of(value) }),
    },
    "pulumi-ory": {
      ...api,
      textFile: (path: string) => texts.get(path),
      IdentitySchema: class {
        fragment: Fragment;
        constructor(name: string, { file, ...others }: { file: string }) {
          this.fragment = { part: name, document: schemaFields(name, texts.get(file) as Asset, others) };
        }
      },
      IdentityConfig: class {
        constructor(_name: string, given: typeof args) {
          args = given;
        }
      },
    },
  };
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  new Function("require", "exports", outputText)((name: string) => packages[name], {});
  const { parts = [], raw = {}, secrets: named = {} } = args!;
  const leaves = leavesOf(merge([...parts.map(({ fragment }) => fragment), { part: "raw", document: raw }]));
  const known = new Map(Object.entries(named).map(([name, text]) => [name, { path: "", text }]));
  for (const [path, value] of leaves)
    leaves.set(path, resolvedValue(path, defined(value), { secrets: known }));
  return documentOf(leaves);
}

/** `document` without what an import leaves out. */
export function withoutLeftOut(document: Document, { prepared }: Import): Document {
  const left = new Set(prepared.leftOut.map(({ path }) => path));
  return documentOf([...leavesOf(document)].filter(([path]) => !left.has(path)));
}
