import type { Factor } from "../identity-config/journeys/journey";
import { kindOf } from "../identity-config/journeys/stored-identity";
import type { UserKind } from "../identity-config/journeys/user-kind";
import { allTraits, type Channel, type IdentitySchema } from "./identity-schema";
import type { KratosApi } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";
import { startFlow } from "./sign-in";
import { createThrowAway } from "./throw-away-identity";
import { totp } from "./totp";

/** A throw-away identity with all that it can sign in with. */
export interface Person {
  id: string;
  identifier: string;
  password: string;
  addresses: { value: string; via: Channel }[];
  totpSecret?: string;
  lookupCodes: string[];
}

/** A second factor that one enrols in. */
export type Enrolled = Extract<Factor, "totp" | "lookup_secret">;

/** Creates somebody with a password and with every kind of address that the schema has, verified. */
export async function createPerson(api: KratosApi, schema: IdentitySchema): Promise<Person> {
  const { identifier, addresses } = allTraits(schema);
  const made = await createThrowAway(api, schema, { identifier, address: identifier }, addresses);
  return { ...made, lookupCodes: [] };
}

/** What kind of user they are, as Kratos has stored them. */
export async function kindNow(api: KratosApi, { id }: Person): Promise<UserKind> {
  const asked = ["code", "webauthn", "password"].map((one) => `include_credential=${one}`).join("&");
  const reply = await api.admin<Flow>(`/admin/identities/${id}?${asked}`);
  if (reply.status === 200) return kindOf(reply.body, true);
  throw unexpected("UnexpectedReply", "the throw-away identity (200)", reply);
}

/** A node of a form that shows something. */
type Shown = {
  attributes: { id?: string; text?: { text?: string; context?: { secrets?: { text: string }[] } } };
};

/** Enrols `person`, who has the session `token`, in a second factor, as the settings of their account do it. */
export async function enrol(api: KratosApi, token: string, person: Person, method: Enrolled): Promise<void> {
  const flow = await startFlow(api, "/self-service/settings/api", token);
  const send = (body: object) =>
    api.public<Flow>(`/self-service/settings?flow=${encodeURIComponent(flow.id)}`, {
      method: "POST",
      body: { method, ...body },
      sessionToken: token,
    });
  const shownAt = (form: Flow | undefined, id: string) =>
    (form?.ui?.nodes as Shown[] | undefined)?.find(({ attributes }) => attributes.id === id)?.attributes.text;
  let saved: Awaited<ReturnType<typeof send>>;
  if (method === "totp") {
    person.totpSecret = shownAt(flow, "totp_secret_key")?.text ?? "";
    saved = await send({ totp_code: totp(person.totpSecret) });
  } else {
    const made = await send({ lookup_secret_regenerate: true });
    person.lookupCodes = (shownAt(made.body, "lookup_secret_codes")?.context?.secrets ?? []).map(
      ({ text }) => text,
    );
    saved = await send({ lookup_secret_confirm: true });
  }
  if (saved.status !== 200 || saved.body?.state !== "success")
    throw unexpected("UnexpectedReply", `to be enrolled in ${method} (200)`, saved);
}
