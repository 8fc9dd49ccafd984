import { stripVTControlCharacters } from "node:util";

/**
 * What a line is about: a path that changes, a step of the sign-in proof, the policy pack, something to heed, or
 * whatever else the program says.
 */
export type Subject = "change" | "proof" | "policy" | "warning" | "output";

export type Tell = (subject: Subject, text: string) => void;

// The events of `pulumi up --json`, as far as they are read here.
type EngineEvent = {
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  policyEvent?: { policyName: string; enforcementLevel: string; message: string };
  policyAnalyzeStackSummaryEvent?: { policyPackName: string; passed?: string[] };
  summaryEvent?: { isPreview: boolean; durationSeconds: number };
};

/**
 * Tells what matters in the events of one `pulumi up --json`, a line of JSON each: no progress, and each thing once,
 * though the engine says most of them both in the preview and in the update.
 */
export class EngineReport {
  /** Why it failed. */
  readonly errors: string[] = [];
  /** How many paths change. */
  changes = 0;
  private readonly told = new Set<string>();

  constructor(private readonly tell: Tell) {}

  read(line: string): void {
    const event = parsed(line);
    if (event === undefined) {
      this.once("output", line);
      return;
    }
    const {
      diagnosticEvent: diagnostic,
      policyEvent: violation,
      policyAnalyzeStackSummaryEvent: pack,
    } = event;
    if (diagnostic && !diagnostic.ephemeral) this.diagnose(diagnostic);
    if (violation) {
      const { policyName, enforcementLevel, message } = violation;
      this.once("policy", `${policyName} (${enforcementLevel}): ${message.trim()}`);
    }
    if (pack?.passed) this.once("policy", `${pack.policyPackName}: ${pack.passed.length} policies passed`);
  }

  private diagnose({ urn, message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = withoutLoaderStack(message.trim());
    if (text === "" || severity === "debug") return;
    if (severity === "error") {
      if (!this.errors.includes(text)) this.errors.push(text);
    } else if (severity === "warning") this.once("warning", text);
    else this.once(subjectOf(text, urn), text);
  }

  private once(subject: Subject, text: string): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    if (subject === "change") this.changes += 1;
    this.tell(subject, text);
  }
}

/** Where a program's syntax is wrong, the stack is of what reads it, and the message says all. */
function withoutLoaderStack(text: string): string {
  return /^Error: Transform failed with /m.test(text)
    ? stripVTControlCharacters(text).replace(/\n +at [\s\S]*$/, "")
    : text;
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

function subjectOf(text: string, urn = ""): Subject {
  const type = urn.split("::")[2]?.split("$").at(-1);
  if (type === "ory:index:IdentityConfig") return text.startsWith("/") ? "change" : "output";
  return type === "ory:index:SignInProof" ? "proof" : "output";
}
