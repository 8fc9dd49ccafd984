import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { type Asset, assetNamed } from "./asset";
import { authFields, type Fields, type HttpAuth, Part } from "./part";

/** How the courier calls an HTTP endpoint. */
export interface HttpRequest {
  /** Where messages are sent to. */
  url: Input<string>;
  /** Default: `POST`; always declared, since Kratos itself sends GET where a channel has none. */
  method?: Input<string>;
  /** Jsonnet text `function(ctx) …` that makes the request's body. Default: all fields of `ctx` under their names. */
  body?: Asset | Input<string>;
  /** Default: none. */
  auth?: HttpAuth;
  /** Further request headers. `Content-Type` must be application/json or application/x-www-form-urlencoded. */
  headers?: Record<string, Input<string>>;
}

const DEFAULT_BODY = `function(ctx) {
  recipient: ctx.recipient,
  template_type: ctx.template_type,
  [if "subject" in ctx then "subject"]: ctx.subject,
  body: ctx.body,
  data: ctx.template_data,
}
`;

function requestFields(
  name: string,
  { url, method = "POST", body = DEFAULT_BODY, auth, headers }: HttpRequest,
): Fields {
  return { url, method, body: assetNamed(`messages/${name}.jsonnet`, body), auth: authFields(auth), headers };
}

/**
 * The channel that codes are sent through by SMS: `id: sms`, `type: http`, which Kratos does not fill in by itself.
 * @example
 * ```ts
 * new CourierChannel("sms", {
 *   url: "https://sms.shop.example/send",
 *   auth: { header: "X-Api-Key", value: "secret:sms-key" },
 *   body: textFile("schemas/messages/sms.jsonnet"),
 * });
 * ```
 */
export class CourierChannel extends Part {
  constructor(name: string, args: HttpRequest, opts?: ComponentResourceOptions) {
    // Kratos knows one channel id besides e-mail.
    const channel = { id: "sms", type: "http", request_config: requestFields(`sms/${name}`, args) };
    super("CourierChannel", name, { courier: { channels: [channel] } }, opts);
  }
}

/** SMTP server and sender. */
export interface Smtp {
  /** `smtp://` or `smtps://`, with user and password; a secret. */
  connectionUri: Input<string>;
  /** Sender's address. Default: Kratos's, no-reply@ory.kratos.sh. */
  fromAddress?: Input<string>;
  /** Sender's name. Default: none. */
  fromName?: Input<string>;
  /** Further message headers. */
  headers?: Record<string, Input<string>>;
}

/** Arguments of EmailDelivery: one of the two. */
export type EmailDeliveryArgs = { smtp: Smtp; http?: undefined } | { http: HttpRequest; smtp?: undefined };

/**
 * How e-mails are delivered.
 * @example
 * ```ts
 * new EmailDelivery("email", { smtp: { connectionUri: "secret:smtp-uri", fromAddress: "no-reply@shop.example" } });
 * ```
 */
export class EmailDelivery extends Part {
  constructor(name: string, { smtp, http }: EmailDeliveryArgs, opts?: ComponentResourceOptions) {
    const courier = smtp
      ? {
          delivery_strategy: "smtp",
          smtp: {
            connection_uri: smtp.connectionUri,
            from_address: smtp.fromAddress,
            from_name: smtp.fromName,
            headers: smtp.headers,
          },
        }
      : { delivery_strategy: "http", http: { request_config: requestFields(`email/${name}`, http) } };
    super("EmailDelivery", name, { courier }, opts);
  }
}
