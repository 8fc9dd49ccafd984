/**
 * Ory Kratos in Kubernetes. Nothing is written on this machine: the rendered identity config, which holds the SMTP
 * server's password, becomes a Kubernetes Secret that the pods mount.
 */
import { Secret } from "@pulumi/kubernetes/core/v1";
import { Config } from "@pulumi/pulumi";
import {
  EmailDelivery,
  email,
  IdentityConfig,
  IdentitySchema,
  MultiFactor,
  Recovery,
  SignInProof,
} from "../../infra/index";
import { kratosDeployment, VERSION } from "./deployment";

const config = new Config();
/** Where Kratos's APIs are reached from where Pulumi runs, such as by `kubectl port-forward`. */
const reached = config.getObject<{ adminUrl: string; publicUrl: string; outbox: { url: string } }>("reached");

export const identity = new IdentityConfig("shop", {
  target: {
    kratos: {
      name: "shop",
      transport: "output",
      config: "kratos.yml",
      version: VERSION,
      ...(reached && { adminUrls: [reached.adminUrl], publicUrl: reached.publicUrl }),
    },
  },
  parts: [
    new IdentitySchema("customer", {
      default: true,
      traits: { email: email({ required: true, identifies: ["password", "code"], recover: true }) },
    }),
    new EmailDelivery("email", { smtp: { connectionUri: "secret:smtp-uri" } }),
    new MultiFactor("second-factor", { code: true, totp: true, lookupSecret: true }),
    new Recovery("recovery", { use: "code" }),
  ],
  secrets: { "smtp-uri": config.requireSecret("smtpUri") },
});

export const secret = new Secret("kratos-identity", { stringData: { "identity.yml": identity.rendered } });

export const deployment = kratosDeployment(
  { secret: { secretName: secret.metadata.name } },
  identity.revision,
);

export const proof =
  reached &&
  new SignInProof(
    "sign-in",
    { of: identity, as: ["password+email"], outbox: reached.outbox },
    { dependsOn: deployment },
  );
