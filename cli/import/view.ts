import { Asset } from "../../infra/components/asset";
import { DOCUMENT } from "../../infra/identity-config/keys/document";
import { faultsOf } from "../../infra/identity-config/keys/faults";
import { documentOf, valueAt } from "../../infra/identity-config/leaves";
import { isBranch } from "../../infra/identity-config/model";
import { isWithin } from "../../infra/identity-config/path";
import { claims, type PartArgs, type PartCode } from "./fitting";
import type { Prepared } from "./prepared";
import type { Source } from "./source";

/** What parts are looked for in. */
export class View {
  private readonly document;
  private readonly faulty: readonly string[];

  constructor(
    source: Source,
    readonly prepared: Prepared,
  ) {
    this.document = documentOf(prepared.leaves);
    // What Kratos does not take there, no part takes either.
    this.faulty = faultsOf(source.document, DOCUMENT, source.running).map(({ path }) => path);
  }

  /** What stands at `path`, if it is of the kind that belongs there. */
  at(path: string): unknown {
    if (this.faulty.some((fault) => isWithin(fault, path) || isWithin(path, fault))) return undefined;
    return valueAt(this.document, path);
  }

  /** The same, but undefined where the program may be silent. */
  set(path: string): unknown {
    return this.prepared.silent.has(path) ? undefined : this.at(path);
  }

  text(path: string): string | undefined {
    const value = this.at(path);
    return typeof value === "string" ? value : undefined;
  }

  file(path: string): Asset | undefined {
    const value = this.at(path);
    return value instanceof Asset ? value : undefined;
  }

  /** The texts by name at `path`, if there are any. */
  texts(path: string): Record<string, string> | undefined {
    const value = this.at(path);
    return isBranch(value) && Object.values(value).every((one) => typeof one === "string")
      ? (value as Record<string, string>)
      : undefined;
  }

  /** Ids of the elements of a list, in its order. */
  ids(path: string): string[] {
    const list = valueAt(this.document, path);
    return Array.isArray(list) ? list.filter(isBranch).map(({ id }) => String(id)) : [];
  }

  /** Whether the part says just what stands there. */
  fits(part: PartCode): boolean {
    return claims(part, this.prepared.leaves) !== undefined;
  }

  /** The part with those of the arguments that fit by themselves; none where that is nothing. */
  fitting(kind: PartCode["kind"], name: string, args: PartArgs): PartCode[] {
    const fields = Object.entries(only(args)).filter(([field, value]) =>
      this.fits({ kind, name, args: { [field]: value } }),
    );
    return fields.length === 0 ? [] : [{ kind, name, args: Object.fromEntries(fields) }];
  }
}

/** `fields` without those that are undefined, and without objects that are empty for that. */
export function only(fields: Record<string, unknown>): PartArgs {
  const kept = Object.entries(fields).map(
    ([name, value]) => [name, isBranch(value) ? only(value) : value] as const,
  );
  return Object.fromEntries(
    kept.filter(
      ([name, value]) => value !== undefined && !(isBranch(value) && isEmptied(value, fields[name])),
    ),
  );
}

const isEmptied = (value: object, before: unknown): boolean =>
  Object.keys(value).length === 0 && Object.keys(before as object).length > 0;
