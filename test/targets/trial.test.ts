import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Document } from "../../infra/identity-config/model";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import { BODY, kratosConfig, overlaid } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { kratosBinaries } from "../kratos/server";
import { never, planned } from "./planned";

describe.each(kratosBinaries())("a trial on %s", (binary) => {
  let outbox: Outbox;
  let dir: string;

  beforeAll(async () => {
    outbox = await startOutbox();
    dir = await mkdtemp(join(tmpdir(), "trial-"));
    await writeFile(join(dir, "kratos.yml"), stringify(kratosConfig(outbox)));
  });
  afterAll(async () => {
    await outbox?.close();
    await rm(dir, { recursive: true });
  });

  const trial = async (flows: Document, more: Document = {}) => {
    const target = new KratosTarget({ name: "shop", dir, binary, adminUrls: ["http://127.0.0.1:9"] }, "/");
    await target.trial(await planned(target, overlaid({ selfservice: { flows } }, more)), never);
  };
  const before = (): Document => {
    const config = { url: `${outbox.url}/hook`, method: "POST", body: BODY };
    return { before: { hooks: [{ hook: "web_hook", config }] } };
  };

  it("calls nobody, although hooks run before sign-in and sign-up", async () => {
    await trial({ login: before(), registration: before() });
    expect(outbox.deliveries).toEqual([]);
  });

  it("still starts the flow that no hook runs before", async () => {
    const unlisted = { identity: { default_schema_id: "nope" } };
    await expect(trial({ login: before() }, unlisted)).rejects.toThrow("every sign-up fails with status 500");
    expect(outbox.deliveries).toEqual([]);
  });
});
