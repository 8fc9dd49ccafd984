import { isUnknown } from "../../infra/identity-config/model";
import { elementsAt } from "../../infra/identity-config/reading";
import { undecided } from "./condition";
import type { Rule } from "./rule";

const plaintext: Rule = {
  id: "plaintext-secret",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "a program declares secrets as such",
  why: "whoever reads the program, the stack's state or what a preview prints has the secret",
  source: "Pulumi's documentation of secrets; docs of Kratos on each key",
  needs: "effective",
  check: ({ plain = [] }) =>
    plain.map((path) => ({
      path,
      message: "a secret is declared as plain text",
      remedy: `declare "secret:<name>", and set it with \`pulumi config set --secret --path 'secrets.<name>'\``,
    })),
};

const placeholder: Rule = {
  id: "placeholder-secrets",
  severity: "advisory",
  severityInProd: "mandatory",
  title: "the server's own secrets are not those of an example",
  why: "anybody knows them, and signs a session cookie for any account",
  source: "ory/kratos contrib/quickstart/kratos/email-password/kratos.yml, secrets",
  needs: "effective",
  check: ({ effective, target }) => {
    if (target === "network") return [];
    return ["default", "cookie", "cipher"].flatMap((kind) => {
      const path = `/secrets/${kind}`;
      const values = elementsAt(effective, path).map(({ value }) => value);
      if (!values.some((value) => typeof value === "string" && EXAMPLES.test(value)))
        return values.some(isUnknown) ? [undecided(path)] : [];
      return [
        {
          path,
          message: "a secret of Ory's examples is in use",
          remedy: "replace it with one that is random",
        },
      ];
    });
  },
};

/** As in `PLEASE-CHANGE-ME-I-AM-VERY-INSECURE` and `32-LONG-SECRET-NOT-SECURE-AT-ALL`. */
const EXAMPLES = /PLEASE-CHANGE-ME|NOT-SECURE-AT-ALL/i;

export const secretRules: Rule[] = [plaintext, placeholder];
