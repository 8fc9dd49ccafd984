import { isDeepStrictEqual } from "node:util";
import { traitExtensions, traitName } from "../identity-schema";
import { inlineText, isBranch, parsedJson } from "../model";
import { readAt } from "../reading";
import { type Judged, NEUTRAL, type Row, together } from "./effect";
import { depends, neutral, special } from "./kinds";

const UNREADABLE: Judged = {
  effect: "unknown",
  reason: "the text of the identity schema cannot be read here",
};

/** What an extension of a trait does, by its path in the extension. */
const EXTENSIONS: [path: string, judge: (trait: string, on: boolean) => Judged][] = [
  [
    "/recovery/via",
    (trait, on) =>
      on
        ? { effect: "weakening", reason: `whoever reads the messages of ${trait} gets into the account` }
        : { effect: "hardening", reason: `${trait} no longer recovers the account` },
  ],
  [
    "/verification/via",
    (trait, on) =>
      on
        ? { effect: "hardening", reason: `${trait} is verified` }
        : { effect: "weakening", reason: `${trait} is no longer verified` },
  ],
  [
    "/credentials/code/identifier",
    (trait) => ({
      effect: "unknown",
      reason: `whether codes to ${trait} open or protect accounts depends on what codes are for`,
    }),
  ],
  ["/credentials/password/identifier", () => NEUTRAL],
  ["/credentials/webauthn/identifier", () => NEUTRAL],
  ["/credentials/passkey/display_name", () => NEUTRAL],
  ["/credentials/totp/account_name", () => NEUTRAL],
];
const KNOWN = [...EXTENSIONS.map(([path]) => path), "/credentials/code/via"];

function judgeSchema(before: unknown, after: unknown): Judged {
  if (before === undefined || after === undefined)
    return {
      effect: "unknown",
      reason: before === undefined ? "a further identity schema" : "accounts that follow this schema lose it",
    };
  const [old, value] = [parsedJson(inlineText(before)), parsedJson(inlineText(after))];
  if (!isBranch(old) || !isBranch(value)) return UNREADABLE;
  const [had, has] = [extensions(old), extensions(value)];
  return together([...new Set([...had.keys(), ...has.keys()])].flatMap((path) => judgeTrait(path, had, has)));
}

function judgeTrait(path: string, had: Extensions, has: Extensions): Judged[] {
  const [old = {}, value = {}] = [had.get(path), has.get(path)];
  const trait = traitName(path);
  const parts = EXTENSIONS.flatMap(([at, judge]) => {
    const [was, is] = [readAt(old, at), readAt(value, at)];
    if (isDeepStrictEqual(was, is)) return [];
    if (isOn(was) === isOn(is)) return [viaChanged(trait)];
    return [judge(trait, isOn(is))];
  });
  const others = !isDeepStrictEqual(without(old), without(value));
  return others ? [...parts, viaChanged(trait)] : parts;
}

const isOn = (value: unknown): boolean => value !== undefined && value !== false;
const viaChanged = (trait: string): Judged => ({
  effect: "unknown",
  reason: `what Kratos does with ${trait} changes`,
});

/** What of an extension the table above does not know, or that changes by itself, such as the way a code goes. */
function without(extension: Record<string, unknown>): unknown {
  const leaves = (node: unknown, at: string): [string, unknown][] =>
    isBranch(node)
      ? Object.entries(node).flatMap(([key, item]) => leaves(item, `${at}/${key}`))
      : [[at, node]];
  const known = new Set(KNOWN.filter((path) => path !== "/credentials/code/via"));
  return Object.fromEntries(
    leaves(extension, "").filter(
      ([at]) =>
        !known.has(at) &&
        !(at === "/credentials/code/via" && !isOn(readAt(extension, "/credentials/code/identifier"))),
    ),
  );
}

type Extensions = Map<string, Record<string, unknown>>;
const extensions = (schema: unknown): Extensions =>
  new Map(traitExtensions(schema).map(({ path, extension }) => [path, extension]));

/** Keys below `identity`. */
export const identityRows: Row[] = [
  special("/identity/schemas[id=*]/url", judgeSchema),
  special("/identity/schemas", () => UNREADABLE),
  ...depends("new accounts follow another schema", "/identity/default_schema_id"),
  ...neutral("/identity/schemas[id=*]/selfservice_selectable"),
];
