import * as fc from "fast-check";
import { type Planned, reviewed } from "../../cli/review/reviewed";
import { entryFor } from "../../infra/identity-config/acknowledgement";
import { join } from "../../infra/identity-config/path";
import type { Impact } from "../../infra/impact/impact";
import { COUNTED, type Counted } from "../../infra/impact/state";
import type { Review } from "../../policies/rules/rule";

/** What breaks out of Markdown, HTML, Mermaid, a shell or a terminal, if anything does. */
const SNIPPETS = [
  ..."`~<>&\"'\\|[](){}#*_!@$%^=+-:;.,/ \t\n\r\0",
  "```",
  "````",
  "`````````",
  "~~~",
  "\n```\n",
  "\n\n",
  "\r\n",
  "</details>",
  "<summary>",
  "</code></pre>",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<!--",
  "-->",
  "]]>",
  "<style>",
  "![x](http://evil.example/x.png)",
  "[x](javascript:alert(1))",
  "http://evil.example",
  "www.evil.example",
  "@octocat",
  "@org/team",
  "octo/repo#1",
  "#123",
  "GH-123",
  "deadbeefcafe",
  "a@evil.example",
  ":smile:",
  "| a | b |\n| --- | --- |",
  "\n# heading\n",
  "\n- item",
  "\n1. item",
  "\n> quote",
  "\n---\n",
  "\n===\n",
  "$x$",
  "$$",
  "&lt;",
  "&#64;",
  "\\`",
  "\u001b[31m",
  "\u001b]8;;http://evil.example\u0007",
  "\u009b2J",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u2028",
  "\ufeff",
  "\u00ad",
  "\u{e0041}",
  "\ud800",
  '"]\n  click a href "javascript:1"',
  "%%{init: {}}%%",
  "end",
  "'; rm -rf /; '",
  "$(id)",
  "word",
  "some words of ours",
  "é",
  "漢字",
  "{{7*7}}",
  "\n@@ -1 +1 @@\n",
  "\n+added",
  "\n-gone",
] as const;

/** Texts that mean harm. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...SNIPPETS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.nat(40).map((count) => "`".repeat(count + 1)),
);

/** Where one of the texts stands in a plan: everywhere that a config, a target or an engine's event has a say. */
export const TEXTS = 12;

/** A plan with `texts` wherever a text can come from elsewhere. */
export function planWith(texts: readonly string[]): Planned {
  const [name, id, revision, key, old, value, long, reason, line, until, role, extra] = texts as string[];
  const changes: Review["changes"] = [
    { path: join("/session", key!), before: old, after: value, effect: "weakening", reason: reason! },
    {
      path: `${join("/identity/schemas", { key: "id", value: key! })}/url`,
      before: `a\n${long}\nb`,
      after: `a\n${value}\nb`,
      effect: "unknown",
      reason: reason!,
    },
    {
      path: "/courier/channels[id=sms]/request_config",
      before: [{ [key!]: old }],
      after: [{ [key!]: value, x: `${long}\ny` }],
      effect: "neutral",
    },
    { path: join("/selfservice/flows/settings", key!), after: value, effect: "hardening" },
    { path: "/dsn", before: "[secret]", after: "[secret]", effect: "neutral" },
  ];
  const schemas = [{ id: id!, url: `file://${long}` }];
  return {
    name: name!,
    id: id!,
    revision: revision!,
    review: {
      target: "kratos",
      environment: "prod",
      kratosVersion: extra!,
      declared: {},
      observed: {
        identity: { schemas, default_schema_id: id! },
        selfservice: { methods: { totp: { enabled: true } } },
      },
      effective: {
        identity: { schemas, default_schema_id: role! },
        selfservice: {
          methods: { code: { mfa_enabled: true, passwordless_enabled: true }, totp: { enabled: false } },
          default_browser_return_url: line!,
        },
        courier: { channels: [{ id: key!, type: old! }] },
        session: { lifespan: value!, whoami: { required_aal: until! } },
      },
      changes,
    },
    drift: [{ path: join("/x", key!), before: old, after: value, effect: "neutral" }],
    unmanaged: [line!, long!],
    notices: [line!],
    warnings: [extra!],
    estimates: [line!],
  };
}

/** The plan as it is reviewed, with `texts` also in what rules and journeys say. */
export function reviewedWith(texts: readonly string[]) {
  const found = reviewed(planWith(texts), undefined);
  const [, , , key, old, value, long, reason, line, until, role] = texts as string[];
  const finding = {
    rule: role!,
    path: `/${key}`,
    message: `the value ${old} and ${long}`,
    remedy: reason!,
    isOld: false,
  };
  return {
    ...found,
    verdict: { level: "danger" as const, text: `Weakens ${line}` },
    consequences: [{ level: "danger" as const, weight: 1, who: [], text: `Everybody ${reason}` }],
    unclear: value!,
    findings: [
      {
        ...finding,
        severity: "mandatory" as const,
        consent: entryFor(role!, { path: `/${key}`, before: old, after: { [key!]: value } }, until!),
      },
      { ...finding, severity: "advisory" as const, isOld: true },
      {
        ...finding,
        severity: "info" as const,
        waived: { rule: role!, path: "/", reason: long!, until: until! },
      },
    ],
    brief: [
      {
        who: [role!],
        before: {
          journey: "sign-in" as const,
          paths: [{ first: "password" as const, end: { reached: "aal1" as const } }],
        },
        after: {
          journey: "sign-in" as const,
          paths: [{ end: { stopped: "off" as const, because: reason! } }],
        },
      },
    ],
  };
}

export const IMPACT: Impact = {
  identities: 2_000,
  inactive: 20,
  of: Object.fromEntries(COUNTED.map((name) => [name, { before: 1, after: 3, newly: 2 }])) as Record<
    Counted,
    { before: number; after: number; newly: number }
  >,
};
