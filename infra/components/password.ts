import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { type Asset, assetNamed } from "./asset";
import { authFields, type Fields, type HttpAuth, Part } from "./part";

/** Arguments of PasswordPolicy. What is left out is not managed. */
export interface PasswordPolicyArgs {
  /** Whether people can sign in with a password. */
  enabled?: Input<boolean>;
  /** Least number of characters, 6 or more. Default: Kratos's, 8. */
  minLength?: Input<number>;
  /**
   * Whether passwords known from breaches are refused. Asks a server on the internet with the first 5 digits of the
   * password's hash. Default: Kratos's, true.
   */
  haveIBeenPwned?: boolean | BreachCheck;
  /** Whether passwords similar to the identifier are refused. Default: Kratos's, true. */
  identifierSimilarityCheck?: Input<boolean>;
  /** Asked for the password of imported identities that have `use_password_migration_hook` set. Default: none. */
  migrateHook?: false | PasswordMigrateHook;
}

/** How passwords are looked up in breaches. */
export interface BreachCheck {
  /** Host that answers like api.pwnedpasswords.com, which is the default. */
  host?: Input<string>;
  /** In how many breaches a password may have been. Default: Kratos's, 0. */
  maxBreaches?: Input<number>;
  /** Whether passwords are accepted while the host cannot be reached. Default: Kratos's, true. */
  ignoreNetworkErrors?: Input<boolean>;
}

/** An endpoint that answers 200 and `{"status":"password_match"}` where an identifier's password is right. */
export interface PasswordMigrateHook {
  /** Called with POST. */
  url: Input<string>;
  /** Default: none. */
  auth?: HttpAuth;
  headers?: Record<string, Input<string>>;
  /**
   * Jsonnet text that makes the request's body, from v25.4.0 on; refused before. Default: Kratos's,
   * `{ identifier, password }`.
   */
  body?: Asset | Input<string>;
}

/**
 * What passwords must be like.
 * @example
 * ```ts
 * new PasswordPolicy("passwords", { minLength: 12, haveIBeenPwned: { ignoreNetworkErrors: false } });
 * ```
 */
export class PasswordPolicy extends Part {
  constructor(name: string, args: PasswordPolicyArgs, opts?: ComponentResourceOptions) {
    const { enabled, minLength, haveIBeenPwned, identifierSimilarityCheck, migrateHook } = args;
    const config: Fields = {
      min_password_length: minLength,
      identifier_similarity_check_enabled: identifierSimilarityCheck,
      ...breachFields(haveIBeenPwned),
      migrate_hook:
        migrateHook === false ? { enabled: false } : migrateHook && migrateFields(name, migrateHook),
    };
    super("PasswordPolicy", name, { selfservice: { methods: { password: { enabled, config } } } }, opts);
  }
}

function breachFields(check: PasswordPolicyArgs["haveIBeenPwned"]): Fields {
  if (check === undefined || typeof check === "boolean") return { haveibeenpwned_enabled: check };
  return {
    haveibeenpwned_enabled: true,
    haveibeenpwned_host: check.host,
    max_breaches: check.maxBreaches,
    ignore_network_errors: check.ignoreNetworkErrors,
  };
}

function migrateFields(name: string, { url, auth, headers, body }: PasswordMigrateHook): Fields {
  const text = body === undefined ? undefined : assetNamed(`passwords/${name}.jsonnet`, body);
  return {
    enabled: true,
    config: { url, method: "POST", headers, auth: authFields(auth), body: text },
  };
}

/** Arguments of PasswordHasher: one of the two. */
export type PasswordHasherArgs =
  | {
      bcrypt: {
        /** Logarithm of the rounds, 4 or more; less than 12 counts only where Kratos runs with `--dev`. Default: 12. */
        cost: Input<number>;
      };
      argon2?: undefined;
    }
  | {
      /** Kratos's defaults fit few servers: measure with `kratos hashers argon2 calibrate`. */
      argon2: {
        /** Such as `128MB`, the default. */
        memory?: Input<string>;
        /** Default: 1. */
        iterations?: Input<number>;
        /** Default: twice the processors. */
        parallelism?: Input<number>;
        /** Bytes, 16 or more. Default: 16. */
        saltLength?: Input<number>;
        /** Bytes, 16 or more. Default: 32. */
        keyLength?: Input<number>;
        /** Go duration string that hashing should take; longer ones are logged. Default: 500ms. */
        expectedDuration?: Input<string>;
        /** Go duration string by which it may differ. Default: 500ms. */
        expectedDeviation?: Input<string>;
        /** Memory that Kratos may use for hashing. Default: 1GB. */
        dedicatedMemory?: Input<string>;
      };
      bcrypt?: undefined;
    };

/**
 * How passwords are stored. Hashes of the other kind stay valid, and are made anew when their owner signs in. Kratos
 * goes over to another algorithm at its next start only.
 * @example
 * ```ts
 * new PasswordHasher("hasher", { bcrypt: { cost: 12 } });
 * ```
 */
export class PasswordHasher extends Part {
  constructor(name: string, { bcrypt, argon2 }: PasswordHasherArgs, opts?: ComponentResourceOptions) {
    const hashers = bcrypt
      ? { algorithm: "bcrypt", bcrypt: { cost: bcrypt.cost } }
      : {
          algorithm: "argon2",
          argon2: {
            memory: argon2.memory,
            iterations: argon2.iterations,
            parallelism: argon2.parallelism,
            salt_length: argon2.saltLength,
            key_length: argon2.keyLength,
            expected_duration: argon2.expectedDuration,
            expected_deviation: argon2.expectedDeviation,
            dedicated_memory: argon2.dedicatedMemory,
          },
        };
    super("PasswordHasher", name, { hashers }, opts);
  }
}
