import { diffComm } from "node-diff3";
import { styled, visible } from "../visible";
import type { Imported } from "./existing";
import type { PlannedFile } from "./merged-files";
import type { LeftOut } from "./prepared";
import { PROGRAM } from "./project-files";

/** For people: what was written, what was proven, what to do next, what to look at. */
export function asText(imported: Imported, isDry: boolean): string {
  const { found, proof, files } = imported;
  const { prepared, parts, raw, checks, source } = found;
  const count = (why: LeftOut["why"]) => prepared.leftOut.filter((one) => one.why === why).length;
  const defaults = count("default");
  const running =
    source.running.target === "network"
      ? "Ory Network"
      : `Kratos ${source.running.kratosVersion ?? ""}`.trim();
  const lines = [
    `${source.told}: ${plural(parts.length, "part")}, ${plural(raw.paths.length, "path")} in raw, ${plural(found.texts.length, "text")}, ${plural(prepared.secrets.size, "secret")}`,
    ...(defaults > 0 ? [`left out: ${plural(defaults, "value")} that ${running} takes anyway`] : []),
    ...files.map((file) => fateLine(file, isDry)),
    files.some(({ path, fate }) => path === PROGRAM && EDITED.includes(fate))
      ? "planned against its source, what was imported changes nothing; what your edits change, `pulumi preview` shows"
      : "planned against its source, the program changes nothing",
    ...(source.moved.length === 0
      ? []
      : [
          `but that texts come from the server's files into it, which a preview shows: ${source.moved.join(", ")}`,
        ]),
    ...(proof.trial === undefined ? [] : [`trial: ${proof.trial}`]),
  ];
  const next = nextSteps(imported);
  return visible(
    [
      ...lines,
      ...(checks.length > 0
        ? [
            "",
            styled("bold", "check"),
            ...checks.map(({ path, message }) => `  ${path ? `${path}: ` : ""}${message}`),
          ]
        : []),
      "",
      styled("bold", "next"),
      ...next.map((one) => `  ${one}`),
      "",
    ].join("\n"),
  );
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const FATES: Record<PlannedFile["fate"], string> = {
  created: "created",
  updated: "updated",
  merged: "merged into your edits",
  kept: "kept as you have edited it",
  unchanged: "unchanged",
  beside: "",
  unused: "no longer used; remove it where you do not need it",
};

/** What becomes of a program that somebody has edited. */
const EDITED: PlannedFile["fate"][] = ["merged", "kept", "beside"];

function fateLine({ path, fate }: PlannedFile, isDry: boolean): string {
  const said =
    fate === "beside"
      ? `kept; your edits and what has changed since do not go together: merge ${path}.new into it, then remove ${path}.new`
      : FATES[fate];
  return `${isDry ? "would be " : ""}${said}: ${path}`
    .replace("would be kept", "kept")
    .replace(/^would be (unchanged|no longer)/, "$1");
}

/** Commands that make the program run, a line each; each secret is asked for, not named. */
function nextSteps({ found, settings, place, files }: Imported): string[] {
  const isNew = files.some(({ path, fate }) => path === PROGRAM && fate === "created");
  const targets =
    settings.length > 0
      ? settings.map(([path, value]) => `pulumi config set --path ${quoted(path)} ${quoted(value)}`)
      : [
          "pulumi config set --path target.network.project <project-id>   # or target.kratos.name and target.kratos.dir",
        ];
  return [
    ...(place.isProject && isNew
      ? [`import "./${PROGRAM.replace(/\.ts$/, "")}";   # in the program beside it`]
      : []),
    ...(place.isProject ? [] : ["npm install"]),
    "pulumi stack init <stack>   # where there is none yet",
    ...targets,
    ...[...found.prepared.secrets].map(
      ([name, { path }]) => `pulumi config set --secret --path 'secrets.${name}'   # ${path}`,
    ),
    "pulumi preview",
  ];
}

/** As one word of a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** For machines. */
export function asJson(imported: Imported, isDry: boolean): string {
  const { found, proof, files } = imported;
  const { source, parts, raw, prepared, checks } = found;
  const report = {
    source: source.told,
    written: !isDry,
    files: files.map(({ path, fate, writeTo }) => ({
      path,
      fate,
      ...(writeTo !== undefined && { writeTo }),
    })),
    parts: parts.map(({ kind, name }) => ({ kind, name })),
    raw: raw.paths,
    leftOut: prepared.leftOut,
    secrets: [...prepared.secrets].map(([name, { path }]) => ({ name, path })),
    checks,
    proof,
    moved: source.moved,
    next: nextSteps(imported),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Lines around a difference that are shown. */
const CONTEXT = 3;

/** What would be written, as differences to what is there. */
export const asDiff = (files: readonly PlannedFile[]): string =>
  files
    .filter(({ writeTo }) => writeTo !== undefined)
    .map(({ path, before, after, writeTo, fate }) => {
      const [old, name] = fate === "beside" ? [undefined, writeTo!] : [before, path];
      return visible(
        `--- ${old === undefined ? "/dev/null" : name}\n+++ ${name}\n${differences(old ?? "", after)}`,
      );
    })
    .join("\n");

function differences(before: string, after: string): string {
  const lines = diffComm(linesOf(before), linesOf(after)).flatMap(({ common, buffer1, buffer2 }) => [
    ...(common ?? []).map((line) => ` ${line}`),
    ...(buffer1 ?? []).map((line) => styled("red", `-${line}`)),
    ...(buffer2 ?? []).map((line) => styled("green", `+${line}`)),
  ]);
  const near = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => !line.startsWith(" "));
  return lines
    .flatMap((line, index) => (near(index) ? [...(index > 0 && !near(index - 1) ? ["@@"] : []), line] : []))
    .map((line) => `${line}\n`)
    .join("");
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
