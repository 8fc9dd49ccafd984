/**
 * Calls, revisions and time of configuring a project on Ory Network, beside how others do it, on one fake. Ours is the
 * provider's whole work, in a preview and an update with a read each; of the others, only the calls are replayed. So the
 * times compare where the network is far or limited.
 */
import { setTimeout as delay } from "node:timers/promises";
import { documentOf } from "../infra/identity-config/leaves";
import type { Document, Json } from "../infra/identity-config/model";
import type { Quirks } from "../test/fake-network";
import { CANARY, inputs, NetworkScene, PROJECT } from "../test/network/scene";
import type { State } from "../test/provider/resource";
import { median, type Row, ratio, timed } from "./measurement";
import { oryCli, type Parts, terraform } from "./network-models";

/** How far away, or how limited, Ory Network is; and how often each is measured. */
const PLACES: Record<string, { quirks: Partial<Quirks>; runs: number }> = {
  "0 ms": { quirks: { latencyMs: 0, rateLimit: {} }, runs: 5 },
  "100 ms": { quirks: { latencyMs: 100, rateLimit: {} }, runs: 3 },
  "250 ms": { quirks: { latencyMs: 250, rateLimit: {} }, runs: 3 },
  "5 requests/s": { quirks: { latencyMs: 0, rateLimit: { perSecond: 5 } }, runs: 1 },
};

const FLOWS = ["login", "registration", "recovery", "verification", "settings", "error"];

/** Sixteen parts of a declaration, of which `changed` differ between an even and an odd `variant`. */
function parts(variant: number, changed: number): [path: string, value: Json][] {
  const of = (index: number) => (index < changed ? variant : 0) % 2;
  const on = (index: number) => of(index) === 1;
  const hours = (index: number) => `${1 + of(index)}h0m0s`;
  return [
    ["/selfservice/methods/totp/enabled", on(0)],
    ["/selfservice/methods/lookup_secret/enabled", on(1)],
    ["/selfservice/methods/link/enabled", on(2)],
    ["/selfservice/methods/profile/enabled", !on(3)],
    ["/session/lifespan", hours(4)],
    ["/session/whoami/required_aal", on(5) ? "highest_available" : "aal1"],
    ["/selfservice/flows/settings/required_aal", on(6) ? "highest_available" : "aal1"],
    ["/selfservice/flows/settings/privileged_session_max_age", hours(7)],
    ["/selfservice/flows/login/lifespan", hours(8)],
    ["/selfservice/methods/password/config/min_password_length", 8 + of(9)],
    ...FLOWS.map((flow, index): [string, Json] => [
      `/selfservice/flows/${flow}/ui_url`,
      `https://shop.example/${flow}-${of(10 + index)}`,
    ]),
  ];
}

const document = (variant: number, changed: number): Document => documentOf(new Map(parts(variant, changed)));

const operations = (variant: number, changed: number): Parts =>
  parts(variant, changed).map(([path, value]) => ({
    op: "replace",
    path: `/services/identity/config${path}`,
    value,
  }));

/** What is measured: one action of each tool, undefined where it has none. Odd and even variants take turns. */
class Bench {
  private readonly state = new Map<string, State>();

  constructor(private readonly scene: NetworkScene) {}

  async prepare(): Promise<void> {
    for (const id of ["theirs", "cli"]) this.scene.network.addProject({ id });
    await this.ours(0, 16, false);
  }

  /** By tool. */
  actions(work: string, variant: number): Record<string, (() => Promise<unknown>) | undefined> {
    const { network } = this.scene;
    const { plan, apply } = terraform(network, "theirs");
    const { update } = oryCli(network, "cli");
    const changed = { preview: 16, "no change": 0, "1 change": 1, "16 changes": 16 }[work]!;
    const writes = operations(variant, changed).slice(0, changed);
    const before = network.projects.get("cli")!.project.services.identity!.config as Document;
    const merged = { ...before, ...document(variant, changed), selfservice: before.selfservice! };
    if (work === "preview")
      return {
        "pulumi-ory": () => this.ours(variant, changed, true),
        "Terraform's model": () => plan(writes),
      };
    return {
      "pulumi-ory": () => this.ours(variant, changed, false),
      "Terraform's model": () => apply(operations(variant, changed), writes),
      "ory update's model": () => update(merged),
    };
  }

  private async ours(variant: number, changed: number, preview: boolean): Promise<void> {
    const news = inputs(document(variant, changed), {
      secrets: { "smtp-uri": `smtps://user:${CANARY}@mail.example:465/` },
    });
    const before = this.state.get(PROJECT);
    if (preview) await this.scene.preview(news, before);
    else this.state.set(PROJECT, await this.scene.up(news, before));
  }
}

export async function networkRows(): Promise<Row[]> {
  const scene = await NetworkScene.start({ quirks: { secrets: "masked" } });
  try {
    const bench = new Bench(scene);
    await bench.prepare();
    const rows: Row[] = [];
    for (const [place, { quirks, runs }] of Object.entries(PLACES)) {
      for (const work of ["preview", "no change", "1 change", "16 changes"]) {
        await scene.network.setQuirks({ latencyMs: 0, rateLimit: {} });
        // From what changes nothing to what changes something.
        for (const action of Object.values(bench.actions("16 changes", 0))) await action?.();
        if (work === "no change")
          for (const action of Object.values(bench.actions(work, 0))) await action?.();
        await scene.network.setQuirks(quirks);
        rows.push(...(await measured(scene, bench, place, work, runs)));
      }
    }
    return rows;
  } finally {
    await scene.stop();
  }
}

async function measured(
  { network }: NetworkScene,
  bench: Bench,
  place: string,
  work: string,
  runs: number,
): Promise<Row[]> {
  const revisions = () =>
    [...network.projects.values()].reduce((sum, { revisions: { size } }) => sum + size, 0);
  const rows = new Map<string, Row & { times: number[] }>();
  for (let run = 0; run < runs; run++) {
    for (const [tool, action] of Object.entries(bench.actions(work, run + 1))) {
      // The limit of a second begins anew.
      if (place.includes("/s")) await delay(1_100);
      const before = revisions();
      network.calls.length = 0;
      const time = await timed(action!);
      const times = [...(rows.get(tool)?.times ?? []), time];
      const calls = network.calls.filter(({ api }) => api === "console").length;
      const name = `${work} at ${place}: ${tool}`;
      rows.set(tool, {
        name,
        value: median(times),
        unit: "ms",
        calls,
        revisions: revisions() - before,
        runs,
        times,
      });
    }
  }
  const all = [...rows.values()].map(({ times: _, ...row }): Row => row);
  const ours = rows.get("pulumi-ory")!.times;
  const theirs = rows.get("Terraform's model")!.times;
  if (work === "16 changes")
    all.push({ name: "  second over first", value: ratio(theirs, ours), unit: "x", runs });
  return all;
}
