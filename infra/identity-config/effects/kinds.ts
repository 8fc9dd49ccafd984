import { durationOf } from "../canonical";
import type { Running } from "../kratos-version";
import { type Judged, NEUTRAL, type Row, together, UNKNOWN_EFFECT } from "./effect";

/** What it means for accounts when a value becomes weaker, and when it becomes stronger. */
interface Words {
  weakens: string;
  hardens: string;
}

interface Defaulted extends Words {
  /** Kratos's default, which an absent value means. */
  byDefault: unknown;
  /** Whether Ory Network's default is another one, which is not known here. */
  otherOnNetwork?: true;
}

/** A key whose values have an order. @param strength The greater, the stronger; undefined for what is no such value. */
function ordered(path: string, words: Defaulted, strength: (value: unknown) => number | undefined): Row {
  const { byDefault, otherOnNetwork, weakens, hardens } = words;
  return {
    path,
    judge(before, after, { target }: Running): Judged {
      if (otherOnNetwork && target === "network" && (before === undefined || after === undefined))
        return { effect: "unknown", reason: "what Ory Network falls back to is not known here" };
      const [old, value] = [strength(before ?? byDefault), strength(after ?? byDefault)];
      if (old === undefined || value === undefined) return UNKNOWN_EFFECT;
      if (old === value) return NEUTRAL;
      return value < old
        ? { effect: "weakening", reason: weakens }
        : { effect: "hardening", reason: hardens };
    },
  };
}

const flag = (value: unknown): number | undefined => (typeof value === "boolean" ? Number(value) : undefined);
const negated =
  (strength: (value: unknown) => number | undefined) =>
  (value: unknown): number | undefined => {
    const found = strength(value);
    return found === undefined ? undefined : -found;
  };

/** A toggle that protects while it is on. */
export const protects = (path: string, words: Defaulted): Row => ordered(path, words, flag);

/** A toggle that opens something while it is on. */
export const opens = (path: string, words: Defaulted): Row => ordered(path, words, negated(flag));

/** A text that is one of `weakestFirst`. */
export const oneOf = (path: string, weakestFirst: readonly string[], words: Defaulted): Row =>
  ordered(path, words, (value) => {
    const index = weakestFirst.indexOf(value as string);
    return index < 0 ? undefined : index;
  });

/** A duration, the shorter the stronger. */
export const shortIsStrong = (path: string, words: Defaulted): Row => ordered(path, words, negated(length));

const length = (value: unknown): number | undefined =>
  typeof value === "string" ? durationOf(value) : undefined;

/** A number, the greater the stronger. */
export const greatIsStrong = (path: string, words: Defaulted): Row => ordered(path, words, amount);

/** A number, the smaller the stronger. */
export const smallIsStrong = (path: string, words: Defaulted): Row => ordered(path, words, negated(amount));

const amount = (value: unknown): number | undefined =>
  Number.isFinite(value) ? (value as number) : undefined;

/** An amount of memory such as `128MB`, the greater the stronger. */
export const memoryIsStrength = (path: string, words: Defaulted): Row => ordered(path, words, bytes);

/** Kratos reads sizes by github.com/inhies/go-bytesize, whose units are powers of 1024. */
function bytes(value: unknown): number | undefined {
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/i.exec(typeof value === "string" ? value : "") ?? [];
  if (count === undefined) return undefined;
  return Number(count) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit!.toUpperCase());
}

/** A key that has nothing to do with the protection of accounts. */
export const neutral = (...paths: string[]): Row[] => paths.map((path) => ({ path, judge: () => NEUTRAL }));

/** A key that matters, in a way that cannot be told from its values. */
export const depends = (reason: string, ...paths: string[]): Row[] =>
  paths.map((path) => ({ path, judge: () => ({ effect: "unknown", reason }) }));

/** A list of texts each of which opens something, `*` everything; elements that are no texts are not understood. */
export function opening(
  path: string,
  { byDefault, weakens, hardens }: Words & { byDefault: readonly string[] },
): Row {
  return {
    path,
    judge(before, after) {
      const [old, value] = [texts(before ?? byDefault), texts(after ?? byDefault)];
      if (old === undefined || value === undefined) return UNKNOWN_EFFECT;
      const more = notIn(old, value);
      const less = notIn(value, old);
      return together([
        ...more.map((one): Judged => ({ effect: "weakening", reason: `${weakens} ${one}` })),
        ...less.map((one): Judged => ({ effect: "hardening", reason: `${hardens} ${one}` })),
      ]);
    },
  };
}

const notIn = (others: string[], texts: string[]): string[] =>
  others.includes("*") ? [] : texts.filter((one) => !others.includes(one));

const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;

/** A URL: over http what is sent there can be read by others; at another host, somebody else may receive it. */
export function address(path: string, what: string): Row {
  return {
    path,
    judge(before, after) {
      const [old, value] = [url(before), url(after)];
      if (old === undefined || value === undefined)
        return { effect: "unknown", reason: `${what} another address` };
      const crossing = isOpen(value) === isOpen(old) ? [] : [crossed(isOpen(value), what)];
      const moved: Judged[] =
        old.host === value.host ? [] : [{ effect: "unknown", reason: `${what} another host, ${value.host}` }];
      return together([...crossing, ...moved]);
    },
  };
}

const crossed = (open: boolean, what: string): Judged =>
  open
    ? { effect: "weakening", reason: `${what} an address without TLS` }
    : { effect: "hardening", reason: `${what} an address with TLS` };

const url = (value: unknown): URL | undefined =>
  typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;

const isOpen = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** A key that is a protection of its own kind. */
export const special = (path: string, judge: Row["judge"]): Row => ({ path, judge });
