import type { Json } from "../../../infra/identity-config/model";
import { totp } from "../../../infra/journeys/totp";
import { adminCall, PASSWORD } from "../../kratos/login";
import type { Kratos } from "../../kratos/server";
import { Authenticator } from "./authenticator";
import { Browser, nodeOf, nodesOf, type Page } from "./browser";
import { PROVIDER } from "./social-provider";

/** What somebody has in hand to sign in with. */
export interface Someone {
  name: string;
  id: string;
  email?: string;
  phone?: string;
  password: boolean;
  totpSecret?: string;
  lookupCodes: string[];
  key?: Authenticator;
  passkey?: Authenticator;
  /** What the social provider knows them by. */
  subject?: string;
  /** Sessions from before a change. */
  before: { aal1?: Browser; aal2?: Browser };
}

/** Of which schema somebody is, and what they enrol in. */
export interface Wanted {
  schema: string;
  has: ("email" | "phone")[];
  password?: false;
  unverified?: true;
  /** Signs in by the social provider. */
  social?: true;
  enrols?: ("totp" | "lookup_secret" | "webauthn" | "passkey")[];
}

let people = 0;

/** An e-mail address and a phone number that nobody has yet. */
export function newAddresses(): { email: string; phone: string } {
  people += 1;
  return { email: `person-${people}@shop.example`, phone: `+4915123${String(400000 + people)}` };
}

/** Creates an identity over the Admin API; all its addresses are verified, or none. */
export async function create(kratos: Kratos, name: string, wanted: Wanted): Promise<Someone> {
  const all = newAddresses();
  const traits = Object.fromEntries(wanted.has.map((key) => [key, all[key]]));
  const verifiable = wanted.schema === "bare" || wanted.unverified ? [] : Object.entries(traits);
  const { status, body } = await adminCall(kratos, "/admin/identities", {
    schema_id: wanted.schema,
    traits,
    credentials: {
      ...(wanted.password !== false && { password: { config: { password: PASSWORD } } }),
      ...(wanted.social && { oidc: { config: { providers: [{ provider: PROVIDER, subject: all.email }] } } }),
    },
    verifiable_addresses: verifiable.map(([key, value]) => ({
      value,
      via: key === "email" ? "email" : "sms",
      verified: true,
      status: "completed",
    })),
  } as Json);
  if (status !== 201) throw new Error(`could not create ${name}: ${JSON.stringify(body)}`);
  return {
    name,
    id: body.id,
    ...traits,
    password: wanted.password !== false,
    ...(wanted.social && { subject: all.email }),
    lookupCodes: [],
    before: {},
  };
}

/** A browser that an administrator has let in by a recovery code. */
export async function letIn(kratos: Kratos, someone: Someone): Promise<Browser> {
  const { body } = await adminCall(kratos, "/admin/recovery/code", { identity_id: someone.id });
  const browser = new Browser(kratos);
  const flow = await browser.get(
    `/self-service/recovery/flows?id=${new URL(body.recovery_link).searchParams.get("flow")}`,
  );
  await browser.submit(flow.body, { method: "code", code: body.recovery_code });
  return browser;
}

/** Enrols `someone` in a method, in the settings. */
export async function enrol(browser: Browser, someone: Someone, method: string): Promise<void> {
  const { body: flow } = await browser.get("/self-service/settings/browser");
  const saved = (page: Page) => {
    if (page.body.state !== "success") throw new Error(`${method}: ${JSON.stringify(page.body)}`);
  };
  if (method === "totp") {
    const node = nodesOf(flow).find(
      ({ attributes }) => (attributes as { id?: string }).id === "totp_secret_key",
    );
    someone.totpSecret = (node!.attributes as unknown as { text: { text: string } }).text.text;
    saved(await browser.submit(flow, { method: "totp", totp_code: totp(someone.totpSecret) }));
  } else if (method === "lookup_secret") {
    const page = await browser.submit(flow, { method: "lookup_secret", lookup_secret_regenerate: true });
    const node = nodesOf(page.body).find(
      ({ attributes }) => (attributes as { id?: string }).id === "lookup_secret_codes",
    );
    const { secrets } = (
      node!.attributes as unknown as { text: { context: { secrets: { text: string }[] } } }
    ).text.context;
    someone.lookupCodes = secrets.map(({ text }) => text);
    saved(await browser.submit(page.body, { method: "lookup_secret", lookup_secret_confirm: true }));
  } else if (method === "webauthn") {
    someone.key = new Authenticator();
    const answer = someone.key.create(optionsAt(flow, "webauthn_register_trigger"));
    saved(
      await browser.submit(flow, {
        method: "webauthn",
        webauthn_register: answer,
        webauthn_register_displayname: "key",
      }),
    );
  } else {
    someone.passkey = new Authenticator();
    const answer = someone.passkey.create(optionsAt(flow, "passkey_create_data"));
    saved(await browser.submit(flow, { method: "passkey", passkey_settings_register: answer }));
  }
}

/** The options for the browser's WebAuthn that a node holds. */
export function optionsAt(flow: Page["body"], name: string) {
  const { value, onclick } = nodeOf(flow, name)!.attributes;
  const text = String(value || onclick);
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
}
