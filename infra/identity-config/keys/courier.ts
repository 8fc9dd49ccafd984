import { courierRequest } from "./http";
import type { Keys } from "./kind";
import {
  choice,
  duration,
  email,
  flag,
  keys,
  list,
  map,
  matching,
  open,
  since,
  template,
  text,
  UNRELEASED,
  until,
  whole,
} from "./scalars";

const emailTemplate = (): Keys =>
  keys({ subject: template(), body: keys({ plaintext: template(), html: template() }) });
const smsTemplate = (): Keys => keys({ body: keys({ plaintext: template() }) });

const NEEDS_EMAIL = { required: ["email"], requiredTopic: "template-email" } as const;
const byEmail = (): Keys => keys({ email: emailTemplate() }, NEEDS_EMAIL);
const byBoth = (): Keys => keys({ email: emailTemplate(), sms: smsTemplate() }, NEEDS_EMAIL);
const forFlow = (): Keys => keys({ invalid: byEmail(), valid: byBoth() });

const templates = (): Keys =>
  keys({
    recovery: forFlow(),
    recovery_code: forFlow(),
    verification: forFlow(),
    verification_code: forFlow(),
    registration_code: keys({
      valid: keys(
        { email: emailTemplate(), sms: since("25.4.0", smsTemplate(), { foreign: "sms-template" }) },
        NEEDS_EMAIL,
      ),
    }),
    login_code: keys({ valid: byBoth() }),
    verifiable_address_changed: since(UNRELEASED, keys({ email: emailTemplate(), sms: smsTemplate() })),
  });

const smtp = (): Keys =>
  keys({
    connection_uri: matching(/^smtps?:\/\//, {
      expected: "a URI that starts with smtps:// or smtp://",
      right: ["smtps://user:pass@mail.shop.example:465/", "smtp://localhost:25/?disable_starttls=true"],
      wrong: ["mail.shop.example:465", "https://mail.shop.example", ""],
      topic: "smtp-scheme",
    }),
    client_cert_path: text({ default: "" }),
    client_key_path: text({ default: "" }),
    from_address: email("no-reply@ory.kratos.sh"),
    from_name: text(),
    headers: map(text()),
    local_name: text({ default: "localhost" }),
  });

const channel = (): Keys =>
  keys(
    {
      id: choice(["sms"], { topic: "channel-id" }),
      type: choice(["http"]),
      request_config: courierRequest(),
    },
    { required: ["id", "request_config"] },
  );

/** `courier`. */
export const courier = (): Keys =>
  keys({
    templates: templates(),
    template_override_path: text(),
    message_retries: whole({ default: 5 }),
    worker: open({ pull_count: whole({ default: 10 }), pull_wait: duration("1s") }),
    delivery_strategy: choice(["smtp", "http"], { default: "smtp" }),
    http: keys({ request_config: courierRequest({}, true) }),
    smtp: smtp(),
    sms: until(
      "25.4.0",
      keys({
        enabled: flag(false),
        from: text({ default: "Ory Kratos" }),
        request_config: courierRequest({ required: ["url", "method"] }),
      }),
    ),
    channels: list(channel()),
  });
