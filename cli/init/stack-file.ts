import { Document, type YAMLMap } from "yaml";
import { type Answers, type Environment, isPromoted, provable } from "./answers";

/** What a project or server counts as, in Ory's word. */
const KINDS = { dev: "dev", staging: "stage", prod: "prod" } as const;

/** A stack's file. What only the user knows stands empty, or as it is most often, with a comment. */
export function stackFile(answers: Answers, environment: Environment): string {
  const { name, domain, factors, smsUrl } = answers;
  const rp = { id: domain, displayName: name };
  const secondFactor = Object.fromEntries(
    factors.map((factor) => [factor, factor === "webauthn" ? { rp } : true]),
  );
  const aal = factors.length > 0 ? "highest_available" : "aal1";
  const document = new Document({
    config: {
      target: target(answers, environment),
      email: { smtp: { connectionUri: "secret:smtp-uri", fromAddress: `no-reply@${domain}` } },
      ...(smsUrl !== undefined && {
        sms: { url: smsUrl, auth: { header: "X-Api-Key", value: "secret:sms-key" } },
      }),
      secondFactor,
      requiredAal: { session: aal, settings: aal },
      ...promotion(answers, environment),
      raw: { selfservice: { methods: { code: { config: { lifespan: "15m" } } } } },
    },
  });
  comment(document, ["config", "raw"], " Ory's own default is an hour.");
  if (answers.target === "network")
    comment(document, ["config", "target", "network", "project"], " As `ory list projects` shows it.");
  else
    comment(
      document,
      ["config", "target", "kratos", "dir"],
      " The folder of the server's own kratos.yml, and of identity.yml, which the server reads after it.",
    );
  const secrets = smsUrl === undefined ? ["smtp-uri"] : ["smtp-uri", "sms-key"];
  const commands = secrets.map(
    (secret) => ` pulumi config set --stack ${environment} --secret --path 'secrets.${secret}'`,
  );
  document.commentBefore = [" Secrets are set by:", ...commands].join("\n");
  return document.toString();
}

/** What has staging prove sign-in, and prod take only what is proven. */
function promotion(answers: Answers, environment: Environment): object {
  const as = provable(answers);
  if (!isPromoted(answers) || as.length === 0) return {};
  if (environment === "staging") return { proof: { as } };
  return environment === "prod" ? { promotion: { from: "staging" } } : {};
}

const target = ({ name, target, projects }: Answers, environment: Environment) =>
  target === "network"
    ? { network: { project: projects[environment] ?? "", environment: KINDS[environment] } }
    : { kratos: { name: `${name}-${environment}`, environment: KINDS[environment], dir: "/etc/kratos" } };

/** Puts a comment on the line before a key. */
function comment(document: Document, path: string[], text: string): void {
  const map = document.getIn(path.slice(0, -1)) as YAMLMap<{ value: string; commentBefore?: string }>;
  const pair = map.items.find(({ key }) => key.value === path.at(-1))!;
  pair.key.commentBefore = text;
}
