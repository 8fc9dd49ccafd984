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

export const secretRules: Rule[] = [plaintext];
