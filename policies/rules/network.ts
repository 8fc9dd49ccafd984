import { leavesOf } from "../../infra/identity-config/leaves";
import { isUnknown } from "../../infra/identity-config/model";
import { shown } from "../../infra/identity-config/reading";
import { scalarsOf } from "../../infra/identity-config/scalars";
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

export const networkRules: Rule[] = [inlineTexts];
