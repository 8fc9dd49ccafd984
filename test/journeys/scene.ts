import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Document } from "../../infra/identity-config/model";
import { type WalkedJourney, type WalkOptions, walk } from "../../infra/journeys/walk";
import type { Journey } from "../../infra/journeys/ways";
import { type LocalKratos, startLocalKratos } from "../../local/kratos";
import { type Outbox, startOutbox } from "../../local/outbox";
import { overlaid } from "../kratos/config";
import { deploy, type SecondFactorConfig, secondFactorConfig } from "./second-factor-config";

export const API_KEY = "the outbox's key";

/** A Kratos and an outbox for its messages, where journeys are walked. */
export interface Scene {
  kratos: LocalKratos;
  outbox: Outbox;
  walkAs(as: readonly Journey[], options?: Partial<WalkOptions>): Promise<{ journeys: WalkedJourney[] }>;
  /**
   * Puts a config into force, `changes` laid over it, and tells the id of its identity schema. The journeys may start at
   * once; the courier comes back by itself.
   */
  use(options: Partial<SecondFactorConfig>, changes?: Document): Promise<string>;
  /** The ids of all identities. */
  identities(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startScene(binary: string): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "journeys-"));
  const outbox = await startOutbox({ apiKey: API_KEY });
  const kratos = await startLocalKratos({ binary, folder, publicPort: 0, adminPort: 0 });
  const { publicUrl, adminUrl, identityFile } = kratos;
  let deployed = 0;
  return {
    kratos,
    outbox,
    walkAs: (as, options = {}) => walk({ publicUrl, adminUrl, as, ...options }),
    async use(options, changes = {}) {
      const base = secondFactorConfig({ outboxUrl: outbox.url, apiKey: API_KEY, ...options });
      const config = overlaid(base, changes);
      const id = `customer-${++deployed}`;
      const identity = config.identity as { default_schema_id: string; schemas: { id: string }[] };
      identity.default_schema_id = id;
      identity.schemas[0]!.id = id;
      deploy(identityFile, config);
      const deadline = Date.now() + 5_000;
      while (!(await (await fetch(`${publicUrl}/schemas`)).text()).includes(`"${id}"`)) {
        if (Date.now() > deadline) throw new Error(`kratos did not load ${id} in 5 s`);
        await delay(20);
      }
      return id;
    },
    async identities() {
      const response = await fetch(`${adminUrl}/admin/identities`);
      return ((await response.json()) as { id: string }[]).map(({ id }) => id);
    },
    async stop() {
      await Promise.all([kratos.stop(), outbox.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
