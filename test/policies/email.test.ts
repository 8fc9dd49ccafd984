import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { judges, methods } from "./examples";
import { trait, violations, withTraits } from "./review";

const SMTP = "/courier/smtp/connection_uri";
const HTTP = "/courier/http/request_config/url";
const smtp = (connection_uri: Json) => ({ courier: { smtp: { connection_uri } } });
const code = (via: string) => trait({ credentials: { code: { identifier: true, via } } });
const codes = (via: string, courier: Json) =>
  withTraits({ address: code(via) }, methods({ code: { mfa_enabled: true } }, { courier }));
const http = (url?: Json): Document => ({
  delivery_strategy: "http",
  http: { request_config: url === undefined ? {} : { url } },
});
const verified = (enabled: boolean) =>
  withTraits(
    { email: trait({ verification: { via: "email" } }) },
    { selfservice: { flows: { verification: { enabled } } }, courier: http() },
  );
const unread = { id: "default", url: UNKNOWN };

judges("email-needs-transport", {
  violated: [
    [HTTP, codes("email", http())],
    [HTTP, codes("email", http(""))],
    [HTTP, codes("email", http()), { target: "network" }],
    [HTTP, verified(true)],
  ],
  kept: [
    [codes("email", http("https://mail.shop.example"))],
    [codes("email", http(UNKNOWN))],
    [codes("email", { smtp: { connection_uri: "smtps://mail.shop.example" } })],
    [codes("email", { smtp: { connection_uri: UNKNOWN } })],
    [codes("sms", http())],
    [codes("email", {}), { target: "network" }],
    [verified(false)],
    [{}],
  ],
  undecided: [
    ["/courier/delivery_strategy", codes("email", { delivery_strategy: UNKNOWN })],
    [
      "/identity/schemas[id=default]/url",
      { ...methods({ code: { mfa_enabled: true } }), identity: { schemas: [unread] }, courier: http() },
    ],
  ],
});

test("an SMTP server that only the environment may name is a note", () => {
  expect(violations("email-needs-transport", codes("email", {}))).toEqual([
    expect.objectContaining({
      path: SMTP,
      undecided: true,
      message: expect.stringContaining("COURIER_SMTP_CONNECTION_URI"),
    }),
  ]);
});

judges("smtp-tls", {
  violated: [
    [SMTP, smtp("smtp://mail.shop.example/?disable_starttls=true")],
    [SMTP, smtp("smtps://ada:p@ss/w@mail.shop.example:465/?server_name=x&skip_ssl_verify=true")],
    [SMTP, smtp("smtp://localhost@mail.shop.example/?skip_ssl_verify=1")],
  ],
  kept: [
    [smtp("smtp://mail.shop.example/")],
    [smtp("smtp://mail.shop.example/?disable_starttls=false")],
    [smtp("smtp://127.0.0.1:1025/?disable_starttls=true")],
    [smtp("smtp://ada:secret@localhost:1025?skip_ssl_verify=true")],
    // What the policy pack sees.
    [smtp("[secret]")],
    [{}],
  ],
  undecided: [[SMTP, smtp(UNKNOWN)]],
});

const network = { target: "network" } as const;

judges("net-own-smtp-prod", {
  violated: [
    [SMTP, {}, network],
    [SMTP, smtp(""), network],
  ],
  kept: [
    [smtp("smtps://mail.shop.example"), network],
    [smtp("[secret]"), network],
    [{ courier: http("https://mail.shop.example") }, network],
    [{}],
  ],
  undecided: [["/courier/delivery_strategy", { courier: { delivery_strategy: UNKNOWN } }, network]],
});
