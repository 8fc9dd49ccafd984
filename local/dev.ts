/**
 * `npm run dev`: a Kratos and an outbox that keep running, and the dev stack applied to them again whenever infra/,
 * schemas/ or stacks/Pulumi.dev.yaml change. Identities and state stay between runs. Ctrl-C ends it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../infra/identity-config/user-error";
import { shellQuoted } from "../toolchain/shell-quoted";
import { ensureTools } from "../toolchain/tools";
import { apply, told } from "./apply";
import { type Embedded, startEmbedded } from "./embedded";
import { lockFolder } from "./folder-lock";
import { errorText, runAsProgram } from "./program";
import { reapplyOnChange } from "./reapply";
import { devStackFile, type LocalStack, namedKratosDir, openLocalStack } from "./stack";
import { contentOf } from "./stack-copy";

const PROJECT = join(__dirname, "..");
// Longer than a process that was killed keeps its lock.
const WAIT_MS = 15_000;

export type DevOptions = {
  /** The folder of Pulumi.yaml. Default: this clone. */
  project?: string;
  /** Ends it. */
  signal: AbortSignal;
  log: (line: string) => void;
};

/**
 * Runs until the signal is aborted, then stops what it has started. An update that fails is told, and does not end it.
 *
 * @throws UserError when Kratos or the outbox do not start
 */
export async function dev({ project = PROJECT, signal, log }: DevOptions): Promise<void> {
  const folder = join(project, ".local", "dev");
  const kratosDir = ownKratosDir(project);
  const remedy = "`npm run dev` runs in this clone already: stop it first, or use another clone";
  const unlock = await lockFolder({ folder, waitMs: WAIT_MS, signal, remedy, log });
  let embedded: Embedded | undefined;
  try {
    const tools = await ensureTools();
    signal.throwIfAborted();
    const running = await startEmbedded({
      kratos: tools.kratos,
      kratosDir,
      signal,
      log,
      onDeath: ({ message }) => log(`error: ${message}; press Ctrl-C and run \`npm run dev\` again`),
    });
    embedded = running;
    signal.throwIfAborted();
    const stack = openLocalStack({ project, folder, tools });
    for (const line of instructions(project, tools.bin, stack, running)) log(line);
    const main = join(project, "infra", "main.ts");
    const stackFile = devStackFile(project);
    /** What the stack file said when it was applied last, with success. */
    let inForce: unknown;
    const watch = await reapplyOnChange({
      // A file that is watched by itself is lost when it is replaced, as Git does.
      paths: [join(project, "infra"), join(project, "schemas"), dirname(stackFile)],
      ignored: (path) =>
        (path.startsWith(join(project, "infra") + sep) && !path.endsWith(".ts")) ||
        (path.startsWith(dirname(stackFile) + sep) && path !== stackFile),
      async apply(changed) {
        signal.throwIfAborted();
        const content = contentOf(stackFile);
        if (
          changed.length > 0 &&
          changed.every((path) => path === stackFile) &&
          isDeepStrictEqual(content, inForce)
        ) {
          log(`${relative(project, stackFile)} says the same as before; waiting for changes`);
          return;
        }
        inForce = undefined;
        if (changed.length > 0)
          log(`changed: ${changed.map((path) => relative(project, path)).join(", ")}; applying`);
        // The engine runs the program from its sources; the provider behind it is compiled.
        if (changed.some((path) => path.endsWith(".ts") && path !== main)) await build(project, signal, log);
        const target = { kratosDir: relative(project, kratosDir) };
        const applied = await apply({ stack, embedded: running, target, signal, log });
        inForce = content;
        log(`${told(applied)}; waiting for changes`);
      },
      onError: (error) => signal.aborted || log(`error: ${errorText(error)}\nfailed; waiting for changes`),
    });
    if (!signal.aborted) await once(signal, "abort");
    await watch.stop();
  } finally {
    await embedded?.stop();
    await unlock();
  }
}

// The stack file names it, so that a plain `pulumi` sees the same; and its kratos.yml is written anew at each start.
function ownKratosDir(project: string): string {
  const dir = namedKratosDir(project);
  if (dir.startsWith(resolve(project, ".local") + sep)) return dir;
  throw new UserError(
    `${devStackFile(project)} names ${dir} as target.kratos.dir, whose kratos.yml \`npm run dev\` would replace; name a folder below .local`,
  );
}

function instructions(
  project: string,
  bin: string,
  { env, configFile }: LocalStack,
  { kratos }: Embedded,
): string[] {
  const exported = Object.entries(env).map(([name, value]) => `${name}=${shellQuoted(value)}`);
  return [
    `kratos' log is ${relative(project, kratos.logFile)}`,
    "plain pulumi on the same state, in another terminal:",
    `   export PATH=${shellQuoted(bin)}:"$PATH" ${exported.join(" ")}`,
    // Pulumi adds its salt to the stack file that it is given, so that this is never the one that Git tracks.
    `   pulumi preview --stack dev --config-file ${shellQuoted(relative(project, configFile))}`,
  ];
}

async function build(project: string, signal: AbortSignal, log: (line: string) => void): Promise<void> {
  const args = [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"];
  const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => child.kill();
  signal.addEventListener("abort", stop, { once: true });
  const closed = once(child, "close");
  child.stdout.setEncoding("utf8").on("data", (text: string) => log(text.trimEnd()));
  const [code] = (await closed) as [number | null];
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (code !== 0) throw new UserError("the sources do not compile, see above");
}

if (require.main === module) {
  void runAsProgram((signal) => dev({ signal, log: (line) => console.log(line) }), { interruptedCode: 0 });
}
