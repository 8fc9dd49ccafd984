import { resolve } from "node:path";
import type { Document, Environment } from "../infra/identity-config/model";
import type { AdminApi } from "../infra/impact/identities";
import { importedTarget } from "../infra/targets/import-id";
import { networkAccess } from "../infra/targets/network/access";
import { NetworkConnection } from "../infra/targets/network/connection";
import { environmentOf, openTarget, type TargetSettings } from "../infra/targets/open";
import type { Endpoints, Target } from "../infra/targets/target";
import { withProgress } from "./progress";
import { isImportId, type Subject } from "./subjects";
import { withTexts } from "./texts";

/** What the target that an import id names runs. Throws UserError where it cannot be read. */
export function liveSubject(id: string, signal: AbortSignal): Promise<Subject> {
  return targetSubject(importedTarget(id), {}, resolve("."), signal);
}

/** Where the target that `id` names lists identities; undefined where it is no import id, but a file. Throws UserError. */
export async function adminApiOf(id: string, signal: AbortSignal): Promise<AdminApi | undefined> {
  if (!isImportId(id)) return undefined;
  const { adminUrl, adminToken } = await openedTarget(importedTarget(id), resolve(".")).endpoints(signal);
  return { adminUrl, ...(adminToken !== undefined && { apiKey: adminToken }) };
}

/** The target that `settings` name, with keys from the environment. */
export function openedTarget(settings: TargetSettings, root: string): Target {
  const network = new NetworkConnection();
  // Keys come from the environment.
  network.configure(networkAccess({}));
  return openTarget(settings, { root, network });
}

/** What a target runs, and where the APIs of its server are reached. */
export async function runningTarget(
  settings: TargetSettings,
  root: string,
  signal: AbortSignal,
): Promise<Subject & { endpoints: Endpoints }> {
  const endpoints = await openedTarget(settings, root).endpoints(signal);
  return { ...(await targetSubject(settings, {}, root, signal)), endpoints };
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
  const target = openedTarget(settings, root);
  const observed = await withProgress(`reading ${target.id}…`, target.observe(signal));
  const { effective: found, kratosVersion, environment } = observed;
  const dir = settings.kratos && resolve(root, settings.kratos.dir ?? ".");
  const { document: effective, unread } = dir
    ? await withTexts(found, dir, settings.kratos?.host)
    : { document: found, unread: [] };
  return {
    name: target.id,
    notices: unread,
    files: [],
    observed,
    review: {
      declared,
      effective,
      target: target.kind,
      environment: (environment as Environment | undefined) ?? environmentOf(settings),
      ...(kratosVersion !== undefined && { kratosVersion }),
    },
  };
}
