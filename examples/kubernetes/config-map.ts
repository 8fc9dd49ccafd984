/**
 * The same with a ConfigMap, which everybody who may look at the namespace can read. `plain` refuses a config with a
 * secret in it, in the preview; so the SMTP server's URI comes from the container's environment.
 */
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { unsecret } from "@pulumi/pulumi";
import { email, IdentityConfig, IdentitySchema, MultiFactor, Recovery } from "../../infra/index";
import { kratosDeployment, VERSION } from "./deployment";

export const identity = new IdentityConfig("shop", {
  target: {
    kratos: { name: "shop", transport: "output", config: "kratos.yml", version: VERSION, plain: true },
  },
  parts: [
    new IdentitySchema("customer", {
      default: true,
      traits: { email: email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    new MultiFactor("second-factor", { code: true, totp: true, lookupSecret: true }),
    new Recovery("recovery", { use: "code" }),
  ],
  // COURIER_SMTP_CONNECTION_URI stands in the Secret kratos-environment, as DSN does.
  raw: { courier: { smtp: { from_address: "no-reply@shop.example" } } },
});

export const configMap = new ConfigMap("kratos-identity", {
  // Shown in previews; the provider has made sure that there is no secret in it.
  data: { "identity.yml": unsecret(identity.rendered) },
});

export const deployment = kratosDeployment(
  { configMap: { name: configMap.metadata.name } },
  identity.revision,
);
