/**
 * Combinations that must not compile; `npm run check` fails where one does. Never run.
 */
import {
  type Aal,
  CourierChannel,
  choice,
  date,
  EmailDelivery,
  email,
  type HttpAuth,
  IdentityConfig,
  IdentitySchema,
  integer,
  list,
  MultiFactor,
  object,
  Passwordless,
  phone,
  Recovery,
  RequiredAal,
  SignInProof,
  text,
} from "../../infra/index";

const url = "https://sms.shop.example";
const smtp = { connectionUri: "secret:smtp-uri" };
const rp = { id: "shop.example", displayName: "Shop" };

export function requiredAal(): void {
  new RequiredAal("right", { session: "aal1", settings: "highest_available" });
  // @ts-expect-error Kratos refuses aal2
  new RequiredAal("wrong", { session: "aal2" });
  // @ts-expect-error a text that may be anything
  new RequiredAal("wrong", { settings: "aal1" as string });
  // @ts-expect-error a key that does not exist
  new RequiredAal("wrong", { whoami: "aal1" });
  // @ts-expect-error as above
  const aal: Aal = "strict";
  void aal;
}

export function emailDelivery(): void {
  new EmailDelivery("right", { smtp });
  new EmailDelivery("right", { http: { url } });
  // @ts-expect-error both
  new EmailDelivery("wrong", { smtp, http: { url } });
  // @ts-expect-error none
  new EmailDelivery("wrong", {});
  // @ts-expect-error smtp without a server
  new EmailDelivery("wrong", { smtp: { fromAddress: "no-reply@shop.example" } });
}

export function httpAuth(): void {
  const right: HttpAuth[] = [
    { header: "X-Api-Key", value: "secret:key" },
    { cookie: "session", value: "secret:key" },
    { user: "shop", password: "secret:password" },
  ];
  new CourierChannel("right", { url, auth: right[0] });
  // @ts-expect-error a header and half of basic authentication
  new CourierChannel("wrong", { url, auth: { header: "X-Api-Key", user: "shop" } });
  // @ts-expect-error a whole header and half of basic authentication
  new CourierChannel("wrong", { url, auth: { header: "X-Api-Key", value: "secret:key", user: "shop" } });
  // @ts-expect-error header and cookie
  new CourierChannel("wrong", { url, auth: { header: "X-Api-Key", cookie: "session", value: "secret:key" } });
  // @ts-expect-error a user without a password
  new CourierChannel("wrong", { url, auth: { user: "shop" } });
  // @ts-expect-error Kratos knows header and cookie
  new CourierChannel("wrong", { url, auth: { query: "key", value: "secret:key" } });
  // @ts-expect-error no url
  new CourierChannel("wrong", { method: "POST" });
}

export function identitySchema(): void {
  new IdentitySchema("right", { file: "schemas/customer.json", default: true });
  new IdentitySchema("right", { traits: { email: email() }, title: "Customer" });
  // @ts-expect-error both
  new IdentitySchema("wrong", { file: "schemas/customer.json", traits: { email: email() } });
  // @ts-expect-error none
  new IdentitySchema("wrong", { default: true });
  // @ts-expect-error a file has its own title
  new IdentitySchema("wrong", { file: "schemas/customer.json", title: "Customer" });
}

export function traits(): void {
  email({ required: true, identifies: ["password", "code", "passkey"], verify: true, recover: true });
  // @ts-expect-error a channel is no credential
  email({ identifies: ["sms"] });
  // @ts-expect-error the channel follows from the kind of trait
  phone({ via: "sms" });
  // @ts-expect-error only addresses can be verified
  text({ verify: true });
  // @ts-expect-error addresses have their own limit
  email({ maxLength: 80 });
  // @ts-expect-error codes need an address
  text({ identifies: ["code"] });
  // @ts-expect-error organizations are told by the domain of an e-mail address
  phone({ matchOrganization: true });
  // @ts-expect-error one of nothing
  choice([]);
  // @ts-expect-error a bound that is no number
  integer({ minimum: "1" });
  // @ts-expect-error a date identifies nobody
  date({ identifies: ["password"] });
  // @ts-expect-error a schema is no trait
  object({ first: { type: "string" } });
  // @ts-expect-error several kinds of elements
  list([email(), phone()]);
  // @ts-expect-error a file has its own keywords
  new IdentitySchema("wrong", { file: "schemas/customer.json", keywords: {} });
}

export function methods(): void {
  new MultiFactor("right", { code: true, totp: { issuer: "Shop" }, webauthn: { rp } });
  // @ts-expect-error keys are bound to a site
  new MultiFactor("wrong", { webauthn: true });
  // @ts-expect-error passkeys are no second factor
  new MultiFactor("wrong", { passkey: { rp } });
  // @ts-expect-error recovery codes are no first factor
  new Passwordless("wrong", { lookupSecret: true });
  // @ts-expect-error a site without a name
  new Passwordless("wrong", { passkey: { rp: { id: "shop.example" } } });
  // @ts-expect-error sms is a channel, which the code takes by the address
  new Recovery("wrong", { use: "sms" });
}

export function resources(): void {
  const target = { kratos: { name: "shop", dir: "/etc/kratos" } };
  const identity = new IdentityConfig("right", { target, parts: [new Recovery("recovery")] });
  new SignInProof("right", { of: identity, as: ["password+email"] });
  // @ts-expect-error no target
  new IdentityConfig("wrong", { parts: [] });
  // @ts-expect-error a target without a folder
  new IdentityConfig("wrong", { target: { kratos: { name: "shop" } }, parts: [] });
  const output = { name: "shop", transport: "output" } as const;
  new IdentityConfig("right", { target: { kratos: output }, parts: [] });
  // @ts-expect-error a folder, though nothing is written
  new IdentityConfig("wrong", { target: { kratos: { ...output, dir: "." } }, parts: [] });
  // @ts-expect-error only what is handed over can be promised to hold no secret
  new IdentityConfig("wrong", { target: { kratos: { name: "shop", dir: ".", plain: true } }, parts: [] });
  // @ts-expect-error an unknown transport
  new IdentityConfig("wrong", { target: { kratos: { name: "shop", transport: "scp" } }, parts: [] });
  const ssh = { name: "shop", transport: "ssh", dir: "/etc/kratos" } as const;
  new IdentityConfig("right", { target: { kratos: { ...ssh, host: "auth-1" } }, parts: [] });
  // @ts-expect-error a transport over ssh without a host
  new IdentityConfig("wrong", { target: { kratos: ssh }, parts: [] });
  // @ts-expect-error a document is no part; it goes into raw
  new IdentityConfig("wrong", { target, parts: [{ session: {} }] });
  // @ts-expect-error an unknown journey
  new SignInProof("wrong", { of: identity, as: ["passkey"] });
}
