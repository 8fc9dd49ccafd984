import { basename } from "node:path";
import { UserError } from "../../identity-config/user-error";
import type { Evidence } from "../target";
import { ask, type Get, runningVersion, shows } from "./proof";
import { UNPROVABLE } from "./transport";

/** Longest wait for a running server to load a new file, in milliseconds; it usually takes 0.1 s. */
const LOADING = 15_000;

/** The versions of the servers that answer, by Admin API. */
export async function versionsAt(
  urls: string[],
  signal: AbortSignal,
  from?: Get,
): Promise<Map<string, string>> {
  const versions = await Promise.all(urls.map((url) => runningVersion(url, signal, from)));
  return new Map(urls.flatMap((url, index) => (versions[index] ? [[url, versions[index]]] : [])));
}

/**
 * Throws UserError where something else than a Kratos answers, or what answers hangs: it could not show that it has
 * loaded a file. Where nothing listens, no server runs yet.
 * @param source Where the addresses come from.
 */
export async function refuseStrangers(
  urls: string[],
  source: string,
  signal: AbortSignal,
  from?: Get,
): Promise<void> {
  for (const url of urls) {
    const answer = await ask(url, signal, from);
    if (typeof answer !== "object" || !("trouble" in answer)) continue;
    throw new UserError(
      `cannot ask the Kratos at ${url} what it runs: ${answer.trouble}; nothing was written, correct ${source}, or restart what hangs`,
    );
  }
}

/** The servers that are to load a file. */
export interface Servers {
  urls: string[];
  /** From where they are asked. Default: from here. */
  from?: Get;
  /** Those of `urls` that answered before the write. */
  running: string[];
  evidence: Evidence | undefined;
  /** The operator's file, which they are started with. */
  operator: string | undefined;
}

/** Sees every running server show the evidence. Returns what could not be proven; throws where one does not. */
export async function prove(
  { urls, from, running, evidence, operator = "" }: Servers,
  signal: AbortSignal,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const url of urls) {
    const answers = () => runningVersion(url, signal, from).then((version) => version !== undefined);
    const answered = await answers();
    if (answered && evidence === undefined) {
      warnings.push(UNPROVABLE);
    } else if (answered && (await shows(url, evidence!, LOADING, signal, from))) {
      // In force.
    } else if (answered && (await answers())) {
      throw new UserError(
        `the Kratos at ${url} did not load the new identity.yml, the old one was put back; see its log, and see that it was started with \`kratos serve -c ${basename(operator)} -c identity.yml\` and without environment variables that target.kratos.env does not name`,
      );
    } else if (answered || running.includes(url)) {
      throw new UserError(
        `the Kratos at ${url} answered before the update and does not any more, the old identity.yml was put back; see its log, start it, and run \`pulumi up\` again`,
      );
    } else {
      warnings.push(
        `not running: unproven; nothing answers at ${url}, identity.yml takes effect when Kratos starts`,
      );
    }
  }
  return warnings;
}
