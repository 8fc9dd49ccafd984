import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Source, Tool } from "../../toolchain/tool";

const run = promisify(execFile);

const made: string[] = [];

/** A folder of its own for a test; removeFolders() takes it away. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "toolchain-"));
  made.push(path);
  return path;
}

export async function removeFolders(): Promise<void> {
  await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
}

/** Writes an executable shell script. */
export async function script(directory: string, name: string, ...lines: string[]): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, name);
  await writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  return file;
}

/** A source that installs a script printing `version`, and counts how often it is asked. */
export function source(name: Source["name"], tool: string, version: string, delayMs = 0) {
  const counted = {
    count: 0,
    name,
    title: `getting ${tool} from ${name}`,
    label: `source ${name}`,
    remedy: `repair ${name}`,
    async fetch(directory: string): Promise<void> {
      counted.count++;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await script(join(directory, "bin"), tool, `echo ${version}`);
    },
  };
  return counted;
}

/** A source that always fails. */
export function failing(name: Source["name"], reason: string): Source {
  return { ...source(name, "none", "0.0.0"), fetch: () => Promise.reject(new Error(reason)) };
}

/** A tool whose binaries print their version whatever they are asked, and that counts its probes. */
export function fakeTool(name: string, sources: Source[], range = "1.3.1") {
  const tool: Tool & { probes: number } = {
    probes: 0,
    name,
    title: name,
    version: "1.3.1",
    range,
    elsewhere: [],
    sources,
    async probe(binary) {
      tool.probes++;
      return (await run(binary)).stdout.trim();
    },
  };
  return tool;
}

/** A screen that is not a terminal and keeps what it is shown. */
export function screen() {
  const lines: string[] = [];
  return { lines, write: (text: string) => lines.push(text) };
}
