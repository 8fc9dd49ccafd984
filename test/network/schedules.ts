import { type Document, inlineUri } from "../../infra/identity-config/model";
import { hashOf } from "../../infra/targets/network/texts";
import type { FaultSchedule, Quirks } from "../fake-network";
import type { State } from "../provider/resource";
import { CANARY, inputs, type NetworkScene, SCHEMA } from "./scene";

/** What came of one update under faults. */
export type Outcome = "applied" | "old" | "new";

const QUIRKS: readonly Partial<Quirks>[] = [
  {},
  { secrets: "masked", schemaIdsAfterReads: 3 },
  { secrets: "shown", staleReads: 1, organizationHook: true },
  { schemaIdsAfterReads: 1, staleReads: 2, fillsEmpty: false },
  { rateLimit: { perSecond: 60 }, strictPatch: true, storesAssets: false },
];

/** The quirks that a batch of schedules runs with. */
export const quirksOf = (batch: number): Partial<Quirks> => QUIRKS[batch % QUIRKS.length]!;

const NEW_SCHEMA = SCHEMA.replace('"object"', '"object","title":"New"');

/** Two declarations that an update goes between: methods, a channel with a secret, a schema, a path that leaves. */
function declaration(project: string, which: "old" | "new") {
  const isNew = which === "new";
  const config: Document = {
    selfservice: {
      methods: {
        code: { enabled: true, mfa_enabled: isNew, passwordless_enabled: !isNew },
        totp: { enabled: isNew },
      },
      ...(isNew ? {} : { default_browser_return_url: "https://old.shop.example/" }),
    },
    session: { lifespan: isNew ? "2h" : "90m" },
  };
  return inputs(config, {
    target: { network: { project, environment: "dev" } },
    assets: { "customer.json": isNew ? NEW_SCHEMA : SCHEMA },
    secrets: { "smtp-uri": `smtps://user:${CANARY}-${which}@mail.example:465/` },
  });
}

/** Routes each call to the schedule of the project that it is about; calls are counted for each. */
export class Schedules {
  private readonly running = new Map<string, { schedule: FaultSchedule; number: number }>();

  constructor({ network }: NetworkScene) {
    network.setFaults(({ method, path }) => {
      const entry = this.running.get(/\/projects\/([^/]+)/.exec(path)?.[1] ?? "");
      if (entry === undefined) return [];
      entry.number += 1;
      return entry.schedule({ number: entry.number, method, path });
    });
  }

  set(project: string, schedule: FaultSchedule): void {
    this.running.set(project, { schedule, number: 0 });
  }

  clear(project: string): void {
    this.running.delete(project);
  }
}

/** One update under `schedule`, then one without faults; throws where anything is not as it must be. */
export async function runSchedule(
  scene: NetworkScene,
  schedules: Schedules,
  project: string,
  schedule: FaultSchedule,
): Promise<Outcome> {
  const stored = scene.network.addProject({ id: project });
  const urn = `urn:pulumi:test::shop::ory:index:IdentityConfig::${project}`;
  const before = await scene.up(declaration(project, "old"), undefined, urn);
  const firstRevision = stored.revisions.size;

  schedules.set(project, schedule);
  let state: State = before;
  let outcome: Outcome;
  try {
    state = await scene.up(declaration(project, "new"), before, urn);
    outcome = "applied";
  } catch (error) {
    expect((error as Error).message).not.toContain(CANARY);
    expect((error as Error).message).not.toMatch(/a defect of the provider/);
    outcome = sideOf(stored.project.services.identity!.config as Document);
  }
  schedules.clear(project);
  if (outcome === "applied") expect(sideOf(scene.live(project))).toBe("new");
  expectOthersKept([...stored.revisions.values()].slice(firstRevision - 1));

  const after = await scene.up(declaration(project, "new"), state, urn);
  expect(sideOf(scene.live(project))).toBe("new");
  expectOthersKept([...stored.revisions.values()].slice(firstRevision - 1));
  const { size } = stored.revisions;
  await scene.up(declaration(project, "new"), after, urn);
  expect(stored.revisions.size).toBe(size);
  expect(JSON.stringify([state.outputs, after.outputs])).not.toContain(CANARY);
  return outcome;
}

/** Which declaration a live config is; throws where it is neither, or half of each. */
function sideOf(config: Document): "old" | "new" {
  const { selfservice, session, courier, identity } = config as Record<string, Record<string, unknown>>;
  const { code, totp } = selfservice!.methods as { code: Document; totp?: Document };
  const marks = {
    mfa: code.mfa_enabled === true,
    passwordless: code.passwordless_enabled !== true,
    totp: totp?.enabled === true,
    lifespan: session!.lifespan === "2h0m0s" || session!.lifespan === "2h",
    secret: JSON.stringify(courier).includes(`${CANARY}-new`),
    released: selfservice!.default_browser_return_url !== "https://old.shop.example/",
    schema: defaultSchema(identity!) === NEW_SCHEMA,
  };
  const isNew = Object.values(marks);
  if (isNew.every(Boolean)) return "new";
  if (!isNew.some(Boolean)) return "old";
  throw new Error(`half of each: ${JSON.stringify(marks)}`);
}

/** The text of the default schema; throws where the old one is no longer listed beside the new one. */
function defaultSchema({ schemas, default_schema_id }: Record<string, unknown>): string | undefined {
  const urls = new Map((schemas as { id: string; url: string }[]).map(({ id, url }) => [id, url]));
  const found = [SCHEMA, NEW_SCHEMA].find((text) => isOf(text, urls.get(String(default_schema_id))));
  const isStored = [...urls.values()].some((url) => url.includes(hashOf(NEW_SCHEMA)));
  if (isStored && ![...urls.values()].some((url) => isOf(SCHEMA, url)))
    throw new Error("the old schema is gone");
  return found;
}

const isOf = (text: string, url: string | undefined): boolean =>
  url !== undefined && (url.includes(hashOf(text)) || url === inlineUri(text));

/** No write of ours takes back what another writer has written, or is half of a declaration. */
function expectOthersKept(revisions: { project: { services: object }; writer: string }[]): void {
  const configOf = ({ project }: (typeof revisions)[0]) =>
    (project.services as { identity: { config: Document } }).identity.config;
  const page = (revision: (typeof revisions)[0]) =>
    (configOf(revision) as { selfservice: { flows: { error: Document } } }).selfservice.flows.error.ui_url;
  revisions.forEach((revision, index) => {
    sideOf(configOf(revision));
    if (index > 0 && revision.writer === "api") expect(page(revision)).toBe(page(revisions[index - 1]!));
  });
}
