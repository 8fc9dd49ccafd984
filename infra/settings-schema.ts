import { acknowledgementSchema } from "./identity-config/acknowledgement-schema";
import { JOURNEYS } from "./journeys/ways";
import { object } from "./targets/json-schema";
import { targetSchema } from "./targets/settings-schema";

const text = { type: "string", minLength: 1 };
const bool = { type: "boolean" };

/** Marks what may hold a secret: messages tell only what kind of value stands there. */
const hidden = { writeOnly: true };
const hiddenTexts = { type: "object", additionalProperties: { type: "string", ...hidden } };
const reference = { ...text, ...hidden, pattern: "^secret:.", description: "secret:<name>" };
const url = {
  ...text,
  pattern: "^https?://[^/?#@]+([/?#]|$)",
  description: "a URL that starts with http:// or https://, without user and password",
};

const aal = { type: "string", enum: ["aal1", "highest_available"] };
const journey = { type: "string", enum: JOURNEYS };

const auth = {
  ...object({ header: text, cookie: text, value: reference, user: text, password: reference }),
  // Two keys each: one too many would silently win over the others.
  oneOf: [
    { required: ["header", "value"], maxProperties: 2 },
    { required: ["cookie", "value"], maxProperties: 2 },
    { required: ["user", "password"], maxProperties: 2 },
  ],
  description: "either header and value, or cookie and value, or user and password",
};
const request = object({ url, method: text, headers: hiddenTexts, auth }, ["url"]);

const rp = object({ id: text, displayName: text, origins: { type: "array", items: url } }, [
  "id",
  "displayName",
]);
const key = { anyOf: [{ const: false }, object({ rp }, ["rp"])], description: "false, or an object with rp" };

const smtp = object(
  {
    connectionUri: {
      ...text,
      ...hidden,
      pattern: "^(smtps?://[^@]+$|secret:.)",
      description: "secret:<name>, or without a password an smtp:// or smtps:// URI",
    },
    fromAddress: text,
    fromName: text,
    headers: hiddenTexts,
  },
  ["connectionUri"],
);

const email = {
  ...object({ smtp, http: request }),
  oneOf: [{ required: ["smtp"] }, { required: ["http"] }],
  description: "either smtp or http",
};

const totp = {
  anyOf: [bool, object({ issuer: text }, ["issuer"])],
  description: "true, false, or an object with issuer",
};

/** JSON schema of a stack's configuration, by key below the project's name. */
export const SETTINGS = object(
  {
    target: targetSchema({ text, url, env: hiddenTexts }),
    email,
    sms: request,
    secondFactor: object({ code: bool, totp, lookupSecret: bool, webauthn: key }),
    passwordless: object({ code: bool, passkey: key, webauthn: key }),
    requiredAal: object({ session: aal, settings: aal }),
    proof: object({ as: { type: "array", minItems: 1, items: journey }, outbox: object({ url }, ["url"]) }, [
      "as",
    ]),
    acknowledge: { type: "array", items: acknowledgementSchema({ text, path: text }) },
    promotion: object(
      { from: text, output: text, keep: { type: "array", items: text }, digest: text, revision: text },
      ["from"],
    ),
    rollback: object({ file: text }, ["file"]),
    raw: { type: "object", ...hidden },
    secrets: { type: "object", additionalProperties: { ...text, ...hidden } },
  },
  ["target", "email"],
);
