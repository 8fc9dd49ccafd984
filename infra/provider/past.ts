import type { Document } from "../identity-config/model";
import type { Promotable } from "../identity-config/promotion/promotable";
import type { Evidence, Rendered } from "../targets/target";
import { type IdentityConfigInputs, resolved } from "./inputs";
import type { Stored } from "./lifecycle";
import type { Seen } from "./unmanaged";

/** What the state remembers of earlier updates. */
export interface Past {
  /** Paths that the resource manages. From the inputs: after an update without changes the engine keeps old outputs. */
  owned: readonly string[];
  /** URN that the target's stamp had when this resource last wrote or imported it; an older one after a rename. */
  owner?: string;
  /** Paths that nobody here manages; undefined where the state does not know. */
  leftAlone?: readonly string[];
  /** What was handed to the program. */
  rendered?: Rendered;
  /** The promotable part of what was applied last, and what was applied after it had been proven. */
  promotable?: Promotable;
  promoted?: readonly string[];
  /** What was declared, resolved; and the texts of its secrets. */
  written: Document;
  secrets: readonly string[];
  /** What was in force beside, where others write, too. */
  seen?: Seen;
}

/** The past of a resource that is not in the state. */
export const NO_PAST: Past = { owned: [], written: {}, secrets: [] };

/** The past that `old` tells of. */
export function pastOf({ inputs, outputs }: Stored): Past {
  const { owned = [], config = {}, assets = {}, secrets = {} } = inputs as Partial<IdentityConfigInputs>;
  const earlier = resolved({ config, assets, secrets });
  const { rendered, evidence, owner, leftAlone, seen, promotable, promoted } = outputs as Partial<
    Omit<Past, "rendered">
  > & {
    rendered?: string;
    evidence?: Evidence;
  };
  return {
    owned,
    written: earlier.declared,
    secrets: earlier.secrets,
    ...(owner !== undefined && { owner }),
    ...(leftAlone !== undefined && { leftAlone }),
    ...(seen !== undefined && { seen }),
    ...(promotable !== undefined && { promotable }),
    ...(promoted !== undefined && { promoted }),
    ...(rendered !== undefined && { rendered: { text: rendered, ...(evidence && { evidence }) } }),
  };
}
