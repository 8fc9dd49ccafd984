import {
  CourierChannel,
  EmailDelivery,
  email,
  Hooks,
  IdentityConfig,
  IdentitySchema,
  MultiFactor,
  Passwordless,
  phone,
  Recovery,
  RequiredAal,
  SignInProof,
  textFile,
  Verification,
} from "./index";
import { stackSettings } from "./settings";

const stack = stackSettings();

const customer = new IdentitySchema("customer", {
  default: true,
  traits: {
    email: email({ required: true, identifies: ["password", "code"], verify: true, recover: true }),
    phone: phone({ identifies: ["code"], verify: true }),
  },
});

const identity = new IdentityConfig("shop", {
  target: stack.target,
  parts: [
    customer,
    new EmailDelivery("email", stack.email),
    ...(stack.sms
      ? [new CourierChannel("sms", { ...stack.sms, body: textFile("schemas/messages/sms.jsonnet") })]
      : []),
    new MultiFactor("second-factor", stack.secondFactor),
    new Passwordless("passwordless", stack.passwordless),
    new RequiredAal("aal", stack.requiredAal),
    new Recovery("recovery", { use: "code" }),
    new Verification("verification", { use: "code" }),
    // Whoever got in before is out once the owner has a new password.
    new Hooks("ending-sessions", {
      recovery: { after: [{ hook: "revoke_active_sessions" }] },
      settings: { after: { password: [{ hook: "revoke_active_sessions" }] } },
    }),
  ],
  raw: stack.raw,
  secrets: stack.secrets,
  acknowledge: stack.acknowledge,
  promotion: stack.promotion,
  rollback: stack.rollback,
});

// An output that is undefined makes the engine warn at each run.
export = {
  revision: identity.revision,
  ...(stack.proof && { proof: new SignInProof("sign-in", { of: identity, ...stack.proof }).result }),
};
