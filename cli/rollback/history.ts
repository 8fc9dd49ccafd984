import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parsedJson } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import { obstacle } from "../../infra/targets/kratos/config-file";
import { at, type PulumiProject, pulumiJson } from "../pulumi-project";

/** An update that a stack has had and that succeeded. */
export interface Update {
  /** Counted from 1, as Pulumi Cloud does; with a file backend, its place in the history. */
  version: number;
  /** When it ended, in RFC 3339. */
  at: string;
  /** The resources that it has left. */
  resources(): Promise<unknown[]>;
}

/**
 * The updates of a stack that succeeded, newest first: from the folder of a file backend, else as Pulumi's CLI tells
 * them. Throws UserError where they cannot be read.
 */
export async function updatesOf(
  project: PulumiProject,
  stack: string,
  signal: AbortSignal,
): Promise<Update[]> {
  const url = at(await pulumiJson(project, ["whoami", "--json"], signal), "url");
  return typeof url === "string" && url.startsWith("file://")
    ? filedUpdates(project, stack, foldersOf(url))
    : toldUpdates(project, stack, signal);
}

const isApplied = (entry: unknown): boolean =>
  ["update", "import"].includes(String(at(entry, "kind"))) && at(entry, "result") === "succeeded";

/**
 * `file://~` is the home folder, `file://.` the present one. Where HOME is another folder than the user's own, which of
 * them Pulumi takes depends on how it was built.
 */
function foldersOf(url: string): string[] {
  const path = url.slice("file://".length);
  if (path.startsWith("~"))
    return [...new Set([homedir(), userInfo().homedir])].map((home) => join(home, path.slice(1)));
  return [path.startsWith("/") ? fileURLToPath(url) : path];
}

async function filedUpdates(
  { name, root }: PulumiProject,
  stack: string,
  backends: readonly string[],
): Promise<Update[]> {
  const places = backends.map((backend) =>
    resolve(root, backend, ".pulumi/history", name, stack.split("/").at(-1)!),
  );
  const history = places.find((place) => existsSync(place));
  if (history === undefined)
    throw new UserError(`${stack} has had no update: there is no ${places.join(", nor ")}`);
  const files = await readdir(history).catch((error: unknown) => {
    throw new UserError(`cannot read the history of ${stack} in ${history}: ${obstacle(error)}`);
  });
  const entries = files.filter((file) => /\.history\.json(\.gz)?$/.test(file)).sort();
  const updates = await Promise.all(
    entries.map(async (file, index): Promise<Update[]> => {
      const entry = await readState(join(history, file));
      if (!isApplied(entry)) return [];
      const checkpoint = join(history, file.replace(".history.json", ".checkpoint.json"));
      const resources = async () => resourcesOf(at(at(await readState(checkpoint), "checkpoint"), "latest"));
      return [{ version: index + 1, at: timeOf(Number(at(entry, "endTime")) * 1000), resources }];
    }),
  );
  return updates.flat().reverse();
}

async function readState(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UserError(`cannot read ${path}: ${obstacle(error)}`);
  });
  return parsedJson((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

async function toldUpdates(project: PulumiProject, stack: string, signal: AbortSignal): Promise<Update[]> {
  const entries = (await toldHistory(project, stack, signal)).filter(isApplied);
  return entries.map((entry, index): Update => {
    const version = Number(at(entry, "version"));
    // What is no number of an update is none for Pulumi's CLI either: such a backend keeps the last state only.
    const isNumbered = version > 0;
    return {
      version,
      at: timeOf(Date.parse(String(at(entry, "endTime")))),
      resources: async () => {
        if (!isNumbered && index > 0)
          throw new UserError(
            `the backend of ${stack} keeps no earlier states; name an exported state of that time with --state`,
          );
        const args = ["stack", "export", "--stack", stack];
        if (isNumbered) args.push("--version", String(version));
        const state = await pulumiJson(project, args, signal).catch((error: Error) => {
          throw new UserError(`${error.message}; name an exported state of that time with --state`);
        });
        return resourcesOf(at(state, "deployment"));
      },
    };
  });
}

const PAGE_SIZE = 100;

/** All entries of a stack's history, newest first. Pulumi's CLI tells them by pages, of 10 unless told otherwise. */
async function toldHistory(project: PulumiProject, stack: string, signal: AbortSignal): Promise<unknown[]> {
  const entries: unknown[] = [];
  for (let page = 1; ; page++) {
    const pages = ["--page-size", String(PAGE_SIZE), "--page", String(page)];
    const told = await pulumiJson(
      project,
      ["stack", "history", "--json", "--stack", stack, ...pages],
      signal,
    );
    const earlier = new Set(entries.map((entry) => JSON.stringify(entry)));
    const fresh = (Array.isArray(told) ? told : []).filter((entry) => !earlier.has(JSON.stringify(entry)));
    // The end; or where a backend takes no pages, all of it once more.
    if (fresh.length === 0) return entries;
    entries.push(...fresh);
  }
}

/** The resources of a state that `pulumi stack export` has written. Throws UserError where `path` holds none. */
export async function exportedResources(path: string): Promise<unknown[]> {
  const resources = resourcesOf(at(await readState(path), "deployment"));
  if (resources.length === 0)
    throw new UserError(`${path} holds no state that \`pulumi stack export\` has written`);
  return resources;
}

function resourcesOf(deployment: unknown): unknown[] {
  const resources = at(deployment, "resources");
  return Array.isArray(resources) ? resources : [];
}

const timeOf = (milliseconds: number): string =>
  Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z") : "";
