import { level } from "./flows";
import type { Keys } from "./kind";
import { choice, duration, flag, keys, map, open, since, text, uri } from "./scalars";

const SAME_SITE = ["Strict", "Lax", "None"];

/** `cookies`. */
export const cookies = (): Keys =>
  keys({
    domain: text(),
    path: text({ default: "/" }),
    same_site: choice(SAME_SITE, { default: "Lax" }),
    secure: since("25.4.0", text()),
  });

const cookie = (): Keys =>
  keys({
    name: text({ default: "ory_kratos_session" }),
    domain: text(),
    path: text(),
    persistent: flag(true),
    same_site: choice(SAME_SITE),
    secure: since("25.4.0", text()),
  });

/** Signing sessions over to other services as tokens. */
const tokenTemplate = (): Keys =>
  open(
    {
      ttl: duration(),
      claims_mapper_url: uri(),
      jwks_url: uri(),
      subject_source: since("25.4.0", choice(["id", "external_id"])),
    },
    { required: ["jwks_url"] },
  );

/** `session`. */
export const session = (): Keys =>
  keys({
    lifespan: duration("24h"),
    earliest_possible_extend: duration(),
    cookie: cookie(),
    whoami: keys({
      required_aal: level(),
      tokenizer: open({ templates: map(tokenTemplate(), { keys: /[a-zA-Z0-9\-_.]/ }) }),
    }),
  });
