/** How a code or a link travels. */
export type Channel = "email" | "sms";

/**
 * What proves who somebody is. `code:` is a one-time code of the code method, `recovery:` one, or a link, that recovers
 * an account; both name the channel. `webauthn` is a security key, as first or as second factor.
 */
export type Factor =
  | "password"
  | `code:${Channel}`
  | "webauthn"
  | "passkey"
  | "oidc"
  | "totp"
  | "lookup_secret"
  | `recovery:${Channel}`;

/** Authenticator assurance level: one factor, or two. */
export type Aal = "aal1" | "aal2";

/**
 * Why a journey goes no further:
 * - `off`: the flow, or the method that it uses, is disabled; Kratos answers 400
 * - `server-error`: Kratos answers 500
 * - `no-way-in`: no method that is on is one that they have
 * - `nothing-offered`: a second factor is demanded, and the form that asks for it is empty
 * - `never-sent`: the code cannot be delivered
 * - `no-address`: they have no address that a code would be sent to
 * - `unverified`: they must verify an address first
 * - `refused`: what they send is refused; Kratos answers 400
 */
export type Stop =
  | "off"
  | "server-error"
  | "no-way-in"
  | "nothing-offered"
  | "never-sent"
  | "no-address"
  | "unverified"
  | "refused";

/** How a path ends. */
export type End =
  /** With a session that is good for what the journey is about; `none`: signed up, but not signed in. */
  | { reached: Aal | "none" }
  | { stopped: Stop; because: string }
  /** What decides it is not known: `path` is where it stands in the document. */
  | { unclear: string; because: string };

/** One way through a journey. */
export interface Path {
  /** What they begin with; absent where a session is what they begin with, or where nothing is asked at all. */
  first?: Factor;
  /** What is offered where a second factor is demanded; any one will do. Absent where none is demanded. */
  second?: Factor[];
  /** The code of the second factor is sent without asking which one is wanted. */
  sentAtOnce?: true;
  end: End;
}

/** The steps of one kind of user through one journey, by the way that they begin. */
export interface Journey {
  /** `session`: going on with a session that exists already. */
  journey: "sign-up" | "sign-in" | "session" | "settings" | "recovery";
  /** The session that it starts from. */
  from?: Aal;
  paths: Path[];
  /** What can be changed in the settings, by the names of their methods. */
  changes?: string[];
  /** What is asked again in the settings for protected changes, once `privileged_session_max_age` is over. */
  again?: Factor[];
}

const ORDER: readonly Factor[] = [
  "password",
  "code:email",
  "code:sms",
  "webauthn",
  "passkey",
  "oidc",
  "totp",
  "lookup_secret",
  "recovery:email",
  "recovery:sms",
];

/** `factors`, each once and in one order. */
export const sorted = (factors: readonly Factor[]): Factor[] =>
  ORDER.filter((factor) => factors.includes(factor));
