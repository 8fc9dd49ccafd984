import { isUri, length } from "./formats";
import type { Keys } from "./kind";
import { anything, choice, flag, keys, list, number, open, reference, text, uri, whole } from "./scalars";

const socket = (): Keys =>
  keys({
    owner: text({ default: "" }),
    group: text({ default: "" }),
    mode: whole({ min: 0, max: 0o777, default: 0o755 }),
  });

const file = (): Keys => keys({ path: text(), base64: text() });
const port = (byDefault: number) => whole({ min: 1, max: 65535, default: byDefault });

const listener = (own: Keys["keys"], byDefault: number): Keys =>
  keys({
    request_log: keys({ disable_for_health: flag(false) }),
    host: text({ default: "0.0.0.0" }),
    port: port(byDefault),
    socket: socket(),
    tls: keys({ key: file(), cert: file() }),
    ...own,
  });

const origin = () =>
  text({
    test: (value) =>
      value === "*" || (length(value) > 0 && (value.match(/\*/g) ?? []).length < 2 && isUri(value)),
    expected: 'an origin such as https://shop.example, with at most one "*" in it, or "*"',
    right: ["https://shop.example", "https://*.shop.example", "*"],
    wrong: ["shop.example", "https://*.*.example", ""],
  });

const cors = (): Keys =>
  keys({
    enabled: flag(false),
    allowed_origins: list(origin(), { unique: true, default: ["*"] }),
    allowed_methods: list(
      choice(["POST", "GET", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD", "OPTIONS", "TRACE"]),
      { default: ["POST", "GET", "PUT", "PATCH", "DELETE"] },
    ),
    allowed_headers: list(text(), {
      default: [
        "Authorization",
        "Content-Type",
        "Max-Age",
        "X-Session-Token",
        "X-XSRF-TOKEN",
        "X-CSRF-TOKEN",
      ],
    }),
    exposed_headers: list(text(), { default: ["Content-Type"] }),
    allow_credentials: flag(true),
    options_passthrough: flag(false),
    max_age: whole({ min: 0, default: 0 }),
    debug: flag(false),
  });

/** `serve`. */
export const serve = (): Keys =>
  keys({
    admin: listener({ base_url: uri() }, 4434),
    public: listener({ base_url: reference(), cors: cors() }, 4433),
  });

/** `log`. */
export const log = (): Keys =>
  keys({
    level: choice(["trace", "debug", "info", "warning", "error", "fatal", "panic"], { default: "info" }),
    leak_sensitive_values: flag(),
    redaction_text: text(),
    format: choice(["json", "text"]),
  });

const HOST =
  /^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]):[0-9]*$/;
const IPV6 = /^\[[0-9a-fA-F:.%]*\]:[0-9]*$/;

const address = () =>
  text({
    test: (value) => HOST.test(value) || IPV6.test(value),
    expected: "a host and a port, such as localhost:4318",
    right: ["localhost:4318", "127.0.0.1:6831"],
    wrong: ["localhost", "http://localhost:4318", ""],
  });

/** `tracing`. */
export const tracing = (): Keys =>
  keys({
    provider: choice(["jaeger", "otel", "zipkin"]),
    service_name: text(),
    deployment_environment: text(),
    providers: keys({
      jaeger: keys({
        local_agent_address: address(),
        sampling: keys({ server_url: uri(), trace_id_ratio: number() }),
      }),
      zipkin: keys({ server_url: uri(), sampling: keys({ sampling_ratio: number() }) }),
      otlp: keys({
        server_url: address(),
        insecure: flag(),
        sampling: keys({ sampling_ratio: number() }),
        authorization_header: text(),
      }),
    }),
  });

/** Keys that the flags of `kratos serve` override, whatever stands in a file. */
export const flags = (): Keys["keys"] => ({
  dev: anything(),
  help: anything(),
  config: anything(),
  "sqa-opt-out": anything({ default: false }),
  "watch-courier": anything({ default: false }),
});

/** `clients`. */
export const clients = (extra: Keys["keys"]): Keys =>
  open({
    http: open({
      disallow_private_ip_ranges: flag(false),
      private_ip_exception_urls: list(reference(), { default: [] }),
    }),
    ...extra,
  });
