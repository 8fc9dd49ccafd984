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

/** A target, with how it was named. */
export interface NamedTarget {
  target: Target;
  settings: TargetSettings;
  /** The folder that relative paths in `settings` start from. */
  root: string;
  /** What a program declares of it; empty where nothing is known of a program. */
  declared: Document;
}

/** The target that an import id names, with keys from the environment. Throws UserError where it names none. */
export function namedTarget(id: string): NamedTarget {
  const [settings, root] = [importedTarget(id), resolve(".")];
  const network = new NetworkConnection();
  network.configure(networkAccess({}));
  return { target: openTarget(settings, { root, network }), settings, root, declared: {} };
}

/** What the target that an import id names runs. Throws UserError where it cannot be read. */
export function liveSubject(id: string, signal: AbortSignal): Promise<Subject> {
  return targetSubject(namedTarget(id), signal);
}

/** Where the target that `id` names lists identities; undefined where it is no import id, but a file. Throws UserError. */
export async function adminApiOf(id: string, signal: AbortSignal): Promise<AdminApi | undefined> {
  if (!isImportId(id)) return undefined;
  const { adminUrl, adminToken } = await namedTarget(id).target.endpoints(signal);
  return { adminUrl, ...(adminToken !== undefined && { apiKey: adminToken }) };
}

/** What a target runs, and where the APIs of its server are reached. */
export async function runningTarget(
  named: NamedTarget,
  signal: AbortSignal,
): Promise<Subject & { endpoints: Endpoints }> {
  const endpoints = await named.target.endpoints(signal);
  return { ...(await targetSubject(named, signal)), endpoints };
}

/** What a target runs. */
export async function targetSubject(
  { target, settings, root, declared }: NamedTarget,
  signal: AbortSignal,
): Promise<Subject> {
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
