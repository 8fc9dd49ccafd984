import { documentOf, leavesOf } from "../../infra/identity-config/leaves";
import { merge } from "../../infra/identity-config/merge";
import type { Document } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { converted, type Import } from "./converted";
import { defined, fragmentOf } from "./fitting";
import { managedAlready } from "./managed";
import { type PlannedFile, plannedFiles, writeFiles } from "./merged-files";
import { resolvedValue } from "./prepared";
import { programText } from "./program";
import { type Place, PROGRAM, placeOf, projectFiles } from "./project-files";
import { configPaths, type Proof, type SourceOptions, sourceOf } from "./source";

/** What `import` is told beside its source. */
export interface ImportOptions extends SourceOptions {
  /** The folder that is written to. */
  out: string;
  /** Writes nothing. */
  dryRun?: boolean;
}

/** What an import has made. */
export interface Imported {
  found: Import;
  proof: Proof;
  place: Place;
  files: PlannedFile[];
  /** What the stack must be told as its target. */
  settings: [path: string, value: string][];
}

/**
 * Writes the program that declares what exists, after proving that it changes nothing. Throws UserError, with nothing
 * written.
 */
export async function importExisting(
  names: readonly string[],
  { out, dryRun, ...options }: ImportOptions,
  signal: AbortSignal,
): Promise<Imported> {
  const { name } = options;
  const place = placeOf(out);
  const read = await sourceOf(names, options, signal);
  const managed = await managedAlready(read, place, name, signal);
  const source = { ...read, notices: [...managed, ...read.notices] };
  const found = await converted(source);
  // Shorter ones would garble every message, and tell nothing.
  const secrets = [...found.prepared.secrets.values()]
    .map(({ text }) => text)
    .filter((text) => text.length > 3);
  const proof = await source.prove(declaredBy(found), secrets, signal);
  if (proof.changes.length > 0)
    throw new UserError(
      `the program would change ${proof.changes.join(", ")}, and nothing should change; nothing was written: import again if somebody is changing ${source.told} at the moment, else report this`,
    );
  const texts = {
    [PROGRAM]: programText(found, name, place.prefix),
    ...Object.fromEntries(found.texts.map((asset) => [asset.name, asset.text as string])),
  };
  const files = await plannedFiles(place.out, texts, place.isProject ? {} : projectFiles(name, place.out));
  signal.throwIfAborted();
  if (!dryRun) await writeFiles(place.out, files, texts);
  const settings = source.settings === undefined ? [] : configPaths(source.settings, place.root);
  return { found, proof, place, files, settings };
}

/** The document that the program declares, with texts inlined and secrets in the clear. */
export function declaredBy({ parts, raw, prepared }: Import): Document {
  const fragments = [...parts.map(fragmentOf), { part: "raw", document: raw.document }];
  const leaves = leavesOf(merge(fragments));
  for (const [path, value] of leaves) leaves.set(path, resolvedValue(path, defined(value), prepared));
  return documentOf(leaves);
}
