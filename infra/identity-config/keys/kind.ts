import type { Json } from "../model";

/**
 * What a fault is about. Kratos does not load a config that has one, but where `ignored-key` says otherwise: it then
 * takes no notice of the key.
 */
export type Topic =
  | "auth"
  | "channel-id"
  | "duration"
  | "excluded"
  | "hook"
  | "ignored-key"
  | "required"
  | "required-aal"
  | "secret"
  | "sms-recovery"
  | "sms-template"
  | "smtp-scheme"
  | "template-email"
  | "unknown-key"
  | "uri-scheme"
  | "value"
  | "webauthn-config";

/** What any kind of value may have. */
interface Common {
  /** What a wrong value is about. Default `value`. */
  topic?: Topic;
  /** What Kratos takes where the key is absent. Not in elements of arrays: there, absent is absent. */
  default?: Json;
  /** First version that knows the key. */
  since?: string;
  /** First version that no longer does. */
  until?: string;
  /** What a use of the key by a version that does not know it is about. Default: what an unknown key is about. */
  foreign?: Topic;
}

/** A text, number or boolean. */
export interface Scalar extends Common {
  is: "scalar";
  /** Whether Kratos takes the value. */
  accepts(value: unknown): boolean;
  /** What it takes, in words: `true or false`. */
  expected: string;
  /** Values that it takes, and values that it refuses; for tests. */
  samples: { right: readonly Json[]; wrong: readonly Json[] };
}

/** One of some texts. */
export interface Choice extends Common {
  is: "choice";
  options: readonly Option[];
}

/** A value, or key, that some versions know. */
export interface Option {
  value: Json;
  since?: string;
}

export interface List extends Common {
  is: "list";
  of: Kind;
  min?: number;
  /** No two elements are equal. */
  unique?: boolean;
}

/** An object with keys of the user's choice. */
export interface MapOf extends Common {
  is: "map";
  of: Kind;
  /** The keys whose values are looked at; others may hold anything. Default: all. */
  keys?: RegExp;
  /** What a key must be like. Default: anything. */
  names?: Scalar;
  min?: number;
}

/** An object with known keys. */
export interface Keys extends Common {
  is: "keys";
  keys: Readonly<Record<string, Kind>>;
  /** Keys that must be there. */
  required?: readonly string[];
  /** What the lack of one is about. Default `required`. */
  requiredTopic?: Topic;
  /** What a key is about that Kratos does not know; none where it takes any. Default `unknown-key`. */
  others?: Topic | "any";
  /** What is taken instead of an object: `null`, `true` and `false`, or anything. */
  loose?: "null" | "boolean" | "any";
  when?: readonly When[];
}

/** What else must be so in an object whose value at `at` is, or is not, one of some. */
export interface When {
  at: string;
  is?: readonly Json[];
  isNot?: readonly Json[];
  /** Paths that must be there. */
  needs?: readonly string[];
  needsTopic?: Topic;
  /** Keys that must not be there; with values, that must not be one of these. */
  excludes?: readonly { key: string; values?: readonly Json[]; unlessEmpty?: boolean }[];
}

/** An object whose keys depend on one of them. */
export interface Variants extends Common {
  is: "variants";
  /** The key that decides. */
  by: string;
  of: Readonly<Record<string, Keys>>;
}

/** Either of two kinds, told apart by whether the value is a list. */
export interface OneOrMany extends Common {
  is: "either";
  one: Kind;
  many: Kind;
}

export interface Anything extends Common {
  is: "anything";
}

/** The same kind as elsewhere, asked for when needed, so that kinds can contain themselves. */
export interface Same extends Common {
  is: "same";
  as: () => Kind;
}

/** What may stand at a key. */
export type Kind = Scalar | Choice | List | MapOf | Keys | Variants | OneOrMany | Anything | Same;
