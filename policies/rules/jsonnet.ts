import { closest, distance } from "fastest-levenshtein";
import { mayBeAtLeast } from "../../infra/identity-config/kratos-version";
import { inlineText, isUnknown } from "../../infra/identity-config/model";
import { elementsAt, readAt, shown } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Review, Rule } from "./rule";

const channelJsonnetCtx: Rule = {
  id: "channel-jsonnet-ctx",
  severity: "mandatory",
  title: "a channel's Jsonnet reads only what kratos passes to it",
  why: "the Jsonnet fails on every message, or the message says nothing; all are abandoned, and nobody is told",
  source: "ory/kratos v1.3.1 courier/http_channel.go, httpDataModel; ory/kratos#4461",
  needs: "declared",
  check: (review) =>
    elementsAt(review.effective, "/courier/channels").flatMap((channel) => {
      const path = `${channel.path}/request_config/body`;
      const body = readAt(channel.value, "/request_config/body");
      if (isUnknown(channel.value)) return [undecided(channel.path)];
      if (isUnknown(body)) return [undecided(path)];
      const text = inlineText(body);
      if (text !== undefined) return faults(text, review).map((fault) => ({ path, ...fault }));
      return typeof body === "string" && body !== "" ? [undecided(path, "remote")] : [];
    }),
};

interface Fault {
  message: string;
  remedy: string;
}

function faults(text: string, review: Review): Fault[] {
  const code = withoutProse(text);
  // Kratos passes the message as a top-level argument, by this name.
  if (!/\(\s*ctx\s*[,)=]/.test(code)) {
    return [
      {
        message: "the body is not a function(ctx)",
        remedy: "wrap it: function(ctx) { to: ctx.recipient, text: ctx.body }",
      },
    ];
  }
  const fields = messageFields(review);
  const read = [...code.matchAll(/\bctx\s*(?:\.\s*(\w+)|\[\s*(?:"(\w+)"|'(\w+)')\s*\])/g)].map(
    ([, dotted, double, single]) => (dotted ?? double ?? single)!,
  );
  const absent = [...new Set(read)].filter((field) => !fields.includes(field) && !isGuarded(code, field));
  if (absent.length > 0) {
    return absent.map((field) => ({
      message: `the body reads ctx.${field}, which does not exist`,
      remedy: renamed(field, fields),
    }));
  }
  // Passed on as a whole (std.toString(ctx), local message = ctx), anything may be read off it.
  const passesOn = /(?<!function\s*\(\s*)\bctx\b(?!\s*[.[])/.test(code);
  if (passesOn || read.includes("template_data")) return [];
  const lacks = [
    ...(read.includes("recipient") ? [] : ["ctx.recipient"]),
    ...(read.includes("body") ? [] : ["ctx.body"]),
  ];
  if (lacks.length === 0) return [];
  return [
    {
      message: `the body never reads ${lacks.join(" or ")}`,
      remedy: `pass ${lacks.join(" and ")} (or ctx.template_data) on to the gateway`,
    },
  ];
}

/** What an SMS channel's `ctx` has. `html_body` is left out: newer versions pass it for e-mail only. */
function messageFields(review: Review): string[] {
  const always = ["recipient", "subject", "body", "template_type", "template_data", "message_type"];
  return mayBeAtLeast(review, "26.2.0") ? [...always, "request_headers"] : always;
}

/** Whether the Jsonnet asks for the field before reading it: `"to" in ctx`, `std.objectHas(ctx, "to")`. */
function isGuarded(code: string, field: string): boolean {
  return new RegExp(`["']${field}["']\\s*in\\s+ctx\\b|\\(\\s*ctx\\s*,\\s*["']${field}["']`).test(code);
}

function renamed(field: string, fields: string[]): string {
  const nearest = closest(field.toLowerCase(), fields);
  return distance(field.toLowerCase(), nearest) <= 2
    ? `write ctx.${nearest}`
    : `use one of ${fields.map((one) => `ctx.${one}`).join(", ")} instead of ${shown(field)}`;
}

/** Blanks comments, and strings that are not a mere name, so that what they mention is not taken for code. */
function withoutProse(text: string): string {
  const prose = /\|\|\|[\s\S]*?\|\|\||@?"(?:\\.|[^"\\])*"|@?'(?:\\.|[^'\\])*'|\/\*[\s\S]*?\*\/|(?:\/\/|#).*/g;
  return text.replace(prose, (token) => {
    if (/^["']\w+["']$/.test(token)) return token;
    return /^[@"'|]/.test(token) ? '""' : " ";
  });
}

export const jsonnetRules: Rule[] = [channelJsonnetCtx];
