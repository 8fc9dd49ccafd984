import { JOURNEYS } from "../journeys/ways";

/** Version of the package and of its plugin. */
export const PACKAGE_VERSION = "0.1.0";

const string = { type: "string" };
const strings = { type: "array", items: string };
const any = { $ref: "pulumi.json#/Any" };
const mapOf = (value: unknown) => ({ type: "object", additionalProperties: value });
const described = (type: object, description: string) => ({ ...type, description });

const target = described({ $ref: "#/types/ory:index:Target" }, "Where the identity config lives.");

const access = {
  workspaceApiKey: described(
    { ...string, secret: true },
    "Workspace API key (ory_wak_…), which reads and writes projects. ORY_WORKSPACE_API_KEY wins over it.",
  ),
  projectApiKey: described(
    { ...string, secret: true },
    "Project API key (ory_pat_…), for the identities of SignInProof. ORY_PROJECT_API_KEY wins over it.",
  ),
  consoleUrl: described(string, "Base URL of the Console API. ORY_CONSOLE_URL wins over it."),
  allowedProjectIds: described(strings, "The projects that may be read and written at all. Default: any."),
};

const rules = described(mapOf(any), "What is set about rules, by their ids.");

/** The package schema: what the provider's resources take and give, for `pulumi package` and other languages. */
export function packageSchema() {
  return {
    name: "ory",
    displayName: "Ory",
    version: PACKAGE_VERSION,
    description: "Ory identity configuration as code.",
    keywords: ["pulumi", "ory", "kratos", "category/utility", "kind/native"],
    license: "Apache-2.0",
    config: { variables: { ...access, rules } },
    provider: {
      description: "How Ory Network is reached, and what is set about rules.",
      inputProperties: { ...access, rules },
    },
    language: { nodejs: { packageName: "pulumi-ory" } },
    types: {
      "ory:index:Target": {
        type: "object",
        description: "A place where an identity config lives.",
        properties: {
          kratos: { $ref: "#/types/ory:index:KratosTarget" },
          network: { $ref: "#/types/ory:index:NetworkTarget" },
        },
      },
      "ory:index:Acknowledgement": {
        type: "object",
        description: "Consent to one step that a rule refuses.",
        properties: {
          rule: described(string, "Id of the rule, such as weakening-change."),
          path: described(string, "Path that the refusal names."),
          from: described(any, "Value before; left out where nothing is set. Long texts by their digest."),
          to: described(
            any,
            "Value after; left out where nothing is set any more. Long texts by their digest.",
          ),
          reason: described(string, "Why it is all right."),
          until: described(string, "Last day on which it holds, in UTC, such as 2026-12-15."),
        },
        required: ["rule", "path", "reason", "until"],
      },
      "ory:index:Promotion": {
        type: "object",
        description: "The stage that proves a config before it comes here.",
        properties: {
          from: described(string, "Its name."),
          keep: described(strings, "Paths that are this stage's own, beside those that always are."),
          digest: described(string, "Digest of what was promoted last."),
          proven: described(mapOf(any), "What it has proven: the result of its SignInProof."),
        },
        required: ["from"],
      },
      "ory:index:NetworkTarget": {
        type: "object",
        description: "A project on Ory Network.",
        properties: {
          project: described(string, "The project's id."),
          environment: described(string, "What the project was created as: prod, stage or dev."),
          projectUrl: described(
            string,
            "Base URL of the project's own APIs. Default: https://<slug>.projects.oryapis.com.",
          ),
        },
        required: ["project", "environment"],
      },
      "ory:index:KratosTarget": {
        type: "object",
        description: "A self-hosted Kratos, which reads its configuration from files.",
        properties: {
          name: described(string, "Name of this server in the resource's id, kratos/<name>."),
          environment: described(string, "What the server is for: prod, stage or dev. Default: prod."),
          transport: described(
            string,
            "file: identity.yml is written; ssh: it is written on another host; output: its content is the output rendered. Default: file.",
          ),
          dir: described(
            string,
            "With transport file or ssh, required: folder of the operator's configuration file; relative to Pulumi.yaml's, with ssh absolute.",
          ),
          host: described(string, "With transport ssh, required: a host, user@host or ssh://user@host:port."),
          hostKey: described(
            string,
            "With transport ssh: the host key that is taken. Default: what known_hosts has.",
          ),
          sshConfig: described(string, "With transport ssh: configuration file of ssh. Default: ssh's own."),
          config: described(
            string,
            "The operator's configuration file. Default: kratos.yml in dir; with transport output, none.",
          ),
          version: described(
            string,
            "With transport output: Kratos's version. Default: what a running server or the executable says.",
          ),
          plain: described(
            { type: "boolean" },
            "With transport output: refuse a rendered config that holds secrets. Default: false.",
          ),
          binary: described(string, "The Kratos executable for trials. Default: kratos on PATH."),
          adminUrls: described(
            strings,
            "Admin API of every replica. Default: from the operator's file, with transport ssh asked over ssh; with output, none.",
          ),
          publicUrl: described(
            string,
            "Public API. Default: from the operator's file; with transport ssh or output, none.",
          ),
          env: described(mapOf(string), "Environment variables that the real server is started with."),
        },
        required: ["name"],
      },
    },
    resources: {
      "ory:index:IdentityConfig": {
        description:
          "The identity config of one target, merged from all parts of a program and written at once.",
        inputProperties: {
          target,
          config: described(
            mapOf(any),
            "The declared document; asset:<name> and secret:<name> refer to texts beside it.",
          ),
          assets: described(
            mapOf(string),
            "Texts that the config points at: identity schemas, templates, Jsonnet.",
          ),
          secrets: described({ ...mapOf(string), secret: true }, "Secrets that the config refers to."),
          acknowledge: described(
            { type: "array", items: { $ref: "#/types/ory:index:Acknowledgement" } },
            "Steps that rules refuse and that you consent to; a refusal says what to write.",
          ),
          release: described(strings, "Paths that are let go as they stand when they leave the config."),
          promotion: described(
            { $ref: "#/types/ory:index:Promotion" },
            "Which stage proves this config before it comes here.",
          ),
        },
        requiredInputs: ["target", "config"],
        properties: {
          target,
          config: described(mapOf(any), "The declared document."),
          owned: described(strings, "Paths that this resource manages."),
          revision: described(string, "The target's version of the config."),
          digest: described(string, "Identifies the declaration apart from its target and secrets."),
          assets: described(mapOf(string), "Texts that the config points at."),
          promotable: described(mapOf(any), "What of the declaration is promoted: digest, and paths."),
          promoted: described(strings, "Digests of what was proven by the stage before and applied."),
          rendered: described(
            { ...string, secret: true },
            "With transport output: the content of identity.yml, for the program to deliver.",
          ),
          evidence: described(
            mapOf(string),
            "With transport output: the marker that a server shows which has loaded it, and where.",
          ),
          owner: described(string, "URN by which the target knows this resource."),
          leftAlone: described(strings, "Paths that stood in the target before and are not managed."),
          changes: described(strings, "In a preview: what an update would change, a line each."),
          warnings: described(strings, "In a preview: what rules could not tell or advise."),
          unmanaged: described(
            strings,
            "In a preview: what others have changed since, beside what is managed.",
          ),
          seen: described(
            mapOf(any),
            "On Ory Network: salted digests of what is in force beside what is managed.",
          ),
          review: described(
            mapOf(any),
            "In a preview: what policies look at: declared, effective and observed config, changes, target, environment, kratosVersion; and the id and revision of what was looked at.",
          ),
        },
        required: ["target", "config", "owned", "revision", "digest", "changes", "warnings", "review"],
      },
      "ory:index:SignInProof": {
        description: "Throw-away identities that have signed in after the config was applied.",
        inputProperties: {
          target,
          digest: described(string, "Digest of the identity config that is proven."),
          revision: described(string, "Revision of the identity config that is proven."),
          promotable: described(mapOf(any), "What of it is promoted once it is proven."),
          evidence: described(mapOf(string), "What running servers have to show first."),
          as: described(strings, `Journeys to walk: ${JOURNEYS.join(", ")}.`),
          outbox: described(mapOf(string), "Where messages are read; by default, over the Admin API."),
        },
        requiredInputs: ["target", "digest", "revision", "as"],
        properties: {
          target,
          digest: string,
          revision: string,
          as: strings,
          result: described(mapOf(any), "What was proven: digest, journeys and at (RFC 3339)."),
        },
        required: ["target", "digest", "revision", "as", "result"],
      },
    },
  };
}
