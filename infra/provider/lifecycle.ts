import type { Review } from "../../policies/rules/rule";
import type { Surroundings } from "../targets/open";
import type { LogLevel } from "./engine-log";
import type { Properties } from "./wire";

/** What all requests have in common. */
export interface Common extends Surroundings {
  /** What the provider's own configuration sets about rules. */
  rules?: Review["rules"];
}

/** What a running request may use. */
export interface Context extends Common {
  urn: string;
  /** Aborts when the engine cancels the deployment. */
  signal: AbortSignal;
  /** Shows a message on the resource. */
  log(severity: LogLevel, message: string): Promise<void>;
}

/** One input that cannot be accepted. */
export interface Failure {
  /** Name of the input; empty where the reason names a path in it, as the engine cannot print nested ones. */
  property: string;
  reason: string;
}

export type DiffKind = "add" | "update" | "delete" | "replace";

/** What differs, by property path as the engine writes it; empty without a path where only the fact is known. */
export interface Difference {
  changed: boolean;
  paths: Map<string, DiffKind>;
}

/** A resource as the state has it. */
export interface Stored {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** The life of one type of resource. A thrown UserError is shown as it is. */
export interface Lifecycle {
  check(news: Properties, context: Context): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(old: Stored, news: Properties, context: Context): Promise<Difference>;
  /** In preview nothing is written, and outputs may be `UNKNOWN`. */
  create(news: Properties, preview: boolean, context: Context): Promise<{ id: string; outputs: Properties }>;
  update(old: Stored, news: Properties, preview: boolean, context: Context): Promise<Properties>;
  /** The resource as it is now. */
  read(old: Stored, context: Context): Promise<Stored>;
  delete(old: Stored, context: Context): Promise<void>;
}
