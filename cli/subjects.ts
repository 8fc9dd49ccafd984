import { type Document, type Environment, isBranch } from "../infra/identity-config/model";
import { UserError } from "../infra/identity-config/user-error";
import type { Observed } from "../infra/targets/target";
import type { Review } from "../policies/rules/rule";
import { readFiles, type SourceFile } from "./config-files";

/** A config that rules can look at. */
export interface Subject {
  /** What it is called: the names of the files, or the target's id. */
  name: string;
  review: Review;
  /** What keeps rules from seeing everything. */
  notices: string[];
  /** Where it was read from, if from files. */
  files: SourceFile[];
  /** What was found where it runs, if it was read live. */
  observed?: Observed;
}

/** Where configs are, beside their names. */
export interface SubjectOptions {
  /** The kind of target that files are for. Default: kratos. */
  target?: "kratos" | "network";
  /** The Kratos that files are for. Default: what the files say under `version`, else the oldest. */
  kratosVersion?: string;
  /** What files are for. Default: prod. */
  environment?: Environment;
  /** Where relative `file://` URIs start from. Default: the folder of the first file. */
  workingDir?: string;
  /** A stack of the Pulumi project in this folder. */
  stack?: string;
}

/**
 * The configs that are named: files of one config, later ones winning; or the import id of a target, which is read
 * live; or, with `stack`, what the targets of its identity configs run. Throws UserError where one cannot be read.
 */
export async function subjectsOf(
  names: readonly string[],
  options: SubjectOptions,
  signal: AbortSignal,
): Promise<Subject[]> {
  if (options.stack !== undefined) {
    if (names.length > 0) throw new UserError(`check either files or a stack: leave out ${names.join(" ")}`);
    return stack().stackSubjects(options.stack, signal);
  }
  if (names.length === 0)
    throw new UserError(
      "nothing to check: name a configuration file, a target such as network/<project-id>, or a stack with --stack",
    );
  if (!names.some(isImportId)) return [await fileSubject(names, options)];
  if (names.length > 1) throw new UserError(`check one target at a time: ${names.join(" ")}`);
  return [await live().liveSubject(names[0]!, signal)];
}

/** Whether `name` is an import id. A file of such a name is written `./network/…`. */
export const isImportId = (name: string): boolean => /^(network\/[^/]+|kratos\/[^/]+\?.*)$/s.test(name);

// Loaded where they are needed: targets alone take longer than the check of a file.
const stack = () => require("./stack") as typeof import("./stack");
const live = () => require("./live") as typeof import("./live");

/** Keys of which every config has one. */
const TELLING =
  "selfservice identity courier session cookies serve dsn secrets hashers ciphers security oauth2_provider feature_flags clients log preview".split(
    " ",
  );

async function fileSubject(names: readonly string[], options: SubjectOptions): Promise<Subject> {
  const { files, document, unread } = await readFiles(names, options.workingDir);
  const name = files.map((file) => file.name).join(" + ");
  refuseOther("check", name, document);
  const told = typeof document.version === "string" ? document.version : undefined;
  const kratosVersion = (options.kratosVersion ?? told)?.replace(/^v/, "");
  const { target = "kratos" } = options;
  const review: Review = {
    // What Ory Network prints, it has taken, newer keys than are known here among it; so it is not blamed for them.
    declared: target === "network" ? {} : document,
    effective: document,
    target,
    environment: options.environment ?? "prod",
    ...(kratosVersion !== undefined && { kratosVersion }),
  };
  return { name, review, notices: unread, files };
}

/** Throws UserError where `document` is whatever else: nothing would be found wrong with it, and nothing in it. */
export function refuseOther(verb: string, name: string, document: Document): void {
  if (TELLING.some((key) => Object.hasOwn(document, key))) return;
  const inside = Object.hasOwn(document, "services")
    ? `; of a whole project, ${verb} what \`ory get identity-config\` prints`
    : isBranch(document.kratos) && isBranch(document.kratos.config)
      ? `; of the values of Ory's Helm chart, ${verb} what is under kratos.config`
      : "";
  throw new UserError(
    `cannot ${verb} ${name}: it holds no identity config, which has keys such as selfservice and identity${inside}`,
  );
}
