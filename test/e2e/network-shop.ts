import { type Document, inlineUri } from "../../infra/identity-config/model";
import type { FakeNetwork } from "../fake-network";
import { PROJECT } from "../network/scene";
import { declaration, type Side, sideOf } from "../network/sides";
import type { Project } from "./project";

/** A program that declares one of both sides for a project on Ory Network. */
export function networkShop(side: Side): string {
  const { target, config, assets, secrets } = declaration(PROJECT, side) as {
    target: object;
    config: Document;
    assets: Record<string, string>;
    secrets: Record<string, string>;
  };
  const [schema] = Object.values(assets);
  const raw = { ...config, identity: { ...(config.identity as Document), schemas: schemas(schema!) } };
  const [[name, secret]] = Object.entries(secrets) as [[string, string]];
  return `
new ory.IdentityConfig("shop", {
  target: ${JSON.stringify(target)},
  raw: ${JSON.stringify(raw)},
  secrets: { "${name}": pulumi.secret("${secret}") },
});
`;
}

const schemas = (text: string): Document[] => [{ id: "customer", url: inlineUri(text) }];

/** What a stack needs to reach `network`. */
export const networkEnv = (network: FakeNetwork): NodeJS.ProcessEnv => ({
  ORY_CONSOLE_URL: network.consoleUrl,
  ORY_WORKSPACE_API_KEY: network.workspaceKey,
});

/** Which side is in force. */
export const liveSide = (network: FakeNetwork): Side =>
  sideOf(network.projects.get(PROJECT)!.project.services.identity!.config as Document);

/** The stack's state, as Pulumi itself reads it. */
export async function exported(
  project: Project,
): Promise<{ deployment: { pending_operations?: unknown[] } }> {
  const { code, output } = await project.pulumi(["stack", "export"]);
  if (code !== 0) throw new Error(output);
  return JSON.parse(output.slice(output.indexOf("{")));
}
