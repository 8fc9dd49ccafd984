import type { Factor } from "../identity-config/journeys/journey";
import { kindOf } from "../identity-config/journeys/stored-identity";
import type { UserKind } from "../identity-config/journeys/user-kind";
import { giveFirst, giveSecond, type Scene } from "./factors";
import type { IdentitySchema, PersonTraits } from "./identity-schema";
import { JourneyError } from "./journey-error";
import type { KratosApi } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";
import { createThrowAway, type ThrowAwayIdentity } from "./throw-away-identity";
import { totp } from "./totp";
import type { Way } from "./ways";

/** A throw-away identity with all that it can sign in with. */
export interface Person extends ThrowAwayIdentity {
  totpSecret?: string;
  lookupCodes: string[];
}

/** A second factor that one enrols in. */
export type Enrolled = Extract<Factor, "totp" | "lookup_secret">;

/** Creates somebody with these traits, their addresses verified. */
export async function createPerson(
  api: KratosApi,
  schema: IdentitySchema,
  traits: PersonTraits,
): Promise<Person> {
  return { ...(await createThrowAway(api, schema, traits)), lookupCodes: [] };
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
  attributes: {
    id?: string;
    name?: string;
    text?: { text?: string; context?: { secrets?: { text: string }[] } };
  };
};

/** How the settings offer to enrol in it. */
const OFFERED: Record<Enrolled, (node: Shown) => boolean> = {
  totp: ({ attributes }) => attributes.id === "totp_secret_key",
  lookup_secret: ({ attributes }) => attributes.name === "lookup_secret_regenerate",
};

/**
 * Signs `person` in, and enrols them in a second factor, as the settings of their account do it. `way.second` is given
 * where the settings ask for it.
 *
 * @throws JourneyError
 */
export async function enrol(scene: Scene, person: Person, method: Enrolled, way: Way): Promise<void> {
  const { api, done } = scene;
  let token = await giveFirst(scene, person, way.first);
  const start = () => api.public<Flow>("/self-service/settings/api", { sessionToken: token });
  let started = await start();
  if (started.body?.error?.id === "session_aal2_required" && way.second !== undefined) {
    token = await giveSecond(scene, token, person, way.second);
    started = await start();
  }
  if (started.status !== 200) throw unexpected("UnexpectedReply", "the settings (200)", started);
  const flow = started.body!;
  const nodes = (form: Flow | undefined) => (form?.ui?.nodes ?? []) as Shown[];
  if (!nodes(flow).some(OFFERED[method]))
    throw new JourneyError(
      "NotEnrollable",
      `expected the settings to offer ${method}; selfservice.methods.${method}.enabled has to be true`,
    );
  const send = (body: object) =>
    api.public<Flow>(`/self-service/settings?flow=${encodeURIComponent(flow.id!)}`, {
      method: "POST",
      body: { method, ...body },
      sessionToken: token,
    });
  const shownAt = (form: Flow | undefined, id: string) =>
    nodes(form).find(({ attributes }) => attributes.id === id)?.attributes.text;
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
  done?.(`enrolled in ${method}`);
}
