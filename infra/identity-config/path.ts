/** One step of a path: the key of an object, or an array's element found by its natural key. */
export type Segment = string | { key: string; value: string };

/** Arrays whose elements are told apart by a natural key instead of their position. */
const KEYED_ARRAYS: Record<string, string> = {
  "/courier/channels": "id",
  "/identity/schemas": "id",
  "/selfservice/methods/oidc/config/providers": "id",
};

/** The natural key of the elements of the array at `path`, or undefined where position counts. */
export function naturalKey(path: string): string | undefined {
  return Object.hasOwn(KEYED_ARRAYS, path) ? KEYED_ARRAYS[path] : undefined;
}

/** What stands for a character is `~` and its position here. */
const ESCAPED = "~/[]";

const encode = (text: string): string =>
  /[~/[\]]/.test(text) ? text.replace(/[~/[\]]/g, (raw) => `~${ESCAPED.indexOf(raw)}`) : text;
const decode = (text: string): string =>
  text.includes("~") ? text.replace(/~([0-3])/g, (_, code) => ESCAPED[code]!) : text;

/**
 * The path below `parent` (`""` is the document itself), as a JSON pointer in which array elements are addressed
 * by their natural key: `/courier/channels[id=sms]/type`. Beyond RFC 6901's escapes, `[` is `~2` and `]` is `~3`.
 */
export function join(parent: string, segment: Segment): string {
  return typeof segment === "string"
    ? `${parent}/${encode(segment)}`
    : `${parent}[${encode(segment.key)}=${encode(segment.value)}]`;
}

/** The steps of `path`. Throws on what is not a path, naming it. */
export function segments(path: string): Segment[] {
  const found: Segment[] = [];
  const step = /\/([^/[\]]*)|\[([^=[\]/]*)=([^[\]/]*)\]/y;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) throw new Error(`not a path: "${path}"; write it as /courier/channels[id=sms]/type`);
    const [, name, key, value] = match;
    found.push(name !== undefined ? decode(name) : { key: decode(key!), value: decode(value!) });
  }
  return found;
}

/** Whether `path` is `ancestor` or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return (
    path.startsWith(ancestor) &&
    (path.length === ancestor.length || path[ancestor.length] === "/" || path[ancestor.length] === "[")
  );
}

/** The paths above `path`, nearest last, without the document itself. */
export function ancestors(path: string): string[] {
  const found: string[] = [];
  for (let index = 1; index < path.length; index++) {
    if (path[index] === "/" || path[index] === "[") found.push(path.slice(0, index));
  }
  return found;
}
