import { Command } from "commander";
import { UserError } from "../infra/identity-config/user-error";
import { type Verification, type Verified, verify as walkAll } from "../infra/journeys/verify";
import { interruption } from "./interruption";
import { type NamedTarget, namedTarget, runningTarget } from "./live";
import { progressLine } from "./progress";
import { isImportId } from "./subjects";
import { styled, visible } from "./visible";

/** What `verify` is told. */
export interface VerifyOptions {
  /** A stack of the Pulumi project in this folder. */
  stack?: string;
  /** An outbox that the messages end in. Default: the Admin API, which shows codes in dev mode only. */
  outbox?: string;
  /** Whether identities are made where real users are, too. */
  allowProd?: boolean;
  /** Told what is being walked. */
  log?(line: string): void;
}

/** What was walked on one target. */
export interface VerifiedTarget extends Verification {
  /** The target's id. */
  subject: string;
}

/** Walks the journeys of a target, or of all targets of a stack. Throws UserError where none can be walked. */
export async function verify(
  target: string | undefined,
  { stack, outbox, allowProd = false, log }: VerifyOptions,
  signal: AbortSignal,
): Promise<VerifiedTarget[]> {
  const running = [];
  for (const one of await named(target, stack, signal)) running.push(await runningTarget(one, signal));
  const prod = running.filter(({ review }) => review.environment === "prod").map(({ name }) => name);
  // Before anything is made anywhere.
  if (prod.length > 0 && !allowProd)
    throw new UserError(
      `${prod.join(", ")} is for prod, or does not say what it is for: identities would be made and messages sent beside those of real users; say --allow-prod where you mean that`,
    );
  const verified: VerifiedTarget[] = [];
  for (const { name, review, endpoints } of running) {
    const { effective, target, kratosVersion } = review;
    const config = { document: effective, target, ...(kratosVersion !== undefined && { kratosVersion }) };
    const walked = await walkAll({
      ...endpoints,
      config,
      signal,
      ...(outbox !== undefined && { outbox: { url: outbox } }),
      ...(log && { log }),
    });
    verified.push({ subject: name, ...walked });
  }
  return verified;
}

async function named(
  target: string | undefined,
  stack: string | undefined,
  signal: AbortSignal,
): Promise<NamedTarget[]> {
  if ((target === undefined) === (stack === undefined))
    throw new UserError(
      "name a stack with --stack, or a target such as network/<project-id> or 'kratos/shop?dir=/etc/kratos'",
    );
  if (stack !== undefined) return ofStack().stackTargets(stack, signal);
  if (isImportId(target!)) return [namedTarget(target!)];
  throw new UserError(`${target} is no target; write network/<project-id>, or kratos/<name>?dir=<folder>`);
}

// Loaded where it is needed: what a stack takes, a target does not.
const ofStack = () => require("./stack") as typeof import("./stack");

const LEVELS = {
  walked: styled("green", "ok  "),
  failed: styled("red", "fail"),
  "left-out": "—   ",
} as const;

const asText = (targets: readonly VerifiedTarget[]): string =>
  targets
    .map(({ subject, paths }) => `${styled("bold", visible(subject))}\n${paths.map(line).join("")}`)
    .join("\n");

function line({ who, journey, by, predicted, walked, outcome }: Verified): string {
  const what = `  ${LEVELS[outcome]}  ${visible(`${journey}, ${who}: ${by}`)}`;
  if (outcome === "walked") return `${what} → ${visible(predicted)}\n`;
  if (outcome === "left-out") return `${what} (${visible(walked)})\n`;
  return `${what}\n          should be: ${visible(predicted)}\n          was:       ${visible(walked)}\n`;
}

/** Exit codes: a journey failed; all went well, but an identity is left. */
const [FAILED, LEFT] = [2, 1];

const HELP = `
Signs in and recovers accounts by every way that the configuration in force should have and that needs no browser:
passwords, codes by e-mail and SMS, TOTP, lookup codes, recovery codes. Compares how each ends with how the
configuration says that it ends. The identities are made for it and removed in any case, also after Ctrl-C; messages are
really sent, to addresses that belong to nobody (under example.com, and +1 201-555-01xx).
Exit code: 0 where all was walked, 2 where a journey failed, 1 where none could be walked or an identity is left.

Examples:
  pulumi-ory verify --stack staging
  pulumi-ory verify 'kratos/shop?dir=/etc/kratos&environment=dev'
  pulumi-ory verify network/<project-id>                needs ORY_WORKSPACE_API_KEY and ORY_PROJECT_API_KEY
  pulumi-ory verify --stack staging --outbox http://127.0.0.1:8025
                                                        where Kratos does not run with --dev
  pulumi-ory verify --stack prod --allow-prod --json`;

/** The verb's command line. */
export function command(): Command {
  return new Command("verify")
    .argument("[target]", "the import id of a target")
    .option("--stack <name>", "walk on the targets of this stack of the Pulumi project")
    .option("--outbox <url>", "an outbox that lists messages at <url>/messages, as the one of `npm run dev`")
    .option("--allow-prod", "also where real users are")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(
  target: string | undefined,
  { json, ...options }: VerifyOptions & { json?: boolean },
): Promise<void> {
  const progress = progressLine("looking at what runs…");
  const log = (text: string) => progress.say(`${text}…`);
  const targets = await verify(target, { ...options, log }, interruption()).finally(progress.end);
  process.stdout.write(json ? `${JSON.stringify({ targets }, undefined, 2)}\n` : asText(targets));
  const left = targets.flatMap(({ notRemoved }) => notRemoved);
  if (left.length > 0)
    process.stderr.write(
      `error: could not remove the throw-away identities ${left.join(", ")}; the next run does, after ten minutes, or delete them over the Admin API\n`,
    );
  const failed = targets.some(({ paths }) => paths.some(({ outcome }) => outcome === "failed"));
  if (failed) process.exitCode ??= FAILED;
  else if (left.length > 0) process.exitCode ??= LEFT;
}
