/** What Ory Network is known to do beyond storing what it is sent. Pointers are those of the identity config. */
export type Quirks = {
  drops: readonly string[];
  prunesEmpty: boolean;
  fillsEmpty: boolean;
  fillsDefaults: boolean;
  rewritesDurations: boolean;
  storesAssets: boolean;
  schemaIdsAfterReads: number;
  refusesForeignUris: boolean;
  movesKeys: boolean;
  ignoredKeys: readonly string[];
  organizationHook: boolean;
  secrets: "shown" | "masked" | "omitted";
  hidesUndelivered: boolean;
  staleReads: number;
  planGates: Readonly<Record<string, string>>;
  checksKeys: boolean;
  strictPatch: boolean;
  rateLimit: { perSecond?: number; perMinute?: number };
  latencyMs: number;
};

interface Quirk<Value> {
  /** Whether it is on when nothing is said: what the server is documented to do always is, what it may do is not. */
  default: Value;
  does: string;
  source: string;
  /** Where it is a choice of words. */
  words?: readonly Value[];
}

const TF_DOCS = "ory/terraform-provider-ory docs/resources/project_config.md";
const TF_NOTES = "ory/terraform-provider-ory CONTRIBUTING.md";

/** All of them, each with its source; a fact that turns out wrong is corrected here. */
export const QUIRKS: { readonly [Name in keyof Quirks]: Quirk<Quirks[Name]> } = {
  drops: {
    default: [],
    does: "accepts values at these pointers (`*`: one step, `**`: any) with 200 and keeps what was there before",
    source: `${TF_DOCS}; ory/terraform-provider-ory#133, #241`,
  },
  prunesEmpty: {
    default: true,
    does: 'removes keys whose value is "", [], {}, 0 or null',
    source: TF_DOCS,
  },
  fillsEmpty: {
    default: true,
    does: "shows empty hook arrays, template bodies and methods that nobody has written",
    source: "the exported identity config of a live project",
  },
  fillsDefaults: {
    default: true,
    does: "sets relying party origins and the TOTP issuer where they are missing",
    source: TF_DOCS,
  },
  rewritesDurations: {
    default: true,
    does: "writes durations as Go prints them: 15m becomes 15m0s",
    source: TF_DOCS,
  },
  storesAssets: {
    default: true,
    does: "replaces base64:// URIs by storage URLs with the SHA-512 of the content, and ids of schemas by that hash",
    source: `${TF_DOCS}; ory/terraform-provider-ory#115, #138`,
  },
  schemaIdsAfterReads: {
    default: 0,
    does: "shows the declared ids of schemas until after that many GETs; 0: the answer to the write has the new ones. The revision stays",
    source: `${TF_NOTES}: polls for the hash id`,
  },
  refusesForeignUris: {
    default: true,
    does: "refuses schemas, templates and Jsonnet that are neither base64:// nor in its own storage",
    source: TF_DOCS,
  },
  movesKeys: {
    default: true,
    does: "reports selfservice.methods.code.max_submissions at code.config.max_submissions",
    source: TF_NOTES,
  },
  ignoredKeys: {
    default: ["dsn", "serve", "log", "tracing", "secrets", "ciphers", "hashers", "dev"],
    does: "keeps what it has at these top-level keys, and answers with a warning for each that was sent otherwise",
    source: "ory/cli cmd/cloudx/client/project.go; @ory/client patchProjectWithRevision",
  },
  organizationHook: {
    default: false,
    does: "the Console has added the hook `organization` to hook arrays; switching on adds it as another writer",
    source: "ory/terraform-provider-ory, tests of hook arrays",
  },
  secrets: {
    default: "omitted",
    words: ["shown", "masked", "omitted"],
    does: "answers without secrets, or with ******** in their place. What is written, be it the mask, is kept",
    source: `${TF_DOCS}: not returned or masked; which of both for which key is unknown`,
  },
  hidesUndelivered: {
    default: true,
    does: "answers without courier.smtp until a connection_uri is set, and without courier.http unless the strategy is http",
    source: TF_DOCS,
  },
  staleReads: {
    default: 0,
    does: "that many GETs after a write still answer what was there before it",
    source: `${TF_NOTES}: use the answer of the PATCH`,
  },
  planGates: {
    default: {},
    does: "refuses a change at or below a pointer with 403 feature_not_available, naming the feature",
    source: "@ory/client GenericErrorContent.id; ory/terraform-provider-ory internal/client",
  },
  checksKeys: {
    default: true,
    does: "the Console API takes ory_wak_ keys, the Admin API ory_pat_ and ory_apikey_; the other kind gets 403",
    source: "ory/cli#400; Ory docs, concepts/personal-access-token",
  },
  strictPatch: {
    default: false,
    does: "follows RFC 6902: else replacing what is missing adds it, parents are made, and only add, remove and replace exist",
    source: "ory/x jsonx/patch.go; that Ory Network runs it is inferred",
  },
  rateLimit: {
    default: {},
    does: "answers 429 without a body above that many requests; x-ratelimit-reset is 0 for the limit of a second",
    source: "ory/terraform-provider-ory#327, #334",
  },
  latencyMs: {
    default: 0,
    does: "answers that many milliseconds later",
    source: "not measured",
  },
};

/** All quirks as they are when nothing is said. */
export function defaultQuirks(): Quirks {
  return Object.fromEntries(Object.entries(QUIRKS).map(([name, quirk]) => [name, quirk.default])) as Quirks;
}

/** No quirk at all: the project is stored and shown as it was sent. */
export const NO_QUIRKS: Quirks = {
  drops: [],
  prunesEmpty: false,
  fillsEmpty: false,
  fillsDefaults: false,
  rewritesDurations: false,
  storesAssets: false,
  schemaIdsAfterReads: 0,
  refusesForeignUris: false,
  movesKeys: false,
  ignoredKeys: [],
  organizationHook: false,
  secrets: "shown",
  hidesUndelivered: false,
  staleReads: 0,
  planGates: {},
  checksKeys: false,
  strictPatch: true,
  rateLimit: {},
  latencyMs: 0,
};
