import { identitySchemas, type TraitExtension, traitName } from "../../infra/identity-config/identity-schema";
import { isAtLeast } from "../../infra/identity-config/kratos-version";
import { isBranch, isUnknown } from "../../infra/identity-config/model";
import { join } from "../../infra/identity-config/path";
import { elementsAt, type Located, readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Rule, Violation } from "./rule";

const CHANNELS = "/courier/channels";

const smsNeedsChannel: Rule = {
  id: "sms-needs-channel",
  severity: "mandatory",
  title: "a schema that sends SMS needs an sms channel",
  why: "users read that a code was sent; the message is retried, then abandoned, and nobody is told",
  source:
    "ory/kratos v1.3.1 courier/courier_dispatcher.go; the legacy key courier.sms is accepted and never read",
  needs: "effective",
  check({ effective }) {
    const channels = elementsAt(effective, CHANNELS);
    if (channels.some(({ value }) => readAt(value, "/id") === "sms")) return [];
    const schemas = identitySchemas(effective);
    const user = schemas.find(({ extensions }) => extensions.some(sendsSms));
    const unreadable = schemas.find((schema) => schema.unreadable);
    if (!user) return unreadable ? [undecided(unreadable.path, unreadable.unreadable)] : [];
    const open = channels.find(({ value }) => isUnknown(readAt(value, "/id")));
    if (open) return [undecided(open.path)];
    const trait = traitName(user.extensions.find(sendsSms)!.path);
    return [
      {
        path: CHANNELS,
        message: `the schema ${shown(user.id)} sends SMS (trait ${shown(trait)}), but no channel has the id "sms"`,
        remedy: `add a channel {id: "sms", type: "http", request_config} to ${CHANNELS}, or remove via: "sms" from the trait`,
      },
    ];
  },
};

/** Codes go only to traits that are identifiers; verification and recovery need no more than `via`. */
function sendsSms({ extension }: TraitExtension): boolean {
  const code = readAt(extension, "/credentials/code");
  const receivesCodes = readAt(code, "/identifier") === true && readAt(code, "/via") === "sms";
  return (
    receivesCodes ||
    readAt(extension, "/verification/via") === "sms" ||
    readAt(extension, "/recovery/via") === "sms"
  );
}

const typeRequired: Rule = {
  id: "channel-type-required",
  severity: "mandatory",
  title: "a channel names its type",
  why: "up to kratos 1.3 no message leaves at all, e-mail included; from 25.4 on nothing leaves over this channel",
  source:
    "ory/kratos v1.3.1 courier/courier.go, NewCourier; the schema neither requires it nor has a default",
  needs: "effective",
  check(review) {
    // Ory's own examples for Ory Network leave the type out.
    if (review.target === "network") return [];
    const loss = isAtLeast(review, "25.4.0")
      ? "nothing leaves over it"
      : "no message leaves at all, not even e-mail";
    return eachMissing(review.effective, "", "type", (path) => ({
      message: `the channel has no type: ${loss}`,
      remedy: `set ${path} to "http"`,
    }));
  },
};

const bodyRequired: Rule = {
  id: "channel-body-required",
  severity: "mandatory",
  title: "a channel has a body",
  why: "no message over it can be built; all are abandoned, and nobody is told",
  source: "ory/kratos v1.3.1 request/builder.go, addBody; schema defaults do not reach into arrays",
  needs: "effective",
  check: ({ effective }) =>
    eachMissing(effective, "/request_config", "body", (path) => ({
      message: "the channel's request has no body, and there is no default in a channel",
      remedy: `set ${path} to a Jsonnet such as function(ctx) { to: ctx.recipient, text: ctx.body }`,
    })),
};

const methodRequired: Rule = {
  id: "channel-method-required",
  severity: "mandatory",
  title: "a channel names its HTTP method",
  why: "the request is sent as GET, which gateways refuse or ignore",
  source: "ory/kratos v1.3.1 request/builder.go, NewBuilder; schema defaults do not reach into arrays",
  needs: "effective",
  check: ({ effective }) =>
    eachMissing(effective, "/request_config", "method", (path) => ({
      message: "the channel's request has no method and is sent as GET, whatever the schema's default says",
      remedy: `set ${path} to "POST"`,
    })),
};

/**
 * A violation for each channel that lacks `key` in the object at `below` (the channel itself where empty). An object
 * that is absent or malformed is Kratos's to refuse; an unknown value is there, so nothing lacks.
 */
function eachMissing(
  document: unknown,
  below: string,
  key: string,
  violation: (path: string) => Omit<Violation, "path">,
): Violation[] {
  return elementsAt(document, CHANNELS).flatMap(({ path, value }: Located) => {
    const owner = readAt(value, below);
    if (isUnknown(owner)) return [undecided(isUnknown(value) ? path : path + below)];
    if (!isBranch(owner)) return [];
    const present = readAt(owner, `/${key}`);
    // Kratos reads an empty text as none.
    if (present !== undefined && present !== "") return [];
    const missing = join(path + below, key);
    return [{ path: missing, ...violation(missing) }];
  });
}

export const courierRules: Rule[] = [smsNeedsChannel, typeRequired, bodyRequired, methodRequired];
