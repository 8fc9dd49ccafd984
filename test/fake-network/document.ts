import type { Project, ProjectServices } from "@ory/client";
import type { Document, Json } from "../../infra/identity-config/model";

/** Whether a value is an object; by its type alone, since what another realm has parsed has other prototypes. */
export function isObject(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy of plain data. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The identity config of a project, whose type in the SDK is `object`. */
export function identityConfig(project: { services: ProjectServices }): Document {
  return (project.services.identity?.config ?? {}) as Document;
}

/** `project` with another identity config. */
export function withIdentityConfig(project: Project, config: Document): Project {
  return { ...project, services: { ...project.services, identity: { config } } };
}

/** A step of a JSON pointer, with `~` and `/` escaped. */
const step = (key: string): string => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The keys that a JSON pointer names. */
export function steps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * `value` rewritten from its leaves up. `rewrite` gets every value with its JSON pointer; undefined removes a key of an
 * object, and leaves an element of an array as it is.
 */
export function rewritten(
  value: Json,
  rewrite: (pointer: string, value: Json) => Json | undefined,
  pointer = "",
): Json | undefined {
  let inner = value;
  if (Array.isArray(value)) {
    inner = value.map((item, index) => rewritten(item, rewrite, `${pointer}/${index}`) ?? item);
  } else if (isObject(value)) {
    inner = Object.fromEntries(
      Object.entries(value as Document).flatMap(([key, item]) => {
        const result = rewritten(item, rewrite, pointer + step(key));
        return result === undefined ? [] : [[key, result]];
      }),
    );
  }
  return rewrite(pointer, inner);
}

/** The same of a document as a whole, which is never removed. */
export function rewrittenDocument(
  document: Document,
  rewrite: (pointer: string, value: Json) => Json | undefined,
): Document {
  return rewritten(document, (pointer, value) =>
    pointer === "" ? value : rewrite(pointer, value),
  ) as Document;
}

/** What stands at a pointer, or undefined. */
export function valueAt(document: Document, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const key of steps(pointer)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isObject(value) && Object.hasOwn(value, key) ? (value as Document)[key] : undefined;
  }
  return value;
}

/** Puts a value at a pointer below objects, which are made where they are missing; undefined removes. Changes `document`. */
export function put(document: Document, pointer: string, value: Json | undefined): void {
  const keys = steps(pointer);
  const last = keys.pop()!;
  let parent = document;
  for (const key of keys) {
    if (!isObject(parent[key])) {
      if (value === undefined) return;
      parent[key] = {};
    }
    parent = parent[key] as Document;
  }
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

/** Whether a pointer is one of `patterns`, in which `*` stands for one step and `**` for any number of them. */
export function matches(pointer: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => regExpOf(pattern).test(pointer));
}

const compiled = new Map<string, RegExp>();

function regExpOf(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern
      .split("/")
      .slice(1)
      .map((key) =>
        key === "**"
          ? "(?:/[^/]+)*"
          : `/${key === "*" ? "[^/]+" : key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`,
      );
    expression = new RegExp(`^${source.join("")}$`);
    compiled.set(pattern, expression);
  }
  return expression;
}
