import type { Factor } from "../identity-config/journeys/journey";

/** One way to sign in: what is given first, and where a second factor is demanded, what is given then. */
export interface Way {
  first: Factor;
  second?: Factor;
}

/** First and second factors that can be given without a browser. */
export const FIRST: readonly Factor[] = ["password", "code:email", "code:sms"];
export const SECOND: readonly Factor[] = ["code:email", "code:sms", "totp", "lookup_secret"];

/** The ways that a proof can walk, by their names. `email` and `sms` are a code that arrives there. */
export const WAYS = {
  password: { first: "password" },
  "password+email": { first: "password", second: "code:email" },
  "password+sms": { first: "password", second: "code:sms" },
  "password+totp": { first: "password", second: "totp" },
  "password+lookup_secret": { first: "password", second: "lookup_secret" },
  email: { first: "code:email" },
  "email+totp": { first: "code:email", second: "totp" },
  "email+lookup_secret": { first: "code:email", second: "lookup_secret" },
  sms: { first: "code:sms" },
  "sms+totp": { first: "code:sms", second: "totp" },
  "sms+lookup_secret": { first: "code:sms", second: "lookup_secret" },
} as const satisfies Record<string, Way>;

/**
 * A way to sign in: the first factor alone, where no second one may be demanded, or with the second one, which has to
 * be. `email` and `sms` are a code that arrives there, `totp` is an authenticator app, `lookup_secret` a recovery code.
 */
export type Journey = keyof typeof WAYS;

export const JOURNEYS = Object.keys(WAYS) as Journey[];
