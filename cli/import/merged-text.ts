import { diff3Merge } from "node-diff3";
import type { CompilerHost } from "typescript";

/**
 * `mine` with what has changed from `base` to `theirs`; undefined where both have changed the same lines, and where what
 * comes of it is no program, or no JSON, any more, as when both have added the same name.
 * @param path What kind of text it is: `.ts` and `.json` are looked into.
 */
export function mergedText(path: string, mine: string, base: string, theirs: string): string | undefined {
  const regions = diff3Merge(lines(mine), lines(base), lines(theirs), { excludeFalseConflicts: true });
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  const merged = regions.flatMap(({ ok }) => ok ?? []).join("\n");
  const faults = faultsIn(path);
  // What is wrong on one side already is not of the merge.
  const known = new Set([mine, theirs].flatMap(faults));
  return faults(merged).every((fault) => known.has(fault)) ? merged : undefined;
}

/** Split at line breaks only: at white space, as by default, indentation would be lost. */
const lines = (text: string): string[] => text.split("\n");

function faultsIn(path: string): (text: string) => string[] {
  if (path.endsWith(".ts")) return programFaults;
  if (path.endsWith(".json")) return jsonFaults;
  return () => [];
}

/** JSON is YAML, whose parser tells of keys that are there twice, too. */
function jsonFaults(text: string): string[] {
  const { parseDocument } = require("yaml") as typeof import("yaml");
  return parseDocument(text).errors.map(({ code }) => code);
}

/**
 * What the compiler finds in a module by itself: slips of syntax, names that are there twice or not at all. What it
 * imports is not looked at, so that neither packages nor other files are needed.
 */
function programFaults(text: string): string[] {
  // Loaded where it is needed, as it takes half a second.
  const ts = require("typescript") as typeof import("typescript");
  const file = ts.createSourceFile("program.ts", text, ts.ScriptTarget.Latest);
  const host: CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => {},
    getDefaultLibFileName: () => "lib.d.ts",
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
  const program = ts.createProgram([file.fileName], { noLib: true, noResolve: true }, host);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ code, messageText }) => `${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
  );
}
