import type { Environment } from "../infra/identity-config/model";
import { rules } from "../policies/rules/index";
import type { Finding, Severity } from "../policies/rules/rule";
import { judge } from "../policies/rules/verdict";
import { locator, type Place } from "./locate";
import type { Subject } from "./subjects";
import { styled, visible } from "./visible";

/** A finding with its weight, and its place in a file where it has one. */
export interface Judged extends Finding {
  severity: Severity;
  place?: Place;
}

/** What the rules say of one config; without secrets. */
export interface Report {
  /** What was checked, as it was named. */
  subject: string;
  target: "kratos" | "network";
  environment: Environment;
  kratosVersion: string | undefined;
  findings: Judged[];
  /** What kept rules from seeing everything. */
  notices: string[];
}

/** Runs all rules on `subject`. */
export function reported({ name, review, notices, files }: Subject): Report {
  const { refusals, warnings, notes } = judge(review, []);
  // Parsing files once more takes time.
  const place =
    files.length > 0 && refusals.length + warnings.length + notes.length > 0 ? locator(files) : undefined;
  const weighing = (severity: Severity) => (finding: Finding) => ({
    severity,
    ...finding,
    ...(place && { place: place(finding.path) }),
  });
  const { target, environment, kratosVersion } = review;
  return {
    subject: name,
    target,
    environment,
    kratosVersion,
    notices,
    findings: [
      ...refusals.map(weighing("mandatory")),
      ...warnings.map(weighing("advisory")),
      ...notes.map(weighing("info")),
    ],
  };
}

const SEVERITIES = ["mandatory", "advisory", "info"] as const;
const STYLES = { mandatory: "red", advisory: "yellow", info: "cyan" } as const;

/** For people: by severity, then path. */
export function asText(reports: readonly Report[]): string {
  return reports
    .map((report) => [...SEVERITIES.flatMap((one) => group(report, one)), summary(report)].join("\n"))
    .join("\n");
}

function group({ findings }: Report, severity: Severity): string[] {
  const found = findings.filter((finding) => finding.severity === severity && !finding.undecided);
  const open = findings.filter((finding) => finding.severity === severity && finding.undecided);
  const heading = (title: string) => `${styled(STYLES[severity], title)}\n`;
  return [
    ...(found.length > 0 ? [heading(severity), ...found.map(entry)] : []),
    ...(open.length > 0 ? [heading(`${severity}, cannot tell`), ...open.map(entry)] : []),
  ];
}

function entry({ rule, path, message, remedy, place }: Judged): string {
  const where = place ? `${place.file}:${place.line}:${place.column} ` : "";
  const [at, what, how] = [where + path, message, remedy].map(oneLine);
  return `  ${at}\n    ${styled("bold", rule)}: ${what}\n    -> ${how}\n`;
}

const oneLine = (text: string): string => visible(text).replaceAll("\n", "\\u000a");

function summary({ subject, target, environment, kratosVersion, findings }: Report): string {
  const running = target === "network" ? "Ory Network" : `Kratos ${kratosVersion ?? "of unknown version"}`;
  const counts = SEVERITIES.map(
    (severity) => `${findings.filter((one) => one.severity === severity).length} ${severity}`,
  );
  const outcome = findings.length === 0 ? "no findings" : counts.join(", ");
  return visible(`${subject}: ${outcome} (${rules.length} rules, ${running}, ${environment})\n`);
}

/** For machines. */
export function asJson(reports: readonly Report[]): string {
  return `${JSON.stringify({ reports }, undefined, 2)}\n`;
}
