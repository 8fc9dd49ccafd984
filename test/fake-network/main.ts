/**
 * `npm run fake-network -- [--port N] [--project <slug>]… [--kratos <executable>] [--quirk <name>=<JSON>]…`: a fake Ory
 * Network until it is interrupted. `--quirks` lists the quirks.
 */
import { parseArgs } from "node:util";
import { UserError } from "../../infra/identity-config/user-error";
import { type FakeNetwork, startFakeNetwork } from "./fake-network";
import { QUIRKS, type Quirks } from "./quirks";

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "4455" },
        project: { type: "string", multiple: true, default: ["shop"] },
        kratos: { type: "string" },
        quirk: { type: "string", multiple: true, default: [] },
        quirks: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function quirksOf(settings: string[]): Partial<Quirks> {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name = setting, text = "true"] = /^(\w+)=(.*)$/s.exec(setting) ?? [];
      if (!Object.hasOwn(QUIRKS, name)) {
        throw new UserError(`there is no quirk "${name}": choose one of ${Object.keys(QUIRKS).join(", ")}`);
      }
      return [name, quirkValue(name as keyof Quirks, text)];
    }),
  );
}

/** A word stands for itself, everything else is JSON of the same type as the default. */
function quirkValue(name: keyof Quirks, text: string): unknown {
  const { default: like, words } = QUIRKS[name];
  if (words) {
    if ((words as readonly string[]).includes(text)) return text;
    throw new UserError(`--quirk ${name}=${text}: choose one of ${words.join(", ")}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === typeof like && Array.isArray(value) === Array.isArray(like)) return value;
  } catch {
    // The same mistake as the wrong type.
  }
  throw new UserError(`--quirk ${name}=${text}: give a value like ${JSON.stringify(like)}, its default`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UserError(`--port ${text}: give a number up to 65535`);
  return port;
}

function introduce(network: FakeNetwork): string {
  const { consoleUrl, workspaceKey, projectKey, projects } = network;
  const lines = [...projects.values()].map(
    ({ project }) => `  ${project.slug}  ${project.id}  ${network.projectUrl(project.slug)}`,
  );
  return [
    `fake Ory Network at ${consoleUrl}`,
    "projects:",
    ...lines,
    "keys of this run:",
    `  ORY_CONSOLE_URL=${consoleUrl}`,
    `  ORY_WORKSPACE_API_KEY=${workspaceKey}`,
    `  ORY_PROJECT_API_KEY=${projectKey}`,
  ].join("\n");
}

async function main(): Promise<void> {
  const values = parse(process.argv.slice(2));
  if (values.quirks) {
    for (const [name, quirk] of Object.entries(QUIRKS)) {
      console.log(
        `${name} (default ${JSON.stringify(quirk.default)})\n  ${quirk.does}\n  from ${quirk.source}`,
      );
    }
    return;
  }
  const network = await startFakeNetwork({
    port: portOf(values.port),
    projects: values.project.map((slug) => ({ slug })),
    quirks: quirksOf(values.quirk),
    ...(values.kratos !== undefined && { kratosBinary: values.kratos }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => network.stop().then(() => process.exit(0)));
  }
  console.log(introduce(network));
}

main().catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === "EADDRINUSE" ? "the port is taken: give another one with --port" : undefined;
  console.error(`error: ${error instanceof UserError ? error.message : (taken ?? error.stack)}`);
  process.exitCode = 1;
});
