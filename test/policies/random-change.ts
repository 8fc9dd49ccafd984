import { DOCUMENT } from "../../infra/identity-config/keys/document";
import type { Keys, Kind } from "../../infra/identity-config/keys/kind";
import type { Running } from "../../infra/identity-config/kratos-version";
import { type Document, isBranch, type Json } from "../../infra/identity-config/model";

/** A change, by numbers that choose among what there is to choose from. */
export interface Change {
  at: number;
  how: number;
  pick: number;
  text: string;
}

/** A value in a config, with what it stands in. */
interface Place {
  parent: Record<string, Json> | Json[];
  key: string;
  kind: Kind;
  value: Json;
}

const chosen = <T>(list: readonly T[], pick: number): T | undefined => list[pick % list.length];

/** `config` with `change` made to it; unchanged where there is nothing to make it to. */
export function changed(config: Document, change: Change, running: Running): Document {
  const copy = copyOf(config);
  const places = placesIn(DOCUMENT, copy);
  const ways = [
    wrongValue,
    wrongValue,
    oddText,
    unknownKey,
    remove,
    foreignKey,
    repeat,
    otherVariant,
    exclude,
  ];
  const way = chosen(ways, change.how)!;
  const fitting = places.filter((place) => way.fits(place));
  const place = chosen(fitting, change.at);
  if (place) way.make(place, change, running, copy);
  return copy;
}

interface Way {
  fits(place: Place): boolean;
  make(place: Place, change: Change, running: Running, config: Document): void;
}

const put = ({ parent, key }: Place, value: Json): void => {
  (parent as Record<string, Json>)[key] = value;
};

const wrongValue: Way = {
  fits: ({ kind }) => kind.is !== "anything",
  make: (place, { pick }) => put(place, chosen(wrongOnes(place.kind), pick)!),
};

function wrongOnes(kind: Kind): readonly Json[] {
  switch (kind.is) {
    case "scalar":
      return kind.samples.wrong;
    case "choice":
      return [`${kind.options[0]!.value}s`, "", null, 7, ...kind.options.map(({ value }) => value)];
    case "list":
      return ["text", null, {}, [], [[]], [null]];
    default:
      return ["text", null, [], 5, true, {}];
  }
}

const oddText: Way = {
  // Kratos would look for it on the network.
  fits: ({ kind, key }) => kind.is === "scalar" && key !== "url",
  make: (place, { text }) => put(place, text),
};

const unknownKey: Way = {
  fits: ({ kind, value }) => kind.is === "keys" && isBranch(value),
  make: ({ kind, value }, { pick }) => {
    const names = Object.keys((kind as Keys).keys);
    const typo = `${chosen(names, pick)}s`;
    const name = chosen(
      [typo, typo.slice(0, -2), "lifespan", "additionalProperties", "$comment", ""],
      pick >> 4,
    )!;
    (value as Record<string, Json>)[name] = chosen<Json>(["1h", true, {}], pick >> 8)!;
  },
};

const remove: Way = {
  fits: ({ parent }) => !Array.isArray(parent),
  make: ({ parent, key }) => {
    delete (parent as Record<string, Json>)[key];
  },
};

/** A key that another version knows. */
const foreignKey: Way = {
  fits: ({ kind, value }) =>
    kind.is === "keys" &&
    isBranch(value) &&
    Object.values(kind.keys).some((one) => one.since !== undefined || one.until !== undefined),
  make: ({ kind, value }, { pick }) => {
    const others = Object.entries((kind as Keys).keys).filter(([, one]) => one.since ?? one.until);
    const [name, other] = chosen(others, pick)!;
    (value as Record<string, Json>)[name] = someOf(other);
  },
};

const someOf = (kind: Kind): Json =>
  kind.is === "scalar"
    ? kind.samples.right[0]!
    : kind.is === "choice"
      ? kind.options[0]!.value
      : kind.is === "list"
        ? []
        : {};

const repeat: Way = {
  fits: ({ value }) => Array.isArray(value) && value.length > 0,
  make: ({ value }) => {
    const list = value as Json[];
    list.push(copyOf(list[0]!));
  },
};

/** The name of another variant, such as a hook that is not taken there. */
const otherVariant: Way = {
  fits: ({ kind, value }) => kind.is === "variants" && isBranch(value),
  make: ({ kind, value }, { pick }) => {
    const by = (kind as Kind & { by: string }).by;
    const names = [
      "session",
      "web_hook",
      "show_verification_ui",
      "organization",
      "basic_auth",
      "bearer",
      "verify",
    ];
    (value as Record<string, Json>)[by] = chosen<Json>([...names, 7], pick)!;
  },
};

/** What may not stand together. */
const exclude: Way = {
  fits: ({ key }) => key === "selfservice",
  make: ({ value }, { pick }) => {
    if (!isBranch(value)) return;
    const methods = isBranch(value.methods) ? value.methods : {};
    value.methods = { ...methods, ...chosen(EXCLUSIVE, pick) };
  },
};

const rp = { id: "shop.example", display_name: "Shop" };
const apple = { apple_team_id: "t", apple_private_key_id: "i", apple_private_key: "k" };
const provider = { id: "p", client_id: "c", mapper_url: "base64://e30=" };
const oidc = (changes: Document): Document => ({
  oidc: { config: { providers: [{ ...provider, ...changes }] } },
});

const EXCLUSIVE: Document[] = [
  { code: { mfa_enabled: true, passwordless_enabled: true } },
  { webauthn: { enabled: true } },
  { webauthn: { enabled: true, config: { rp: { ...rp, origin: "https://a.b", origins: ["https://a.b"] } } } },
  { webauthn: { enabled: true, config: { rp: { ...rp, origins: [] } } } },
  { passkey: { enabled: true, config: {} } },
  { passkey: { enabled: true, config: { rp: { id: "shop.example" } } } },
  oidc({ provider: "microsoft", client_secret: "s" }),
  oidc({ provider: "google", client_secret: "s", microsoft_tenant: "" }),
  oidc({ provider: "apple", ...apple, client_secret: "" }),
  oidc({ provider: "apple", ...apple, client_secret: "s" }),
  oidc({ provider: "google", ...apple, client_secret: "s" }),
  oidc({ provider: "google", client_secret: "s", apple_team_id: "" }),
  oidc({ provider: "google" }),
  oidc({ client_secret: "s" }),
];

function placesIn(kind: Kind, value: Json): Place[] {
  const found: Place[] = [];
  visit(kind, value, found);
  return found;
}

function visit(kind: Kind, value: Json, found: Place[]): void {
  const child = (parent: Place["parent"], key: string, below: Kind) => {
    const inside = (parent as Record<string, Json>)[key]!;
    found.push({ parent, key, kind: below, value: inside });
    visit(below, inside, found);
  };
  if (kind.is === "list" && Array.isArray(value)) {
    for (const index of value.keys()) child(value, String(index), kind.of);
  } else if (kind.is === "map" && isBranch(value)) {
    for (const key of Object.keys(value)) child(value as Record<string, Json>, key, kind.of);
  } else if (kind.is === "variants" && isBranch(value)) {
    const variant = kind.of[String(value[kind.by])];
    if (variant) visit(variant, value as Json, found);
  } else if (kind.is === "keys" && isBranch(value)) {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(kind.keys, key)) child(value as Record<string, Json>, key, kind.keys[key]!);
    }
  }
}

/** Under jest, `structuredClone` makes objects that `isBranch` does not know. */
const copyOf = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value));
