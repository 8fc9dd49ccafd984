import { stackSettings } from "../infra/settings";
import { type Config, configure, refusal, startStack, target, valid } from "./stack-config";

beforeEach(startStack);

describe("a wrong stack configuration", () => {
  const smtp = { connectionUri: "secret:smtp-uri" };
  const top =
    "target, email, sms, secondFactor, passwordless, requiredAal, proof, acknowledge, promotion, rollback, raw, secrets";
  const requestKeys = "url, method, headers, auth";
  const authKinds = "either header and value, or cookie and value, or user and password";
  const url = "https://sms.shop.example";
  const value = "secret:sms-key";
  const httpUrl = "a URL that starts with http:// or https://, without user and password";
  const rp = { id: "shop.example", displayName: "Shop" };

  it.each<[string, Config, ...string[]]>([
    ["an unknown key", { colour: "red" }, `shop:colour is not a known key; allowed: ${top}`],
    [
      "a near miss of a key",
      { secondfactor: {}, requiredAAL: { session: "aal1" } },
      `shop:secondfactor is not a known key, did you mean "secondFactor"? allowed: ${top}`,
      `shop:requiredAAL is not a known key, did you mean "requiredAal"? allowed: ${top}`,
    ],
    [
      "a near miss of a nested key",
      { sms: { url, methd: "PUT" } },
      `shop:sms.methd is not a known key, did you mean "method"? allowed: ${requestKeys}`,
    ],
    [
      "a near miss in one branch of a choice",
      { secondFactor: { totp: { isuer: "Shop" } } },
      "shop:secondFactor.totp.issuer is missing",
      'shop:secondFactor.totp.isuer is not a known key, did you mean "issuer"? allowed: issuer',
    ],
    [
      "a wrong key in the place of a choice",
      { email: { stmp: smtp } },
      'shop:email.stmp is not a known key, did you mean "smtp"? allowed: smtp, http',
    ],
    [
      "aal2",
      { requiredAal: { session: "aal2", settings: "aal1" } },
      'shop:requiredAal.session is "aal2"; allowed: aal1, highest_available',
    ],
    [
      "an unknown journey",
      { proof: { as: ["password+email", "passkey"] } },
      'shop:proof.as.1 is "passkey"; allowed: password, password+email, password+sms, password+totp, password+lookup_secret, email, email+totp, email+lookup_secret, sms, sms+totp, sms+lookup_secret',
    ],
    [
      "a text in the place of true or false",
      { secondFactor: { code: "yes" } },
      'shop:secondFactor.code is "yes"; it must be true or false',
    ],
    [
      "a text in the place of a choice",
      { secondFactor: { totp: "yes" } },
      'shop:secondFactor.totp is "yes"; allowed: true, false, or an object with issuer',
    ],
    [
      "true in the place of false or an object",
      { passwordless: { passkey: true } },
      "shop:passwordless.passkey is true; allowed: false, or an object with rp",
    ],
    [
      "null in the place of true or false",
      { secondFactor: { code: null } },
      "shop:secondFactor.code is null; it must be true or false",
    ],
    [
      "null in the place of an object",
      { requiredAal: null },
      "shop:requiredAal is null; it must be an object; allowed keys: session, settings",
    ],
    [
      "a list in the place of an object",
      { requiredAal: ["aal1"] },
      "shop:requiredAal is a list; it must be an object; allowed keys: session, settings",
    ],
    [
      "an object in the place of a list",
      { proof: { as: { journey: "password+email" } } },
      "shop:proof.as is an object with journey; it must be a list",
    ],
    [
      "a plain text in the place of an object",
      { requiredAal: "aal1" },
      'shop:requiredAal is "aal1"; it must be an object; allowed keys: session, settings',
    ],
    [
      "a plain text in the place of an object that may hold secrets",
      { sms: "user:canary@sms.shop.example" },
      `shop:sms is a text (not shown: it may be a secret); it must be an object; allowed keys: ${requestKeys}`,
    ],
    [
      "a number in the place of a text",
      { email: { smtp: { ...smtp, fromName: 4711 } } },
      "shop:email.smtp.fromName is 4711; it must be a text",
    ],
    [
      "an empty text",
      { email: { smtp: { ...smtp, fromName: "" } } },
      'shop:email.smtp.fromName is ""; it must not be empty',
    ],
    ["an empty list", { proof: { as: [] } }, "shop:proof.as is an empty list; it must not be empty"],
    [
      "no target",
      { target: {} },
      "shop:target is an empty object; allowed: an object with one key, kratos or network",
    ],
    ["no target's folder", { target: { kratos: { name: "shop" } } }, "shop:target.kratos.dir is missing"],
    [
      "a transport that does not exist",
      { target: { kratos: { name: "shop", dir: ".", transport: "scp" } } },
      'shop:target.kratos.transport is "scp"; allowed: file, ssh, output',
    ],
    [
      "a folder on another host that is relative",
      { target: { kratos: { name: "shop", dir: "kratos", transport: "ssh", host: "auth-1" } } },
      'shop:target.kratos.dir is "kratos"; allowed: an absolute path, such as /etc/kratos',
    ],
    ...["-oProxyCommand=x", "a b", "$(x)", "a;b"].map((host): [string, Config, string] => [
      `the host ${host}`,
      { target: { kratos: { name: "shop", dir: "/etc/kratos", transport: "ssh", host } } },
      `shop:target.kratos.host is "${host}"; allowed: what stands behind ssh: a host, user@host or ssh://user@host:port`,
    ]),
    [
      "a host key that is none",
      { target: { kratos: { name: "shop", dir: "/", transport: "ssh", host: "a", hostKey: "SHA256:abc" } } },
      'shop:target.kratos.hostKey is "SHA256:abc"; allowed: a public host key on one line, such as ssh-ed25519 AAAA…',
    ],
    [
      "a folder for a transport that writes nothing",
      { target: { kratos: { name: "shop", dir: ".", transport: "output" } } },
      "shop:target.kratos.dir is not a known key; allowed: name, environment, transport, config, binary, adminUrls, publicUrl, env, version, plain",
    ],
    [
      "a promise that a file cannot keep",
      { target: { kratos: { name: "shop", dir: ".", plain: true } } },
      "shop:target.kratos.plain is not a known key; allowed: name, environment, transport, config, binary, adminUrls, publicUrl, env, dir",
    ],
    [
      "a version that is a tag",
      { target: { kratos: { name: "shop", transport: "output", version: "latest" } } },
      'shop:target.kratos.version is "latest"; allowed: a version such as v1.3.1',
    ],
    [
      "a text in the place of a target",
      { target: { kratos: "/etc/kratos" } },
      "shop:target.kratos is a text (not shown: it may be a secret); it must be an object; allowed keys: name, environment, transport, config, binary, adminUrls, publicUrl, env, dir",
    ],
    [
      "a target's name that is a path",
      { target: { kratos: { name: "../shop", dir: "." } } },
      'shop:target.kratos.name is "../shop"; allowed: letters, digits, dots, underscores and hyphens, with a letter or digit first',
    ],
    ["no sms url", { sms: { method: "PUT" } }, `shop:sms.url is missing; allowed: ${httpUrl}`],
    [
      "a proof of codes as second factor, without them",
      { proof: { as: ["password+email"] }, secondFactor: { code: false } },
      "shop:proof.as names password+email, but shop:secondFactor.code is false; leave password+email out, or set shop:secondFactor.code to true",
    ],
    [
      "a proof of codes as second factor, where they are the first",
      { proof: { as: ["password+sms"] }, passwordless: { code: true } },
      "shop:proof.as names password+sms, but shop:passwordless.code makes a code the first factor; leave password+sms out, or set shop:passwordless.code to false and shop:secondFactor.code to true",
    ],
    [
      "a proof of lookup codes, without them",
      { proof: { as: ["password", "password+lookup_secret"] }, secondFactor: { lookupSecret: false } },
      "shop:proof.as names password+lookup_secret, but shop:secondFactor.lookupSecret is false; leave password+lookup_secret out, or set shop:secondFactor.lookupSecret to true",
    ],
    [
      "a proof of a second factor that is not demanded",
      { proof: { as: ["password+totp"] }, requiredAal: { session: "aal1" } },
      "shop:proof.as names password+totp, but shop:requiredAal.session is aal1, so no second factor is demanded; leave password+totp out, or set shop:requiredAal.session to highest_available",
    ],
    [
      "a proof of codes as first factor, where they are the second",
      { proof: { as: ["email+totp"] }, secondFactor: { code: true } },
      "shop:proof.as names email+totp, but shop:secondFactor.code makes a code the second factor; leave email+totp out, or set shop:secondFactor.code to false and shop:passwordless.code to true",
    ],
    [
      "a proof of codes as first factor, without them",
      { proof: { as: ["sms"] }, passwordless: { code: false } },
      "shop:proof.as names sms, but shop:passwordless.code is false; leave sms out, or set shop:passwordless.code to true",
    ],
    ["a proof of nothing", { proof: { outbox: { url } } }, "shop:proof.as is missing"],
    ["no e-mail", { email: {} }, "shop:email is an empty object; allowed: either smtp or http"],
    [
      "both ways of e-mail",
      { email: { smtp, http: { url } } },
      "shop:email is an object with smtp, http; allowed: either smtp or http",
    ],
    [
      "half an authentication",
      { sms: { url, auth: { header: "X-Api-Key" } } },
      `shop:sms.auth is an object with header; allowed: ${authKinds}`,
    ],
    [
      "two halves of different authentications",
      { sms: { url, auth: { header: "X-Api-Key", password: value } } },
      `shop:sms.auth is an object with header, password; allowed: ${authKinds}`,
    ],
    [
      "one authentication and a key of another",
      { sms: { url, auth: { header: "X-Api-Key", value, user: "shop" } } },
      `shop:sms.auth is an object with header, value, user; allowed: ${authKinds}`,
    ],
    [
      "two authentications",
      { email: { http: { url, auth: { header: "a", cookie: "b", value } } } },
      `shop:email.http.auth is an object with header, cookie, value; allowed: ${authKinds}`,
    ],
    [
      "a url without scheme",
      { sms: { url: "sms.shop.example/send" } },
      `shop:sms.url is "sms.shop.example/send"; allowed: ${httpUrl}`,
    ],
    [
      "a url without scheme in a list",
      { target: { kratos: { ...target.kratos, adminUrls: ["127.0.0.1:4434"] } } },
      `shop:target.kratos.adminUrls.0 is "127.0.0.1:4434"; allowed: ${httpUrl}`,
    ],
    [
      "a relying party without a name",
      { passwordless: { webauthn: { rp: { ...rp, displayName: undefined } } } },
      "shop:passwordless.webauthn.rp.displayName is missing",
    ],
    [
      "a path key with a slash",
      { sms: { url, headers: { "a/b~c": 5 } } },
      "shop:sms.headers.a/b~c is a number (not shown: it may be a secret); it must be a text",
    ],
  ])("refuses %s", (_what, changes, ...expected) => {
    configure({ ...valid, ...changes });
    expect(stackSettings).toThrow(refusal(...expected));
  });

  it("refuses a configuration without its required keys", () => {
    configure({});
    expect(stackSettings).toThrow(
      refusal(
        "shop:target is missing; allowed: an object with one key, kratos or network",
        "shop:email is missing; allowed: either smtp or http",
      ),
    );
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("refuses the key %s", (key) => {
    configure({ ...valid, [key]: { a: 1 } });
    expect(stackSettings).toThrow(refusal(`shop:${key} is not a known key; allowed: ${top}`));
    const nested = JSON.parse(`{ "code": true, "${key}": { "polluted": true } }`);
    configure({ ...valid, secondFactor: nested });
    expect(stackSettings).toThrow(
      refusal(`shop:secondFactor.${key} is not a known key; allowed: code, totp, lookupSecret, webauthn`),
    );
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});
