import type { Output } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { getOrganization, getProject, getStack } from "@pulumi/pulumi/metadata";
import { StackReference } from "@pulumi/pulumi/stackReference";
import type { Promotion, Proven } from "../identity-config/promotion/gate";

/** The stage that proves a config before it comes here. */
export interface PromotionArgs {
  /** Its stack: one of this project, such as `staging`, or `organization/project/stack`. */
  from: string;
  /** Name of the stack's output that holds the result of a SignInProof. Default: `proof`. */
  output?: string;
  /**
   * Paths that are this stage's own, such as `/selfservice/methods/totp/config/issuer`, beside URLs, secrets and what else
   * always belongs to an environment. Default: none.
   */
  keep?: string[];
  /** Digest of what was promoted last; `pulumi-ory promote` notes it. */
  digest?: string;
}

/** `promotion` with what the stage has proven, read through a stack reference. Throws RunError where it is this stack. */
export function promotedFrom(
  resource: string,
  { from, output = "proof", keep, digest }: PromotionArgs,
): Omit<Promotion, "proven"> & { proven: Output<Proven | undefined> } {
  if (typeof from !== "string" || from === "")
    throw new RunError(
      `IdentityConfig "${resource}": promotion.from is no stack's name; write it as "staging"`,
    );
  const name = from.includes("/") ? from : `${getOrganization()}/${getProject()}/${from}`;
  if (name === `${getOrganization()}/${getProject()}/${getStack()}`)
    throw new RunError(
      `IdentityConfig "${resource}": promotion.from is this very stack, ${from}; name the stage before it`,
    );
  const stage = new StackReference(`${resource}-promoted-from`, { name });
  const proven = stage.getOutput(output).apply((proof: Proven | undefined) => {
    if (typeof proof !== "object" || proof === null) return undefined;
    const { promotable, at } = proof;
    return { ...(promotable && { promotable }), ...(at && { at }) };
  });
  return { from, ...(keep && { keep }), ...(digest && { digest }), proven };
}
