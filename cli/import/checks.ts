import type { Finding } from "../../policies/rules/rule";
import { judge } from "../../policies/rules/verdict";
import type { LeftOut, Prepared } from "./prepared";
import type { Source } from "./source";
import { unshownSecrets } from "./unshown";

/** Something that a human must look at, and where, if it is about one path. */
export interface Check {
  path?: string;
  message: string;
}

/** What is said of paths that the program does not declare, where somebody may want to do something about it. */
const LEFT: Partial<Record<LeftOut["why"], string>> = {
  server: "the server's own, and not in this program",
  hidden:
    "the source hides these values, so they are not in this program and stay as they stand; to manage one, declare it as secret:<name>",
  environment: "environment variables of the server set these; they are not in this program",
  reference:
    "these begin like references (asset:, secret:), so they are not in this program and stay as they stand",
  "no-json": "these are no JSON values, so they are not in this program and stay as they stand",
  proto: "no key of a program's config may be named __proto__; these stay as they stand",
};

/** What a human must look at before the program of `source` is relied on; without secrets. */
export function checksOf(source: Source, { leftOut, secrets }: Prepared): Check[] {
  const { legible, running, environment, notices } = source;
  const declared = running.target === "network" ? {} : legible;
  const { refusals, warnings } = judge(
    { declared, effective: legible, environment, ...running },
    // Shorter ones would garble every message, and tell nothing.
    [...secrets.values()].map(({ text }) => text).filter((text) => text.length > 3),
  );
  return [
    ...notices.map((message) => ({ message })),
    ...Object.entries(LEFT).flatMap(([why, words]) => {
      const paths = leftOut.filter((one) => one.why === why).map(({ path }) => path);
      return paths.length === 0 ? [] : [{ message: `${words}: ${named(paths, why)}` }];
    }),
    ...(running.target === "network" ? unshownSecrets(legible) : []).map((path) => ({
      path,
      message: UNSHOWN,
    })),
    ...refusals.map((finding) => told(finding, ", which `pulumi up` refuses")),
    ...warnings.map((finding) => told(finding)),
  ];
}

const UNSHOWN =
  "Ory Network does not show this secret, so it is not in this program and stays as it stands; to manage it, declare it as secret:<name>";

const told = ({ rule, path, message, remedy }: Finding, weight = ""): Check => ({
  path,
  message: `${message}; ${remedy} (${rule}${weight})`,
});

/** Of what is the server's, its areas are enough. */
function named(paths: readonly string[], why: string): string {
  const shown = why === "server" ? paths.map((path) => `/${path.split("/")[1]}`) : paths;
  return [...new Set(shown)].join(", ");
}
