import { leavesOf } from "../../infra/identity-config/leaves";
import { isUnknown } from "../../infra/identity-config/model";
import { readAt, shown } from "../../infra/identity-config/reading";
import { scalarsOf } from "../../infra/identity-config/scalars";
import { isSensitive, MASK, REDACTED } from "../../infra/identity-config/sensitive";
import { undecided } from "./condition";
import type { Rule, Violation } from "./rule";

/** Texts that Kratos reads from URIs: bodies of requests, templates of messages, mappers of claims. */
const TEXTS = /\/body$|^\/courier\/templates\/|\/mapper_url$/;

/** A text that Ory Network itself has stored: named by the SHA-512 of its content. */
const STORED = /\/[0-9a-f]{128}(\.[a-z0-9.]+)?$/;

const inlineTexts: Rule = {
  id: "net-inline-uris",
  severity: "mandatory",
  title: "on Ory Network, a text is part of the config",
  why: "the server refuses the config: it reads no file and no URL of yours",
  source: "ory/terraform-provider-ory docs/resources/project_config.md",
  needs: "declared",
  check: ({ effective, target }) => {
    if (target !== "network") return [];
    return [...leavesOf(effective)]
      .flatMap(([path, leaf]) => scalarsOf(leaf, path))
      .filter(([path]) => TEXTS.test(path))
      .flatMap(([path, value]): Violation[] => {
        if (isUnknown(value)) return [undecided(path)];
        if (typeof value !== "string" || !isElsewhere(value)) return [];
        return [
          {
            path,
            message: `the text is ${shown(value)}, which Ory Network does not read`,
            remedy: "inline it: pass it with textFile(), or as a base64:// URI",
          },
        ];
      });
  },
};

const isElsewhere = (uri: string): boolean => /^(file|https?):\/\//i.test(uri) && !STORED.test(uri);

/** What only the operator of a server sets. */
const OPERATIONAL = [
  "ciphers",
  "dev",
  "dsn",
  "hashers",
  "log",
  "profiling",
  "secrets",
  "serve",
  "sqa-opt-out",
  "tracing",
];

const ignoredKeys: Rule = {
  id: "net-ignored-keys",
  severity: "mandatory",
  title: "nothing is declared that Ory Network ignores",
  why: "Ory Network answers with a warning and leaves it out: what is declared never comes into force",
  source: "ory/cli cmd/cloudx/project, what a project's update warns of",
  needs: "declared",
  // Consent would not bring it into force.
  waivable: false,
  check: ({ declared, target }) => {
    if (target !== "network") return [];
    return OPERATIONAL.filter((key) => readAt(declared, `/${key}`) !== undefined).map((key) => ({
      path: `/${key}`,
      message: `only the operator of a server sets ${key}, and Ory Network ignores it`,
      remedy: "leave it out",
    }));
  },
};

/** Where an empty secret is none: what is called with it refuses the call. */
const REQUIRED = /\/auth\/config\/(value|password)$/;

const maskedSecret: Rule = {
  id: "net-masked-secret",
  severity: "mandatory",
  title: "on Ory Network, secrets are declared, not the masks that stand for them",
  why: "the mask takes the place of the secret, and what depends on it fails: messages, social sign-in, web hooks",
  source: "ory/terraform-provider-ory SECURITY.md; ory/cli, what `ory get identity-config` prints",
  needs: "declared",
  waivable: false,
  check: ({ declared, target }) => {
    if (target !== "network") return [];
    return [...leavesOf(declared)]
      .flatMap(([path, leaf]) => scalarsOf(leaf, path))
      .filter(([path, value]) => isSensitive(path) && isNoSecret(path, value))
      .map(([path, value]) => ({
        path,
        message:
          value === ""
            ? "the secret is empty"
            : "the secret is a mask, which is what Ory Network shows in the place of secrets",
        remedy: "declare the secret itself, as secret:<name>, or leave it to what is there",
      }));
  },
};

/** The provider's own mask stands here for secrets that it has looked at; the target refuses to write that one. */
const isNoSecret = (path: string, value: unknown): boolean =>
  typeof value === "string" &&
  value !== REDACTED &&
  (MASK.test(value) || (value === "" && REQUIRED.test(path)));

export const networkRules: Rule[] = [inlineTexts, ignoredKeys, maskedSecret];
