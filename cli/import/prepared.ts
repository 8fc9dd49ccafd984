import { isDeepStrictEqual } from "node:util";
import { Asset } from "../../infra/components/asset";
import { canonicalAt } from "../../infra/identity-config/canonical";
import { isKnown } from "../../infra/identity-config/keys/faults";
import { kindAt } from "../../infra/identity-config/keys/paths";
import type { Running } from "../../infra/identity-config/kratos-version";
import { type Leaves, leavesOf } from "../../infra/identity-config/leaves";
import {
  inlineText,
  inlineUri,
  isBranch,
  isEmptyObject,
  parsedJson,
} from "../../infra/identity-config/model";
import { isWithin, join, segments } from "../../infra/identity-config/path";
import { hasReference, secretReference } from "../../infra/identity-config/references";
import { mapScalars, scalarsOf } from "../../infra/identity-config/scalars";
import { MASK, redact, sensitiveTexts } from "../../infra/identity-config/sensitive";
import { variableOf } from "../../infra/targets/kratos/files";
import { isPruned, OTHER_DEFAULTS } from "../../infra/targets/network/behavior";
import { ofTheServer } from "../../infra/targets/server-keys";
import { secretNameOf, textNameOf, unused } from "./names";
import type { Source } from "./source";

/** A path of the source that the program does not declare. */
export interface LeftOut {
  path: string;
  why: "default" | "empty" | "server" | "hidden" | "environment" | "reference" | "no-json" | "proto";
}

/** A secret that the program refers to. */
export interface FoundSecret {
  path: string;
  text: string;
}

/** A source as a program spells it. */
export interface Prepared {
  /** What can be declared: texts as Assets that are named as their files, secrets as references. */
  leaves: Leaves;
  /** The paths among them at which the program may be silent: Ory's default, or nothing at all, stands there. */
  silent: Set<string>;
  /** Secrets by name; in memory only. */
  secrets: Map<string, FoundSecret>;
  leftOut: LeftOut[];
}

/** Shorter texts than this, in characters, also stand elsewhere by chance. */
const TELLING = 8;

/** A mask on a self-hosted Kratos, where a plain word may be a real value. */
const PLAIN_MASK = /^(\*{3,}|[[<](redacted|masked|hidden|secret)[\]>])$/i;

/** Spells what `source` says as a program does. */
export function prepared(source: Source): Prepared {
  const { document, running } = source;
  const known = sensitiveTexts(document).filter((text) => text.length >= TELLING);
  const result: Prepared = { leaves: new Map(), silent: new Set(), secrets: new Map(), leftOut: [] };
  const files = new Set<string>();
  for (const [path, value] of leavesOf(document)) {
    const why = omitted(path, value, source);
    if (why !== undefined) {
      result.leftOut.push({ path, why });
      continue;
    }
    result.leaves.set(
      path,
      mapScalars(path, value, (at, scalar) => spelled(at, scalar, known, result, files)),
    );
    const kept = source.managed.some((managed) => isWithin(path, managed));
    const silence = isEmptyObject(value)
      ? "empty"
      : !kept && isDefault(path, value, running)
        ? "default"
        : undefined;
    if (silence === undefined || path.endsWith("]")) continue;
    result.silent.add(path);
    result.leftOut.push({ path, why: silence });
  }
  return result;
}

function omitted(
  path: string,
  value: unknown,
  { running, hiddenVariables }: Source,
): LeftOut["why"] | undefined {
  if (segments(path).includes("__proto__") || hasProto(value)) return "proto";
  if (value === null) return "empty";
  const network = running.target === "network";
  if (ofTheServer(running.target).some((server) => isWithin(path, server))) return "server";
  if (hiddenVariables.includes(variableOf(path) ?? "")) return "environment";
  const mask = network ? MASK : PLAIN_MASK;
  const scalars = scalarsOf(value, path);
  if (scalars.some(([, scalar]) => typeof scalar === "string" && mask.test(scalar))) return "hidden";
  if (!scalars.every(([, scalar]) => isJson(scalar))) return "no-json";
  return hasReference(value) ? "reference" : undefined;
}

const hasProto = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(hasProto)
    : isBranch(value) && Object.entries(value).some(([name, item]) => name === "__proto__" || hasProto(item));

const isJson = (scalar: unknown): boolean =>
  scalar === null || ["string", "boolean", "object"].includes(typeof scalar) || Number.isFinite(scalar);

function spelled(
  path: string,
  scalar: unknown,
  known: readonly string[],
  { secrets }: Prepared,
  files: Set<string>,
): unknown {
  if (typeof scalar !== "string") return scalar;
  const text = inlineText(scalar);
  const readable = text ?? scalar;
  if (redact(path, readable, known) !== readable) {
    const name = unused(secretNameOf(path), new Set(secrets.keys()));
    secrets.set(name, { path, text: scalar });
    return secretReference(name);
  }
  if (text === undefined || !isFileText(scalar, text)) return scalar;
  const name = unused(textNameOf(path, text), files);
  files.add(name);
  return new Asset(name, legibleText(text));
}

/** JSON on one line is put on several; white space in it means nothing. */
function legibleText(text: string): string {
  const json = parsedJson(text);
  const isOneLine = isBranch(json) && JSON.stringify(json) === text;
  return isOneLine ? `${JSON.stringify(json, undefined, 2)}\n` : text;
}

/** Whether a file can hold the text so that reading it as UTF-8 makes the same of it. */
const isFileText = (uri: string, text: string): boolean =>
  !text.startsWith("\ufeff") &&
  Buffer.from(text, "utf8").equals(Buffer.from(uri.slice(inlineUri("").length), "base64"));

/** Whether the config means the same without `value`. */
function isDefault(path: string, value: unknown, running: Running): boolean {
  const network = running.target === "network";
  if (network && isPruned(value)) return true;
  const kind = kindAt(path);
  if (kind === undefined || !isKnown(running, kind)) return false;
  if (kind.default === undefined) return kind.is === "list" && Array.isArray(value) && value.length === 0;
  if (network && OTHER_DEFAULTS.includes(path)) return false;
  return isDeepStrictEqual(canonicalAt(path, kind.default), canonicalAt(path, value));
}

/** `value` with what the program cannot hold taken from the source: texts inlined, secrets in the clear. */
export function resolvedValue(path: string, value: unknown, { secrets }: Pick<Prepared, "secrets">): unknown {
  return mapScalars(path, value, (_at, scalar) => {
    if (scalar instanceof Asset) return inlineUri(scalar.text as string);
    const name =
      typeof scalar === "string" && scalar.startsWith(secretReference("")) ? scalar.slice(7) : undefined;
    return name === undefined ? scalar : (secrets.get(name)?.text ?? scalar);
  });
}

/** The path of the element of `list` with this id. */
export const element = (list: string, id: string): string => join(list, { key: "id", value: id });
