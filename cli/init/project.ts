import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFiles } from "../package-files";
import type { Answers } from "./answers";
import { stackFile } from "./stack-file";

/** What is copied is what this package itself runs and tests. */
const ROOT = dirname(require.resolve("pulumi-ory/package.json"));
const WORKFLOWS = "examples/github-actions";
const SMS_BODY = "schemas/messages/sms.jsonnet";

/**
 * The files of a new project, by their paths in it.
 * @param folder Where they come to stand, absolute.
 */
export function projectFiles(answers: Answers, folder: string): Record<string, string> {
  return {
    "Pulumi.yaml": pulumiYaml(answers.name),
    "infra/main.ts": program(answers),
    ...(answers.smsUrl !== undefined && { [SMS_BODY]: ours(SMS_BODY) }),
    ...Object.fromEntries(
      answers.environments.map((environment) => [
        `stacks/Pulumi.${environment}.yaml`,
        stackFile(answers, environment),
      ]),
    ),
    ...packageFiles(answers.name, folder, "infra/*.ts"),
    ...(answers.ci === "github" && workflows()),
  };
}

const workflows = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(ROOT, WORKFLOWS)).map((file) => [
      `.github/workflows/${file}`,
      ours(`${WORKFLOWS}/${file}`),
    ]),
  );

const pulumiYaml = (name: string): string =>
  replaced(ours("Pulumi.yaml"), [
    [/^name: .*$/m, `name: ${name}`],
    [/^description: .*$/m, "description: Identity configuration"],
    [/ {4}# Programs run through tsx.*\n/, "    # tsx does not type-check; `npx tsc` and the editor do.\n"],
    [/path: infra\/provider/, "path: node_modules/pulumi-ory/infra/provider"],
  ]);

function program({ name, smsUrl }: Answers): string {
  const text = replaced(ours("infra/main.ts"), [
    [
      /\n\} from "\.\/index";\nimport \{ stackSettings \} from "\.\/settings";/,
      '\n  stackSettings,\n} from "pulumi-ory";',
    ],
    [/new IdentityConfig\("shop"/, `new IdentityConfig(${JSON.stringify(name)}`],
  ]);
  if (smsUrl !== undefined) return text;
  return replaced(text, [
    [/ {2}CourierChannel,\n/, ""],
    [/ {2}phone,\n/, ""],
    [/ {2}textFile,\n/, ""],
    [/ {4}phone: phone\(.*\n/, ""],
    [/ {4}\.\.\.\(stack\.sms\n(?: {6}.*\n)+/, ""],
  ]);
}

const ours = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** `text` with all of these replaced; each must be there. */
const replaced = (text: string, replacements: [RegExp, string][]): string =>
  replacements.reduce((before, [what, by]) => {
    if (!what.test(before)) throw new Error(`${what} is nowhere in a file of this package`);
    return before.replace(what, by);
  }, text);
