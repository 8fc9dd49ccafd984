import { courier } from "./courier";
import { flows } from "./flows";
import type { Keys } from "./kind";
import { methods } from "./methods";
import {
  anything,
  choice,
  duration,
  flag,
  keys,
  list,
  map,
  matching,
  open,
  reference,
  secret,
  since,
  text,
  UNRELEASED,
  uri,
  whole,
} from "./scalars";
import { clients, flags, log, serve, tracing } from "./server";
import { cookies, session } from "./session";

const identity = (): Keys =>
  keys(
    {
      default_schema_id: text({ default: "default" }),
      schemas: list(
        open(
          { id: text(), url: uri(), selfservice_selectable: since("25.4.0", flag()) },
          { required: ["id", "url"] },
        ),
        { min: 1 },
      ),
    },
    { required: ["schemas"] },
  );

const secrets = (): Keys =>
  keys({
    default: list(secret(16), { unique: true }),
    cookie: list(secret(16), { unique: true }),
    cipher: list(secret(32, true), { min: 1 }),
    pagination: since("25.4.0", list(secret(16), { min: 1 })),
  });

const memory = (byDefault: string) =>
  matching(/^[0-9]+(B|KB|MB|GB|TB|PB|EB)/, {
    expected: "a size such as 128MB",
    right: ["128MB", "1GB"],
    wrong: ["128", "128mb", "MB", ""],
    default: byDefault,
  });

const hashers = (): Keys =>
  keys({
    algorithm: choice(["argon2", "bcrypt"], { default: "bcrypt" }),
    argon2: keys({
      memory: memory("128MB"),
      iterations: whole({ min: 1, default: 1 }),
      parallelism: whole({ min: 1 }),
      salt_length: whole({ min: 16, default: 16 }),
      key_length: whole({ min: 16, default: 32 }),
      expected_duration: duration("500ms"),
      expected_deviation: duration("500ms"),
      dedicated_memory: memory("1GB"),
    }),
    bcrypt: keys({ cost: whole({ min: 4, max: 31, default: 12 }) }),
  });

const database = (): Keys =>
  keys({
    cleanup: open({
      batch_size: whole({ min: 1, default: 100 }),
      sleep: open({ tables: duration("1m", { single: true }) }),
      older_than: duration("0s", { single: true }),
    }),
  });

const FORWARDED = [
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Content-Length",
  "Content-Type",
  "Origin",
  "Priority",
  "Referer",
  "Sec-Ch-Ua",
  "Sec-Ch-Ua-Mobile",
  "Sec-Ch-Ua-Platform",
  "Sec-Fetch-Dest",
  "Sec-Fetch-Mode",
  "Sec-Fetch-Site",
  "Sec-Fetch-User",
  "True-Client-Ip",
  "User-Agent",
];

const featureFlags = (): Keys =>
  keys(
    {
      cacheable_sessions: flag(false),
      cacheable_sessions_max_age: duration(),
      use_continue_with_transitions: flag(false),
      faster_session_extend: flag(false),
      choose_recovery_address: since("25.4.0", flag(false)),
      legacy_continue_with_verification_ui: since("25.4.0", flag(false)),
      legacy_require_verified_login_error: since("25.4.0", flag(false)),
      legacy_oidc_registration_node_group: since("25.4.0", flag(false)),
      password_profile_registration_node_group: since(
        "25.4.0",
        choice(["password", "default"], { default: "default" }),
      ),
      legacy_allow_insecure_origins: since(UNRELEASED, flag(false)),
      refresh_login_choose_address: since(UNRELEASED, flag(false)),
    },
    { loose: "any" },
  );

/** The whole document. `dsn` must be there, too, but mostly comes as an environment variable. */
export const DOCUMENT: Keys = keys(
  {
    selfservice: keys(
      {
        default_browser_return_url: reference(),
        allowed_return_urls: list(reference()),
        flows: flows(),
        methods: methods(),
      },
      { required: ["default_browser_return_url"] },
    ),
    identity: identity(),
    courier: courier(),
    session: session(),
    cookies: cookies(),
    secrets: secrets(),
    ciphers: open({
      algorithm: choice(["noop", "aes", "xchacha20-poly1305"], { default: "noop" }),
    }),
    hashers: hashers(),
    security: open({
      account_enumeration: open({ mitigate: flag(false) }),
      disallow_ref_in_identity_schemas: since(UNRELEASED, flag(false)),
    }),
    feature_flags: featureFlags(),
    preview: open({
      default_read_consistency_level: choice(["strong", "eventual"], { default: "strong" }),
    }),
    oauth2_provider: keys({ url: uri(), headers: map(text()), override_return_to: flag(false) }),
    clients: clients({
      web_hook: since("25.4.0", open({ header_allowlist: list(text(), { default: FORWARDED }) })),
      smtp: since(UNRELEASED, open({ disallow_private_ip_ranges: flag(false) })),
    }),
    organizations: list(anything(), { default: [] }),
    enterprise: keys({ identity_schema_fallback_url_template: text() }),
    database: database(),
    dsn: text(),
    serve: serve(),
    log: log(),
    tracing: tracing(),
    version: text(),
    revision: since("25.4.0", text()),
    "expose-metrics-port": whole({ min: 0, max: 65535, default: 0 }),
    ...flags(),
  },
  {
    required: ["identity", "selfservice"],
    when: [
      {
        at: "/ciphers/algorithm",
        is: ["aes", "xchacha20-poly1305"],
        needs: ["/secrets/cipher"],
      },
    ],
  },
);
