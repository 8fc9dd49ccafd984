import type { JsonPatch, Project } from "@ory/client";
import { applyPatch, type Operation } from "rfc6902";
import type { Document } from "../../infra/identity-config/model";
import { badRequest } from "./api-error";
import { copy, isObject, steps } from "./document";

/** What a patch may touch of a project. */
const PATCHABLE = /^\/(name|cors_admin|cors_public|organizations|services)(\/|$)/;

/**
 * `project` after a JSON patch, all of it or, with an ApiError 400, nothing.
 * @param strict By RFC 6902; else as ory/x does it.
 */
export function patched(project: Project, operations: unknown, strict: boolean): Project {
  if (!Array.isArray(operations)) throw badRequest("the body must be an array of JSON patch operations");
  const result = copy(project);
  for (const operation of operations as JsonPatch[]) {
    const { op, path } = operation;
    if (typeof path !== "string" || !PATCHABLE.test(path)) {
      throw badRequest(`patch includes denied path: ${JSON.stringify(path)}`);
    }
    const applied = strict ? operation : tolerated(operation, result);
    const [failure] = applyPatch(result, [copy(applied) as Operation]);
    if (failure) throw badRequest(`error in patch operation ${op} ${path}: ${failure.message}`);
  }
  return result;
}

/** The operation that does to `document` what ory/x makes of one; makes the parents of what is added. */
function tolerated(operation: JsonPatch, document: object): JsonPatch {
  const { op, path } = operation;
  if (op !== "add" && op !== "remove" && op !== "replace") throw badRequest(`unsupported operation: ${op}`);
  if (op === "remove") return operation;
  const keys = steps(path);
  const isElement = /^(\d+|-)$/.test(keys.at(-1)!);
  if (op === "replace" && isElement) return operation;
  let parent = document as Document;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    if (isObject(parent) && !Object.hasOwn(parent, key)) {
      parent[key] = /^(\d+|-)$/.test(keys[index + 1]!) ? [] : {};
    }
    parent = parent[key] as Document;
    if (typeof parent !== "object" || parent === null) break;
  }
  return { ...operation, op: "add" };
}
