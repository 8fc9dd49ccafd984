/**
 * `npm start`: the whole way once, from nothing: a Kratos and an outbox, a real `pulumi up` of the dev stack with the
 * policy pack, and the proof that people can sign in. Leaves nothing running; its files stay in .local/start.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ensureTools } from "../toolchain/tools";
import { apply, told } from "./apply";
import { type Embedded, startEmbedded } from "./embedded";
import { lockFolder } from "./folder-lock";
import { runAsProgram } from "./program";
import { openLocalStack } from "./stack";

const PROJECT = join(__dirname, "..");
const WAIT_MS = 5 * 60_000;

export type StartOptions = {
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
  const { project = PROJECT, stackFile, signal, log } = options;
  const folder = resolve(options.folder ?? join(project, ".local", "start"));
  const began = Date.now();
  const step = steps(log);
  const detail = (line: string) => log(`   ${line}`);

  const remedy = "wait until it has ended, or use another clone";
  const unlock = await lockFolder({ folder, waitMs: WAIT_MS, signal, remedy, log });
  let embedded: Embedded | undefined;
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

    step("pulumi up of the stack dev, with the policy pack");
    const stack = openLocalStack({ project, stackFile, folder, tools });
    const applied = await apply({
      stack,
      embedded,
      kratosDir: relative(project, kratosDir),
      signal,
      log: detail,
      onProof: () => step("sign-in proof on the running kratos"),
    });
    log(`done in ${Math.round((Date.now() - began) / 1000)} s: ${told(applied)}`);
    log("`npm run dev` keeps this running and applies what you change");
  } catch (error) {
    if (embedded && !signal.aborted) detail(`kratos: ${embedded.kratos.lastErrors()}`);
    throw error;
  } finally {
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

if (require.main === module) {
  void runAsProgram((signal) => start({ signal, log: (line) => console.log(line) }));
}
