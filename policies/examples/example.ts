/** What shows a rule: a config that it finds wanting, and the same one repaired. */
export interface Example {
  /**
   * A config as YAML, with no more than what matters. Behind lines of `---` follow the files that it points at, each after
   * its name in a comment.
   */
  bad: string;
  good: string;
  /** What is in force before, where the rule is about a change. */
  before?: string;
  /** What the stage before runs, and has proven, where the rule compares with it. */
  lower?: string;
  /** Kind of target that it is for. Default: `kratos`. */
  target?: "network";
  /** The Kratos that it is for. Default: 1.3.1. */
  kratosVersion?: string;
}

/** Examples by the ids of their rules. */
export type Examples = Readonly<Record<string, Example>>;

/** A trait of an identity schema: `"email": { … }`. @param kratos What it tells Kratos. @param more Other keywords. */
export function trait(name: string, kratos: string, more = '"type": "string",'): string {
  return `        "${name}": {
          ${more}
          "ory.sh/kratos": ${kratos}
        }`;
}

/** What an e-mail address tells Kratos that signs in with a password and receives codes. */
export const CODES =
  '{ "credentials": { "password": { "identifier": true }, "code": { "identifier": true, "via": "email" } } }';

/** What an e-mail address tells Kratos that signs in with a password, and does nothing else. */
export const PASSWORD = '{ "credentials": { "password": { "identifier": true } } }';

/** `config` with one identity schema of these traits. */
export function withTraits(config: string, ...traits: string[]): string {
  return withSchema(config, `"properties": {\n${traits.join(",\n")}\n      }`);
}

/** `config` with one identity schema. @param traits Its keywords about `traits`, beside `type`. */
export function withSchema(config: string, traits: string): string {
  return `${config}${config && "\n"}identity:
  schemas: [{ id: default, url: file://customer.schema.json }]
---
# customer.schema.json
{
  "type": "object",
  "properties": {
    "traits": {
      "type": "object",
      ${traits}
    }
  }
}`;
}
