import type { Running } from "../kratos-version";
import { type Judged, NEUTRAL, type Row, together } from "./effect";
import { address, depends, neutral, special } from "./kinds";

const TO = "messages, and the codes in them, are sent to";
const REQUESTS = [
  "/courier/channels[id=*]/request_config",
  "/courier/http/request_config",
  "/courier/sms/request_config",
];

interface Smtp {
  host: string;
  /** From best to worst: TLS from the start, TLS that is asked for, none. */
  open: number;
  unverified: number;
}

/** Passwords in these URIs are written with raw slashes, too; so the URL parser is of no use. */
function smtp(uri: unknown): Smtp | undefined {
  const [, scheme, host, query = ""] =
    /^(smtps?):\/\/(?:.*@)?([^/?@]+)[^?]*(\?.*)?$/s.exec(typeof uri === "string" ? uri : "") ?? [];
  if (host === undefined) return undefined;
  const is = (name: string) => Number(new URLSearchParams(query).get(name) === "true");
  return {
    host,
    open: scheme === "smtps" ? 0 : 1 + is("disable_starttls"),
    unverified: is("skip_ssl_verify"),
  };
}

function judgeSmtp(before: unknown, after: unknown): Judged {
  const [old, value] = [smtp(before), smtp(after)];
  if (old === undefined || value === undefined) return { effect: "unknown", reason: `${TO} another server` };
  const worse = (more: number, weakens: string, hardens: string): Judged =>
    more === 0
      ? NEUTRAL
      : more > 0
        ? { effect: "weakening", reason: weakens }
        : { effect: "hardening", reason: hardens };
  return together([
    worse(
      value.open - old.open,
      "messages, and the codes in them, may travel without TLS",
      "messages travel with TLS",
    ),
    worse(
      value.unverified - old.unverified,
      "anybody can pose as the mail server",
      "the mail server must prove who it is",
    ),
    old.host === value.host ? NEUTRAL : { effect: "unknown", reason: `${TO} another server, ${value.host}` },
  ]);
}

/** Without a value, Kratos sends by SMTP; how Ory Network sends then, is not known here. */
function judgeStrategy(before: unknown, after: unknown, { target }: Running): Judged {
  const isSame = target === "kratos" && (before ?? "smtp") === (after ?? "smtp");
  return isSame ? NEUTRAL : { effect: "unknown", reason: `another way of sending: ${TO} another server` };
}

/** Keys below `courier`. */
export const courierRows: Row[] = [
  special("/courier/smtp/connection_uri", judgeSmtp),
  ...REQUESTS.flatMap((request) => [
    address(`${request}/url`, TO),
    ...depends("it decides what is sent, and to whom", `${request}/body`),
    // How Kratos names itself to the server, and how it calls it.
    ...neutral(`${request}/method`, `${request}/headers/**`, `${request}/auth/**`),
  ]),
  ...neutral("/courier/channels[id=*]/type"),
  special("/courier/delivery_strategy", judgeStrategy),
  ...depends(
    "what a message says is not compared",
    "/courier/templates/**",
    "/courier/template_override_path",
  ),
  ...neutral(
    ...["from_address", "from_name", "headers/**", "local_name", "client_cert_path", "client_key_path"].map(
      (key) => `/courier/smtp/${key}`,
    ),
    ...["message_retries", "worker/pull_count", "worker/pull_wait", "sms/enabled", "sms/from"].map(
      (key) => `/courier/${key}`,
    ),
  ),
];
