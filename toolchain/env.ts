/**
 * `eval "$(npm run -s env)"`: prints the lines that let a shell run plain `pulumi` on this project. Progress and errors
 * go to stderr, so that nothing else is evaluated.
 */
import { shellQuoted } from "./shell-quoted";
import { ensureTools, ToolchainError } from "./tools";

async function main(): Promise<void> {
  const { bin, env } = await ensureTools();
  const { PATH: _, ...others } = env;
  process.stdout.write(`export PATH=${shellQuoted(bin)}:"$PATH"
`);
  for (const [name, value] of Object.entries({ ...others, PULUMI_RUN_PROGRAM: "true" })) {
    process.stdout.write(`export ${name}=${shellQuoted(value)}
`);
  }
}

main().catch((error) => {
  process.stderr.write(`error: ${error instanceof ToolchainError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
