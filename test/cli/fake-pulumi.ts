import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** One entry of a stack's history, as `pulumi stack history --json` tells it. */
export interface HistoryEntry {
  version: number;
  kind: string;
  result: string;
  endTime: string;
  config?: Record<string, { value: string; objectValue?: unknown; secret: boolean }>;
}

/** What a backend knows of the one stack that there is. */
export interface Backend {
  /** As `pulumi whoami` tells it. */
  url: string;
  /** Newest first. */
  history: HistoryEntry[];
  /** The resources that each update has left, by its version; `present` are those of now. */
  states: Record<string, unknown[]>;
  outputs?: Record<string, unknown>;
  /** Whether the history comes by pages. Default: true. */
  takesPages?: boolean;
}

/** Answers as Pulumi's CLI does, pages and refusals included (pulumi/pulumi, pkg/cmd/pulumi/stack). */
const SCRIPT = `#!/bin/sh
cd "$(dirname "$0")/../backend" || exit
verb=$1
[ "$verb" = stack ] && verb=$2
size=10 page=1 state=present
while [ $# -gt 0 ]; do
  case "$1" in
    --page-size) size=$2 ;;
    --page) page=$2 ;;
    --version) state=$2 ;;
  esac
  shift
done
refuse() { echo "error: $1" >&2; exit 255; }
case "$verb" in
  whoami | output) cat "$verb" ;;
  history) [ -e unpaged ] && size=1000 page=1
    echo "[$(sed -n "$((size * (page - 1) + 1)),$((size * page))p" history | paste -sd, -)]" ;;
  export)
    [ "$state" = present ] || grep -q https: whoami ||
      refuse "the current backend (host) does not provide the ability to export previous deployments"
    [ -e "state-$state" ] || refuse "could not export deployment: [404] Not found: update $state"
    cat "state-$state" ;;
  *) refuse "unknown command: $verb" ;;
esac
`;

/** Puts it into `dir`, and tells the environment in which it is the `pulumi` on PATH. */
export async function fakePulumi(
  dir: string,
  { url, history, states, outputs = {}, takesPages = true }: Backend,
) {
  const bin = join(dir, "bin");
  const files = {
    whoami: JSON.stringify({ user: "somebody", url }),
    output: JSON.stringify(outputs),
    ...(!takesPages && { unpaged: "" }),
    history: history.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
    ...Object.fromEntries(
      Object.entries(states).map(([version, resources]) => [
        `state-${version}`,
        JSON.stringify({ version: 3, deployment: { resources } }),
      ]),
    ),
  };
  for (const folder of [bin, join(dir, "backend")]) await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, "backend", name), text);
  await writeFile(join(bin, "pulumi"), SCRIPT, { mode: 0o755 });
  return { PATH: `${bin}${delimiter}${process.env.PATH}` };
}
