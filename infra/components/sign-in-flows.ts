import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Part } from "./part";

/** Arguments of Login. */
export interface LoginArgs {
  /** Whether the identifier is asked for first, then how to go on. Default: Kratos's, `unified`, all at once. */
  style?: Input<"unified" | "identifier_first">;
  /** Go duration string that the flow lasts. Default: Kratos's, 1h. */
  lifespan?: Input<string>;
}

/**
 * The flow of signing in.
 * @example
 * ```ts
 * new Login("login", { style: "identifier_first", lifespan: "15m" });
 * ```
 */
export class Login extends Part {
  constructor(name: string, { style, lifespan }: LoginArgs, opts?: ComponentResourceOptions) {
    super("Login", name, { selfservice: { flows: { login: { style, lifespan } } } }, opts);
  }
}

/** Arguments of Registration. */
export interface RegistrationArgs {
  /** Whether people can sign up. Default: Kratos's, true. */
  enabled?: Input<boolean>;
  /**
   * Whether traits and credentials are asked for at once. Kratos asks in two steps by default, since v1.2. Declares
   * `enable_legacy_one_step`, which all versions know; v25.4.0 and newer also have `style` for it.
   */
  oneStep?: Input<boolean>;
  /** The same from v25.4.0 on, where it goes before `oneStep`; refused before. Default: Kratos's, `profile_first`. */
  style?: Input<"unified" | "profile_first">;
  /** Whether one who signs up again is told how to sign in. Default: Kratos's, false. */
  loginHints?: Input<boolean>;
  /** Go duration string that the flow lasts. Default: Kratos's, 1h. */
  lifespan?: Input<string>;
}

/**
 * The flow of signing up.
 * @example
 * ```ts
 * new Registration("registration", { oneStep: true, loginHints: true });
 * ```
 */
export class Registration extends Part {
  constructor(name: string, args: RegistrationArgs, opts?: ComponentResourceOptions) {
    const { enabled, oneStep, style, loginHints, lifespan } = args;
    const registration = {
      enabled,
      enable_legacy_one_step: oneStep,
      style,
      login_hints: loginHints,
      lifespan,
    };
    super("Registration", name, { selfservice: { flows: { registration } } }, opts);
  }
}
