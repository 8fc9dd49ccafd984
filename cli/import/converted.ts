import { Asset } from "../../infra/components/asset";
import { documentOf, type Leaves } from "../../infra/identity-config/leaves";
import { scalarsOf } from "../../infra/identity-config/scalars";
import { type Check, checksOf } from "./checks";
import { type PartCode, withoutEngine } from "./fitting";
import { partsOf } from "./parts";
import { type Prepared, prepared } from "./prepared";
import type { Source } from "./source";
import { View } from "./view";

/** A source as parts and raw. */
export interface Import {
  source: Source;
  prepared: Prepared;
  parts: PartCode[];
  /** The part that declares a path. */
  claimed: Map<string, PartCode>;
  raw: { document: Record<string, unknown>; paths: string[] };
  /** Texts that come into files. */
  texts: Asset[];
  checks: Check[];
}

/** Parts for what fits, raw for the rest. */
export async function converted(source: Source): Promise<Import> {
  await withoutEngine();
  const spelled = prepared(source);
  const { parts, claimed } = partsOf(new View(source, spelled));
  const left: Leaves = new Map(
    [...spelled.leaves].filter(([path]) => !claimed.has(path) && !spelled.silent.has(path)),
  );
  // What a part declares is no longer left out.
  const leftOut = spelled.leftOut.filter(({ path }) => !claimed.has(path));
  const declared = new Map([...spelled.leaves].filter(([path]) => claimed.has(path) || left.has(path)));
  const used = new Set(
    [...declared].flatMap(([path, value]) => scalarsOf(value, path).map(([, one]) => one)),
  );
  const secrets = new Map([...spelled.secrets].filter(([name]) => used.has(`secret:${name}`)));
  const result = { ...spelled, leftOut, secrets };
  return {
    source,
    prepared: result,
    parts,
    claimed,
    raw: { document: documentOf(left), paths: [...left.keys()] },
    texts: [...used].filter((one) => one instanceof Asset),
    checks: checksOf(source, result),
  };
}
