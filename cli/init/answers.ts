import type { Journey } from "../../infra/journeys/ways";

/** What a new project is told. */
export interface Answers {
  /** Name of the Pulumi project. */
  name: string;
  target: "kratos" | "network";
  environments: Environment[];
  factors: Factor[];
  /** Where users sign in: e-mails come from it, and security keys belong to it. */
  domain: string;
  /** Where SMS are sent to; without, the project does without phone numbers. */
  smsUrl?: string;
  /** Ids of projects on Ory Network, by environment, as far as they are known. */
  projects: Partial<Record<Environment, string>>;
  /** Whose workflows it gets. Default: none. */
  ci?: "github";
}

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Whether staging proves what prod takes. */
export const isPromoted = ({ environments }: Answers): boolean =>
  environments.includes("staging") && environments.includes("prod");

/**
 * How staging can prove sign-in from its first update on. Where codes are demanded, none: they have to be read from an
 * outbox, which only the user can name.
 */
export const provable = ({ factors }: Answers): Journey[] =>
  factors.includes("code")
    ? []
    : [
        "password",
        ...(factors.includes("totp") ? (["password+totp"] as const) : []),
        ...(factors.includes("lookupSecret") ? (["password+lookup_secret"] as const) : []),
      ];

/** Second factors, in the words of a stack's configuration. */
export const FACTORS = {
  totp: "TOTP: codes of an authenticator app",
  lookupSecret: "lookup secrets: recovery codes on paper",
  webauthn: "WebAuthn: security keys",
  code: "codes by e-mail or SMS: whoever has a verified address is asked for one at once",
} as const;
export type Factor = keyof typeof FACTORS;
