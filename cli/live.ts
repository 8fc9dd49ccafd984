import { resolve } from "node:path";
import type { Document, Environment } from "../infra/identity-config/model";
import { importedTarget } from "../infra/targets/import-id";
import { networkAccess } from "../infra/targets/network/access";
import { NetworkConnection } from "../infra/targets/network/connection";
import { environmentOf, openTarget, type TargetSettings } from "../infra/targets/open";
import { withProgress } from "./progress";
import type { Subject } from "./subjects";
import { withTexts } from "./texts";

/** What the target that an import id names runs. Throws UserError where it cannot be read. */
export function liveSubject(id: string, signal: AbortSignal): Promise<Subject> {
  return targetSubject(importedTarget(id), {}, resolve("."), signal);
}

/**
 * What a target runs.
 * @param declared What a program declares of it; empty where nothing is known of a program.
 * @param root The folder that relative paths in `settings` start from.
 */
export async function targetSubject(
  settings: TargetSettings,
  declared: Document,
  root: string,
  signal: AbortSignal,
): Promise<Subject> {
  const network = new NetworkConnection();
  // Keys come from the environment.
  network.configure(networkAccess({}));
  const target = openTarget(settings, { root, network });
  const {
    effective: found,
    kratosVersion,
    environment,
  } = await withProgress(`reading ${target.id}…`, target.observe(signal));
  const dir = settings.kratos && resolve(root, settings.kratos.dir ?? ".");
  const { document: effective, unread } = dir ? await withTexts(found, dir) : { document: found, unread: [] };
  return {
    name: target.id,
    notices: unread,
    files: [],
    review: {
      declared,
      effective,
      target: target.kind,
      environment: (environment as Environment | undefined) ?? environmentOf(settings),
      ...(kratosVersion !== undefined && { kratosVersion }),
    },
  };
}
