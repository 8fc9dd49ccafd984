import type { Part } from "../../infra/components/part";
import { seal } from "../../infra/components/seal";
import { merge } from "../../infra/identity-config/merge";
import type { Document } from "../../infra/identity-config/model";
import { resolveReferences } from "../../infra/identity-config/references";
import { EmailDelivery, email, IdentitySchema, PasswordPolicy, UserInterface } from "../../infra/index";
import type { Outbox } from "../kratos/outbox";

/** The document that a Kratos is given for `parts` and `raw`. Throws where a reference points nowhere. */
export function documentOf(
  parts: Part[],
  raw: Record<string, unknown> = {},
  secrets: Record<string, string> = {},
): Document {
  const fragments = [...parts.map(({ fragment }) => fragment), { part: "raw", document: raw }];
  const { config, assets } = seal(merge(fragments), secrets);
  const { document, dangling } = resolveReferences(config as Document, assets, secrets);
  if (dangling.length > 0) throw new Error(`dangling: ${JSON.stringify(dangling)}`);
  return document;
}

/** Parts that a Kratos starts with: a schema with an e-mail address, delivery to the outbox's `/email`. */
export function basics(outbox: Outbox): Part[] {
  return [
    new IdentitySchema("default", {
      traits: {
        email: email({ required: true, identifies: ["password", "code"], verify: true, recover: true }),
      },
    }),
    new EmailDelivery("email", { http: { url: `${outbox.url}/email` } }),
    // Asks a server on the internet otherwise.
    new PasswordPolicy("no-breaches", { haveIBeenPwned: false }),
    new UserInterface("ui", { defaultReturnUrl: "https://shop.example/" }),
  ];
}

/** Keys that make a Kratos impatient with its messages. */
export const IMPATIENT = { courier: { worker: { pull_wait: "100ms" }, message_retries: 1 } };
