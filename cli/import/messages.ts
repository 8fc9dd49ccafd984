import { isBranch } from "../../infra/identity-config/model";
import type { PartArgs, PartCode } from "./fitting";
import { element } from "./prepared";
import { only, type View } from "./view";

/** `auth` in a part's words; undefined where it is of no kind that parts know. */
export function authOf(auth: unknown): Record<string, unknown> | undefined {
  const { type, config } = isBranch(auth) ? auth : {};
  if (!isBranch(config)) return undefined;
  if (type === "basic_auth") return { user: config.user, password: config.password };
  if (type !== "api_key" || (config.in !== "header" && config.in !== "cookie")) return undefined;
  return { [config.in]: config.name, value: config.value };
}

/** `auth` where each of its fields is a text. */
export function wholeAuth(auth: unknown): Record<string, unknown> | undefined {
  const found = authOf(auth);
  return found && Object.values(found).every((one) => typeof one === "string") ? found : undefined;
}

/** The request at `at`, undefined where a part would make another one of it. */
function request(view: View, at: string): PartArgs | undefined {
  const [url, body] = [view.text(`${at}/url`), view.file(`${at}/body`)];
  if (url === undefined || body === undefined) return undefined;
  const method = view.text(`${at}/method`);
  return only({
    url,
    method: method === "POST" ? undefined : method,
    auth: wholeAuth(view.at(`${at}/auth`)),
    headers: view.texts(`${at}/headers`),
    body,
  });
}

/** How e-mails are delivered. */
export function emailDelivery(view: View): PartCode[] {
  const part = (args: PartArgs): PartCode[] => [{ kind: "EmailDelivery", name: "email", args }];
  if (view.at("/courier/delivery_strategy") === "http") {
    const http = request(view, "/courier/http/request_config");
    return http === undefined ? [] : part({ http });
  }
  const connectionUri = view.text("/courier/smtp/connection_uri");
  if (connectionUri === undefined) return [];
  const smtp = only({
    connectionUri,
    fromAddress: view.set("/courier/smtp/from_address"),
    fromName: view.set("/courier/smtp/from_name"),
    headers: view.texts("/courier/smtp/headers"),
  });
  return part({ smtp });
}

/** The channel for SMS. */
export function courierChannel(view: View): PartCode[] {
  const args = request(view, `${element("/courier/channels", "sms")}/request_config`);
  return args === undefined ? [] : [{ kind: "CourierChannel", name: "sms", args }];
}

/** Kinds of messages, with how valid and invalid ones are sent. */
const TEMPLATES: Record<string, Record<string, readonly ("email" | "sms")[]>> = {
  login_code: { valid: ["email", "sms"] },
  registration_code: { valid: ["email", "sms"] },
  recovery_code: { valid: ["email", "sms"], invalid: ["email"] },
  recovery: { valid: ["email"], invalid: ["email"] },
  verification_code: { valid: ["email", "sms"], invalid: ["email"] },
  verification: { valid: ["email"], invalid: ["email"] },
};

/** The wording of messages. */
export function messageTemplates(view: View): PartCode[] {
  return Object.entries(TEMPLATES).flatMap(([kind, validities]) =>
    Object.entries(validities).flatMap(([validity, media]): PartCode[] => {
      const at = `/courier/templates/${kind}/${validity}`;
      const email = only({
        subject: view.file(`${at}/email/subject`),
        html: view.file(`${at}/email/body/html`),
        plaintext: view.file(`${at}/email/body/plaintext`),
      });
      const sms = media.includes("sms") ? view.file(`${at}/sms/body/plaintext`) : undefined;
      const hasEmail = Object.keys(email).length > 0;
      if (!hasEmail && sms === undefined) return [];
      const template = `${kind}_${validity}`;
      const args = only({ template, email: hasEmail ? email : undefined, sms: sms && { plaintext: sms } });
      return [{ kind: "MessageTemplate", name: template.replaceAll("_", "-"), args }];
    }),
  );
}
