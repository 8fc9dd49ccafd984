import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/pulumi/resource";
import type { Promotable } from "../identity-config/promotion/promotable";
import type { Journey } from "../journeys/ways";
import type { IdentityConfig } from "./identity-config";

/** Arguments of SignInProof. */
export interface SignInProofArgs {
  /** The identity config that is proven; it is applied first. */
  of: IdentityConfig;
  /**
   * How to sign in: `password`, `email` or `sms` (a code that arrives there), alone where no second factor may be
   * demanded, or `+email`, `+sms`, `+totp` or `+lookup_secret` where one has to be, as in `password+totp`.
   */
  as: Journey[];
  /**
   * Base URL of an outbox that the messages arrive at and that lists them at `GET /messages`. Default: codes are read
   * from the courier's messages over the Admin API, which shows them where Kratos runs with `--dev`.
   */
  outbox?: { url: string };
}

/** What a SignInProof has seen. */
export interface SignInProofResult {
  /** Digest of the identity config that was in force. */
  digest: string;
  /** What of it is promoted to other stages: its digest, and each value by its path. Holds no secret. */
  promotable: Promotable;
  /** The journeys that were walked, in sentences. */
  journeys: { as: Journey; aal: string; steps: string[] }[];
  /** When, in RFC 3339. */
  at: string;
}

/**
 * Proof that people can sign in: after the config is applied, throw-away identities walk the named journeys against
 * the running target, and are removed. Where the program itself brings the config to the server, name what does so in
 * `dependsOn`; the proof then waits up to 3 minutes until each server of `adminUrls` shows the new config. Runs again when the config changes; fails the deployment where one cannot
 * sign in. Messages are really sent, and web hooks really called.
 * @example
 * ```ts
 * new SignInProof("sign-in", { of: identity, as: ["password+email", "password+sms"] });
 * ```
 */
export class SignInProof extends CustomResource {
  /** @internal Type token, by which policies find the class. */
  static readonly __pulumiType = "ory:index:SignInProof";

  declare readonly result: Output<SignInProofResult>;

  constructor(name: string, { of, as, outbox }: SignInProofArgs, opts?: CustomResourceOptions) {
    const { declaredTarget: target, digest, promotable, revision, evidence } = of;
    super(
      SignInProof.__pulumiType,
      name,
      { target, digest, promotable, revision, evidence, as, outbox, result: undefined },
      opts,
    );
  }
}
