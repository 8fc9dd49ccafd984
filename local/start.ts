/**
 * `npm start`: the whole way once, from nothing: a Kratos and an outbox, a real `pulumi up` of the dev stack with the
 * policy pack, and the proof that people can sign in. Leaves nothing running; its files stay in .local/start.
 * `npm start -- --target network` applies it to a project of a fake Ory Network, which that Kratos answers for.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../infra/identity-config/user-error";
import { ensureTools } from "../toolchain/tools";
import { apply, told } from "./apply";
import { type Embedded, startEmbedded } from "./embedded";
import { lockFolder } from "./folder-lock";
import { type LocalNetwork, startLocalNetwork } from "./network";
import { runAsProgram } from "./program";
import { openLocalStack } from "./stack";

const PROJECT = join(__dirname, "..");
const WAIT_MS = 5 * 60_000;

const TARGETS = ["kratos", "network"] as const;

export type StartOptions = {
  /** What the stack is applied to: the Kratos itself, or a project that it answers for. Default: `kratos`. */
  target?: (typeof TARGETS)[number];
  /** Default: this clone. */
  project?: string;
  /** Default: stacks/Pulumi.dev.yaml of the project. */
  stackFile?: string;
  /** Made anew at each start. Default: .local/start of the project. */
  folder?: string;
  signal: AbortSignal;
  log: (line: string) => void;
};

/**
 * Runs the whole way, and stops what it has started.
 *
 * @throws UserError with the reason when the update or the proof fails
 */
export async function start(options: StartOptions): Promise<void> {
  const { project = PROJECT, stackFile, target = "kratos", signal, log } = options;
  const folder = resolve(options.folder ?? join(project, ".local", "start"));
  const began = Date.now();
  const step = steps(log);
  const detail = (line: string) => log(`   ${line}`);

  const remedy = "wait until it has ended, or use another clone";
  const unlock = await lockFolder({ folder, waitMs: WAIT_MS, signal, remedy, log });
  let embedded: Embedded | undefined;
  let network: LocalNetwork | undefined;
  try {
    step("tools: pulumi and kratos");
    const tools = await ensureTools();
    signal.throwIfAborted();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const kratosDir = join(folder, "kratos");

    step("outbox and kratos");
    embedded = await startEmbedded({
      kratos: tools.kratos,
      kratosDir,
      signal,
      log: detail,
      onDeath: ({ message }) => detail(message),
    });
    signal.throwIfAborted();

    if (target === "network") {
      step("fake ory network");
      network = await startLocalNetwork({ kratos: embedded.kratos, binary: tools.kratos, signal });
      const { project: id, projectUrl } = network.target;
      detail(`console API at ${network.consoleUrl}`);
      detail(`project ${id} at ${projectUrl}, which the kratos answers for`);
    }

    step("pulumi up of the stack dev, with the policy pack");
    const stack = openLocalStack({ project, stackFile, folder, tools, access: network?.env });
    const applied = await apply({
      stack,
      embedded,
      target: network ? { network: network.target } : { kratosDir: relative(project, kratosDir) },
      signal,
      log: detail,
      onProof: () => step(`sign-in proof ${network ? "over the project's URL" : "on the running kratos"}`),
    });
    log(`done in ${Math.round((Date.now() - began) / 1000)} s: ${told(applied)}`);
    log(
      network
        ? "`npm run fake-network` starts such a network for your own stack"
        : "`npm run dev` keeps this running and applies what you change",
    );
  } catch (error) {
    if (embedded && !signal.aborted) detail(`kratos: ${embedded.kratos.lastErrors()}`);
    throw error;
  } finally {
    await network?.stop();
    await embedded?.stop();
    await unlock();
  }
}

function steps(log: (line: string) => void): (title: string) => void {
  let number = 0;
  return (title) => {
    number += 1;
    log(`${number}. ${title}`);
  };
}

function targetOf(args: string[]): StartOptions["target"] {
  const allowed = `choose \`npm start -- --target ${TARGETS.join("` or `npm start -- --target ")}\``;
  let given: string | undefined;
  try {
    given = parseArgs({ args, options: { target: { type: "string" } } }).values.target;
  } catch (error) {
    throw new UserError(`${(error as Error).message}; ${allowed}`);
  }
  const target = TARGETS.find((one) => one === given);
  if (given !== undefined && target === undefined) throw new UserError(`--target ${given}: ${allowed}`);
  return target;
}

if (require.main === module) {
  void runAsProgram(async (signal) => {
    await start({ target: targetOf(process.argv.slice(2)), signal, log: (line) => console.log(line) });
  });
}
