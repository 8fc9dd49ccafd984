import type { TraitExtension } from "../identity-schema";
import { readAt } from "../reading";
import type { Aal, Channel } from "./journey";

/** A credential that somebody has, apart from the addresses of codes. */
export type Credential =
  | "password"
  | "oidc"
  | "passkey"
  | "totp"
  | "lookup_secret"
  /** A security key as a second factor. */
  | "webauthn"
  /** A security key that was enrolled while `webauthn.config.passwordless` was on; never a second factor. */
  | "webauthn-passwordless";

/** An address that somebody has. */
export interface Address {
  via: Channel;
  /** The code credential has it: set when the identity was last written, from the schema of that time. */
  code: boolean;
  /** Absent where the identity schema has no verification for it. */
  verified?: boolean;
  /** A recovery address. */
  recovery: boolean;
}

/** What decides the journeys of somebody: which credentials and addresses are stored, and nothing else about them. */
export interface UserKind {
  credentials: Credential[];
  addresses: Address[];
  /** An e-mail address that identifies them for another method than codes, as the name beside a password. */
  namedByEmail: boolean;
  /** Their identity schema's id; where it is not told, it is taken for one that all methods can be used with. */
  schema?: string;
  /** A session that exists. */
  session?: {
    aal: Aal;
    /** The highest level that Kratos has noted for the identity at its last sign-in (`available_aal`). */
    available: Aal;
  };
}

/** Somebody before an identity schema says what becomes of the traits. */
export interface Person {
  /** What they are called in texts and diagrams. */
  name: string;
  has: readonly Channel[];
  credentials: readonly Credential[];
  verified: boolean;
}

const channel = (value: unknown): Channel | undefined =>
  value === "email" || value === "sms" ? value : undefined;

/** What Kratos stores of `person` under an identity schema with `extensions`. */
export function stored(person: Person, extensions: readonly TraitExtension[]): UserKind {
  const addresses = extensions.flatMap(({ extension }): Address[] => {
    const code = readAt(extension, "/credentials/code/identifier") === true;
    const [byCode, byVerification, byRecovery] = [
      "/credentials/code/via",
      "/verification/via",
      "/recovery/via",
    ].map((path) => channel(readAt(extension, path)));
    const via = (code ? byCode : undefined) ?? byVerification ?? byRecovery;
    if (via === undefined || !person.has.includes(via)) return [];
    return [
      {
        via,
        code: code && byCode !== undefined,
        ...(byVerification !== undefined && { verified: person.verified }),
        recovery: byRecovery !== undefined,
      },
    ];
  });
  const namedByEmail = extensions.some(
    ({ extension }) => isName(extension) && isOf(extension, ["email"], person),
  );
  return { credentials: [...person.credentials], addresses, namedByEmail };
}

const isName = (extension: unknown): boolean =>
  ["password", "webauthn"].some((method) => readAt(extension, `/credentials/${method}/identifier`) === true);

/** Whether a trait is an address by one of `channels` that `person` has. */
function isOf(extension: unknown, channels: readonly Channel[], person: Person): boolean {
  const via = viaOf(extension);
  return via !== undefined && channels.includes(via) && person.has.includes(via);
}

/** How a trait receives messages, where it does. */
function viaOf(extension: unknown): Channel | undefined {
  const vias = ["/credentials/code/via", "/verification/via", "/recovery/via"].map((path) =>
    channel(readAt(extension, path)),
  );
  return vias.find((via) => via !== undefined);
}

/** Whether `person` has, under a schema with `extensions`, a name for the method: an address of theirs, or any text. */
export function hasIdentifier(
  person: Person,
  extensions: readonly TraitExtension[],
  method: "password" | "webauthn",
): boolean {
  return extensions.some(({ extension }) => {
    if (readAt(extension, `/credentials/${method}/identifier`) !== true) return false;
    return viaOf(extension) === undefined || isOf(extension, ["email", "sms"], person);
  });
}
