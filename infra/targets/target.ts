import type { Baseline, Plan } from "../identity-config/change-set";
import type { Document } from "../identity-config/model";
import { UserError } from "../identity-config/user-error";

/** Who has written what a target runs; kept with it, so that whoever comes to write sees it. */
export interface Stamp {
  /** URN of the resource that wrote it last; it names the stack and the project. */
  owner: string;
  /** Paths that stood in the target before anybody here managed it, and that are left as they stand. */
  leftAlone: string[];
}

/** What a target runs now. */
export interface Observed extends Baseline {
  /** Absent where nothing was written yet, or where somebody removed it. */
  stamp?: Stamp;
  /** Version of what is deployed; changes with every write. */
  revision: string;
  /** Whether others write to the target, too, beside what is managed here. */
  isShared?: boolean;
  /** Whether nothing tells what runs there now: it was never handed over. What would change is then not known either. */
  isUnseen?: boolean;
  /** What kind of project it is, where the target has such kinds. */
  environment?: string;
  /** Kratos's version, such as `1.3.1`, where the target can tell it. */
  kratosVersion?: string;
}

/** What is known of a target before it is read: helps with what it hides, or spells in its own way. */
export interface Known {
  /** What the program wants. */
  declared: Document;
  /** What this resource has written before; empty where it has not. */
  written: Document;
  /** Texts of the secrets in both. */
  secrets: readonly string[];
}

/** Nothing is known, and nothing but what the target itself tells is asked for. */
export const NOTHING_KNOWN: Known = { declared: {}, written: {}, secrets: [] };

/** Somebody else may have written between the observing and the write, so that both have to be done again. */
export class Overtaken extends Error {}

/** The target cannot be looked at with the credentials at hand. */
export class RefusedKey extends UserError {}

/** What to look for on a running server that has loaded a config. */
export interface Evidence {
  marker: string;
  /** Where the server shows the marker. */
  kind: "revision-key" | "schema-comment";
  /** Id of the default identity schema, which carries the marker where `kind` is `schema-comment`. */
  schemaId: string;
}

/** A config that the program brings to the server. */
export interface Rendered {
  /** Content of identity.yml; holds secrets. */
  text: string;
  evidence?: Evidence;
}

/** A write that is about to happen: the plan and what it was made from. */
export interface Write {
  plan: Plan;
  observed: Observed;
  declared: Document;
  stamp: Stamp;
  /** Texts of the secrets in the documents; nothing that is thrown or logged may contain them. */
  secrets: readonly string[];
  /** Whether the program has a secret at a path: whatever is live there is none to be shown either. */
  isSecret: (path: string) => boolean;
}

/** What came of a write. */
export interface Applied {
  revision: string;
  /** What could not be proven. */
  warnings: string[];
  /** What is in force now, where the answer to the write tells it. */
  effective?: Document;
  /** Where the target hands the config over instead of writing it. */
  rendered?: Rendered;
}

/** Base URLs of a running Kratos. */
export interface Endpoints {
  publicUrl: string;
  adminUrl: string;
  /** Bearer token for the Admin API, where it asks for one. */
  adminToken?: string;
}

/** A place where an identity config lives. Every method stops early, rejecting, when `signal` aborts. */
export interface Target {
  /** `<kind>/<name>`: the resource's id; never a path. */
  readonly id: string;
  readonly kind: "kratos" | "network";
  /** What only one resource may write, as messages name it. */
  readonly place: string;
  /** Where the APIs of the running server are reached, for signing in with throw-away identities. */
  endpoints(signal: AbortSignal): Promise<Endpoints>;
  /**
   * Reads the live config. Throws UserError where it cannot be read.
   * @param known Without it, everything is read that can be, for an import.
   */
  observe(signal: AbortSignal, known?: Known): Promise<Observed>;
  /** Whether the target must be written although no value in force changes, as when it holds what nobody declares. */
  isStale(write: Write): boolean;
  /**
   * Tries the planned config without touching what runs. Returns what could not be tried. Throws UserError where it
   * would not load.
   */
  trial(write: Write, signal: AbortSignal): Promise<string[]>;
  /**
   * Writes the planned config if the target still is at the observed revision, and proves that it is in force.
   * Throws UserError, leaving or restoring the old config, where it is not, and Overtaken where the target may be at
   * another revision.
   */
  apply(write: Write, signal: AbortSignal): Promise<Applied>;
  /**
   * What running servers fail to show of a config that was handed over, a line each, after waiting for it.
   * @param wait In milliseconds.
   */
  missing(evidence: Evidence, wait: number, signal: AbortSignal): Promise<string[]>;
}
