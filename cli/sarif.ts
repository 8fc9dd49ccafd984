import { relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Location, Log, ReportingDescriptor, Result } from "sarif";

import { rules } from "../policies/rules/index";
import { type Rule, severityIn } from "../policies/rules/rule";
import type { Judged, Report } from "./report";
import { VERSION } from "./version";

/** What SARIF calls our severities. */
const LEVELS = { mandatory: "error", advisory: "warning", info: "note" } as const;

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** As SARIF 2.1.0: one run for each config, with all rules. Lines and columns are those of the files. */
export function asSarif(reports: readonly Report[]): string {
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: reports.map((report) => ({
      tool: {
        driver: {
          name: "pulumi-ory",
          version: VERSION,
          rules: rules.map((rule) => descriptor(rule, report)),
        },
      },
      automationDetails: { id: `pulumi-ory/${report.subject}/` },
      columnKind: "utf16CodeUnits",
      results: report.findings.map(result),
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: report.notices.map((text) => ({
            message: { text },
            level: "note" as const,
          })),
        },
      ],
    })),
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const descriptor = (rule: Rule, { environment }: Report): ReportingDescriptor => ({
  id: rule.id,
  shortDescription: { text: `${rule.title}.` },
  fullDescription: { text: `Otherwise: ${rule.why}.` },
  help: { text: `Source: ${rule.source}.` },
  defaultConfiguration: { level: LEVELS[severityIn(rule, environment)] },
});

function result(finding: Judged): Result {
  const { rule, path, message, remedy, severity, undecided } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    // What a rule could not tell is neither a failure nor a pass.
    ...(undecided ? { kind: "open", level: "none" } : { kind: "fail", level: LEVELS[severity] }),
    message: { text: `${message} (at ${path}); ${remedy}` },
    locations: [location(finding)],
    partialFingerprints: { "ruleAndPath/v1": `${rule} ${path}` },
  };
}

function location({ path, place }: Judged): Location {
  const logicalLocations = [{ fullyQualifiedName: path }];
  if (place === undefined) return { logicalLocations };
  const { file, line: startLine, column: startColumn } = place;
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine, startColumn } },
    logicalLocations,
  };
}

/** Relative to the working directory where the file lies below it, as code scanning wants it. */
function uriOf(file: string): string {
  const path = relative(resolve("."), resolve(file));
  const isBelow = !path.startsWith("..") && resolve(path) !== path;
  return isBelow ? path.split(sep).map(encodeURIComponent).join("/") : pathToFileURL(file).href;
}
