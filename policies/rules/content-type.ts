import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Violation } from "./rule";

const TAKEN = ["application/json", "application/x-www-form-urlencoded"];

/**
 * The violation where the request at `path` names a content type that Kratos cannot send: it compares the whole text.
 * @param loss What becomes of the request.
 */
export function contentTypeFaults(path: string, request: unknown, loss: string): Violation[] {
  const headers = readAt(request, "/headers");
  if (isUnknown(headers)) return [undecided(join(path, "headers"))];
  if (!isBranch(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]) => {
    const at = join(join(path, "headers"), name);
    if (name.toLowerCase() !== "content-type") return [];
    if (isUnknown(value)) return [undecided(at)];
    if (typeof value !== "string" || TAKEN.includes(value)) return [];
    return [
      {
        path: at,
        message: `the content type is ${shown(value)}, which kratos does not send: ${loss}`,
        remedy: `set ${at} to "${TAKEN[0]}" or "${TAKEN[1]}", without parameters`,
      },
    ];
  });
}
