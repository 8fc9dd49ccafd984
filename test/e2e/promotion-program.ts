import { resolve } from "node:path";

/** A program that takes all from the stack's file, as the project's own does, and proves where that says how. */
export const PROGRAM = `
import { stackSettings } from ${JSON.stringify(resolve(__dirname, "../../infra/settings"))};
const stack = stackSettings();
const identity = new ory.IdentityConfig("shop", {
  target: stack.target,
  parts: [
    new ory.IdentitySchema("customer", {
      default: true,
      traits: { email: ory.email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    ...(stack.sms ? [new ory.CourierChannel("sms", stack.sms)] : []),
    new ory.MultiFactor("second-factor", stack.secondFactor),
    new ory.RequiredAal("aal", stack.requiredAal),
  ],
  raw: stack.raw,
  secrets: stack.secrets,
  acknowledge: stack.acknowledge,
  promotion: stack.promotion,
  rollback: stack.rollback,
});
export = {
  revision: identity.revision,
  ...(stack.proof && { proof: new ory.SignInProof("sign-in", { of: identity, ...stack.proof }).result }),
};
`;
