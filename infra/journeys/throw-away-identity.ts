import { randomBytes } from "node:crypto";
import { backOff } from "exponential-backoff";
import type { Channel } from "../identity-config/journeys/journey";
import type { IdentitySchema, PersonTraits } from "./identity-schema";
import { JourneyError } from "./journey-error";
import type { KratosApi } from "./kratos-api";
import { describeReply, type Flow, unexpected } from "./kratos-reply";
import { ADDRESS_PREFIX, PHONE_PREFIX } from "./throw-away-address";
import { throwAwayTraits, traitAt } from "./throw-away-traits";

/** An identity that exists only while a journey walks. */
export type ThrowAwayIdentity = {
  id: string;
  identifier: string;
  password: string;
  /** Where messages reach it; verified. */
  addresses: { value: string; via: Channel }[];
};

type ListedIdentity = {
  id: string;
  metadata_admin?: { "pulumi-ory"?: { throw_away_until?: string } } | null;
};

// Longer than any journey takes, so that one run never removes the identity that another is still using.
const LIFETIME_MS = 10 * 60_000;
const PHONES_TO_TRY = 10;

/**
 * Creates an identity with a random password, marked in metadata_admin with the time after which it is a leftover.
 * Phone numbers are few, so a taken one is answered by trying another.
 *
 * @throws JourneyError `IdentityRefused`
 */
export async function createThrowAway(
  api: KratosApi,
  schema: IdentitySchema,
  paths: PersonTraits,
): Promise<ThrowAwayIdentity> {
  const password = randomBytes(24).toString("base64url");
  for (let attempt = 1; ; attempt++) {
    const traits = throwAwayTraits(schema, [paths.identifier, ...paths.addresses.map(({ path }) => path)]);
    const identifier = String(traitAt(traits, paths.identifier));
    const addresses = paths.addresses.map(({ path, via }) => ({ value: String(traitAt(traits, path)), via }));
    const until = new Date(Date.now() + LIFETIME_MS).toISOString();
    const body = {
      schema_id: schema.id,
      traits,
      credentials: { password: { config: { password } } },
      metadata_admin: { "pulumi-ory": { throw_away_until: until } },
      ...(addresses.length > 0 && {
        verifiable_addresses: addresses.map((one) => ({ ...one, verified: true, status: "completed" })),
      }),
    };
    const reply = await api
      .admin<Flow>("/admin/identities", { method: "POST", body })
      .catch(async (error) => {
        // Without an answer the identity may exist all the same, under an id that nobody has heard of.
        await removeByIdentifier(api, identifier).catch(() => undefined);
        throw error;
      });
    if (reply.status === 201 && reply.body?.id) return { id: reply.body.id, identifier, password, addresses };
    if (reply.status === 409 && attempt < PHONES_TO_TRY) continue;
    throw unexpected(
      "IdentityRefused",
      `a throw-away identity of schema ${JSON.stringify(schema.id)} (201)`,
      reply,
      reply.status === 400
        ? "a required trait that cannot be made up needs an example in its schema (examples)"
        : "",
    );
  }
}

/**
 * Removes an identity; one that is gone already is no error. Tried three times.
 *
 * @throws JourneyError `IdentityNotRemoved`
 */
export async function removeThrowAway(api: KratosApi, id: string): Promise<void> {
  await backOff(() => remove(api, id), { numOfAttempts: 3, startingDelay: 200 });
}

/**
 * Removes what crashed runs have left behind: identities that are marked as thrown away and past their time. They are
 * found by the prefix of their identifiers, a search that Kratos offers as a preview; where it is ignored, the mark
 * and the time still decide. Looks at one page per prefix, so the rest of a long list is for the next run.
 *
 * @returns the number of identities removed
 */
export async function removeLeftovers(api: KratosApi): Promise<number> {
  let removed = 0;
  for (const prefix of [ADDRESS_PREFIX, PHONE_PREFIX]) {
    const found = await list(api, { preview_credentials_identifier_similar: prefix, page_size: "250" });
    const now = Date.now();
    for (const { id, metadata_admin } of found) {
      const until = metadata_admin?.["pulumi-ory"]?.throw_away_until;
      if (until === undefined || Date.parse(until) > now) continue;
      await removeThrowAway(api, id);
      removed++;
    }
  }
  return removed;
}

async function removeByIdentifier(api: KratosApi, identifier: string): Promise<void> {
  for (const { id, metadata_admin } of await list(api, { credentials_identifier: identifier })) {
    if (metadata_admin?.["pulumi-ory"]?.throw_away_until) await removeThrowAway(api, id);
  }
}

async function remove(api: KratosApi, id: string): Promise<void> {
  const reply = await api.admin<Flow>(`/admin/identities/${id}`, { method: "DELETE" });
  if (reply.status === 204 || reply.status === 404) return;
  throw new JourneyError(
    "IdentityNotRemoved",
    `could not remove the throw-away identity ${id}: ${describeReply(reply)}; the next run removes it`,
  );
}

async function list(api: KratosApi, query: Record<string, string>): Promise<ListedIdentity[]> {
  const reply = await api.admin<ListedIdentity[]>(`/admin/identities?${new URLSearchParams(query)}`);
  if (reply.status === 200 && Array.isArray(reply.body)) return reply.body;
  throw unexpected(
    "UnexpectedReply",
    "the list of identities (200)",
    reply as { status: number; body: Flow },
    reply.status === 401 || reply.status === 403
      ? "give an adminToken that may read and write identities"
      : "",
  );
}
