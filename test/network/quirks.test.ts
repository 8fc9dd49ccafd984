import type { Document } from "../../infra/identity-config/model";
import { hashOf } from "../../infra/targets/network/texts";
import { faultsByCall } from "../fake-network";
import { CANARY, codeMfa, inputs, NetworkScene, PROJECT, SCHEMA } from "./scene";

const at = (document: unknown, ...steps: (string | number)[]): unknown =>
  steps.reduce((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);

/** A channel with a secret and a text, a hook with a secret, a duration, and values that are pruned. */
const RICH: Document = {
  courier: {
    delivery_strategy: "smtp",
    smtp: { connection_uri: "secret:smtp-uri", from_address: "no-reply@shop.example" },
    channels: [
      {
        id: "sms",
        type: "http",
        request_config: {
          url: "https://sms.example/send",
          method: "POST",
          body: "asset:sms.jsonnet",
          auth: { type: "api_key", config: { name: "X-Key", value: "secret:sms-key", in: "header" } },
        },
      },
    ],
  },
  session: { lifespan: "90m" },
  selfservice: {
    methods: { code: { enabled: true, mfa_enabled: true } },
    flows: {
      registration: {
        after: {
          password: {
            hooks: [
              {
                hook: "web_hook",
                config: {
                  url: "https://hooks.example/new",
                  method: "POST",
                  body: "asset:hook.jsonnet",
                  auth: {
                    type: "api_key",
                    config: { name: "X-Key", value: "secret:hook-key", in: "header" },
                  },
                },
              },
              { hook: "session" },
            ],
          },
        },
      },
    },
  },
};

const rich = (secrets: Record<string, string> = {}) =>
  inputs(RICH, {
    assets: {
      "customer.json": SCHEMA,
      "sms.jsonnet": "function(ctx) { to: ctx.recipient, text: ctx.body }",
      "hook.jsonnet": "function(ctx) { id: ctx.identity.id }",
    },
    secrets: {
      "smtp-uri": `smtps://user:${CANARY}-password@mail.example:465/`,
      "sms-key": `${CANARY}-sms-key`,
      "hook-key": `${CANARY}-hook-key`,
      ...secrets,
    },
  });

describe.each(["omitted", "masked", "shown"] as const)("with secrets that are %s", (secrets) => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start({ quirks: { secrets } });
  });
  afterEach(() => scene?.stop());

  it("plans nothing after an update, and writes a secret again when it changes", async () => {
    const state = await scene.up(rich());
    scene.told();
    scene.calls();
    await scene.preview(rich(), state);
    expect(scene.told()).toEqual([]);

    const changed = await scene.up(rich({ "hook-key": `${CANARY}-new-key` }), state);
    expect(scene.calls()).toEqual(["GET", "GET", "GET", "PATCH"]);
    expect(JSON.stringify(scene.live())).toContain(`${CANARY}-new-key`);
    expect(JSON.stringify(scene.live())).toContain(`${CANARY}-sms-key`);
    expect(JSON.stringify(scene.live())).toContain(`${CANARY}-password`);
    expect(scene.told().join("\n")).not.toContain(CANARY);
    await scene.preview(rich({ "hook-key": `${CANARY}-new-key` }), changed);
    expect(scene.told()).toEqual([]);
  });

  it("keeps the secrets of others beside its own", async () => {
    const other = {
      id: "other",
      type: "http",
      request_config: {
        url: "https://other.example",
        method: "POST",
        body: "base64://e30=",
        auth: { type: "api_key", config: { name: "K", value: "others-key", in: "header" } },
      },
    };
    await scene.network.writeAsOther(PROJECT, [
      { op: "add", path: "/services/identity/config/courier/channels", value: [other] },
    ]);
    const state = await scene.up(rich());
    expect(JSON.stringify(at(scene.live(), "courier", "channels", 0))).toContain("others-key");
    expect(at(scene.live(), "courier", "channels", 1, "id")).toBe("sms");
    const { courier: _, ...fewer } = RICH;
    await scene.up(
      inputs(
        { ...fewer, courier: { smtp: (RICH.courier as Document).smtp! } },
        { assets: rich().assets, secrets: rich().secrets },
      ),
      state,
    );
    expect(at(scene.live(), "courier", "channels", "length")).toBe(1);
    expect(JSON.stringify(scene.live())).toContain("others-key");
  });

  it("refuses to write a mask", async () => {
    await expect(scene.preview(rich({ "sms-key": "********" }))).rejects.toThrow(
      /net-masked-secret: the secret is a mask, .* \(at \S+auth\/config\/value\); declare the secret itself/,
    );
    // What previews show of a secret.
    await expect(scene.preview(rich({ "sms-key": "[secret]" }))).rejects.toThrow(
      /the secret at \S+auth\/config\/value is "\[secret\]", which is what Ory Network shows in the place of secrets/,
    );
  });
});

describe("what the server does beside", () => {
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await NetworkScene.start();
  });
  afterEach(() => scene?.stop());

  const noChange = async (state: Awaited<ReturnType<NetworkScene["up"]>>, news = rich()) => {
    scene.told();
    await scene.preview(news, state);
    expect(scene.told()).toEqual([]);
  };

  it("names a schema by its hash, at once or later", async () => {
    await scene.network.setQuirks({ schemaIdsAfterReads: 2 });
    const state = await scene.up(rich());
    const [schema] = at(scene.live(), "identity", "schemas") as [{ id: string }];
    await noChange(state);
    await noChange(state);
    await noChange(state);
    const schemas = at(scene.live(), "identity", "schemas") as { id: string }[];
    expect(schemas.map(({ id }) => id)).toContain(hashOf(SCHEMA));
    expect(at(scene.live(), "identity", "default_schema_id")).toBe(hashOf(SCHEMA));
    expect(schema).toBeDefined();
  });

  it("keeps the old schema when its text changes, for the identities that refer to it", async () => {
    const state = await scene.up(rich());
    const text = SCHEMA.replace('"object"', '"object","title":"Customer"');
    const news = { ...rich(), assets: { ...(rich().assets as object), "customer.json": text } };
    scene.told();
    const changed = await scene.up(news, state);
    expect(scene.told().join("\n")).toMatch(/\/identity\/schemas\[id=customer\]\/url: .*Customer/);
    const ids = (at(scene.live(), "identity", "schemas") as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([hashOf(SCHEMA), hashOf(text)]));
    expect(at(scene.live(), "identity", "default_schema_id")).toBe(hashOf(text));
    await noChange(changed, news);
  });

  it("keeps the Console's own hooks where they stand", async () => {
    await scene.network.setQuirks({ organizationHook: true });
    const state = await scene.up(rich());
    const hooks = at(scene.live(), "selfservice", "flows", "registration", "after", "password", "hooks");
    expect((hooks as { hook: string }[]).map(({ hook }) => hook).sort()).toEqual([
      "organization",
      "session",
      "web_hook",
    ]);
    await noChange(state);
  });

  it("prunes empties and spells durations in its way", async () => {
    const methods = {
      code: { enabled: true, mfa_enabled: true, config: { max_submissions: 7 } },
      profile: { enabled: true },
    };
    const news = inputs({
      selfservice: { methods, allowed_return_urls: [] },
      session: { lifespan: "90m", cookie: { name: "" } },
    });
    const state = await scene.up(news);
    expect(at(scene.live(), "selfservice", "methods", "code", "config", "max_submissions")).toBe(7);
    await noChange(state, news);
  });

  it("undoes a write of which something was dropped", async () => {
    const before = structuredClone(scene.live());
    await scene.network.setQuirks({ drops: ["/session/lifespan"] });
    await expect(scene.up(rich())).rejects.toThrow(
      /accepted the write and did not do what it says:\n {2}\/session\/lifespan: declared "1h30m0s" => .* in force\nWhat was before is in force again/,
    );
    expect(scene.live()).toEqual(before);
    await scene.network.setQuirks({ drops: [] });
    await noChange(await scene.up(rich()));
  });

  it("warns of what is not declared any more and stays", async () => {
    const state = await scene.up(rich());
    await scene.network.setQuirks({ drops: ["/session/lifespan"] });
    const { session: _, ...fewer } = RICH;
    scene.told();
    await scene.up(inputs(fewer, { assets: rich().assets, secrets: rich().secrets }), state);
    expect(scene.told()).toContain(
      "/session/lifespan was to fall back to its default, but Ory Network kept it as it is",
    );
    expect(at(scene.live(), "session", "lifespan")).toBe("1h30m0s");
  });

  it("tells which feature the plan lacks, and for which paths", async () => {
    await scene.network.setQuirks({ planGates: { "/session/lifespan": "custom session lifespan" } });
    const before = structuredClone(scene.live());
    await expect(scene.up(rich())).rejects.toThrow(
      /403 .*request \S+; the project's plan does not include "custom session lifespan".*\/session\/lifespan/,
    );
    expect(scene.live()).toEqual(before);
  });

  it("is not sent what only a server's operator sets", async () => {
    await expect(scene.preview(inputs({ log: { level: "debug" } }))).rejects.toThrow(
      "net-ignored-keys: only the operator of a server sets log, and Ory Network ignores it (at /log); leave it out",
    );
  });

  it("answers reads with what was before", async () => {
    const state = await scene.up(inputs(codeMfa(false)));
    await scene.network.setQuirks({ staleReads: 1 });
    const on = await scene.up(inputs(codeMfa(true)), state);
    // What is read now is what was before: the write that follows is against a revision that is gone.
    const off = await scene.up(inputs(codeMfa(false)), on);
    expect(at(scene.live(), "selfservice", "methods", "code", "mfa_enabled")).toBe(false);
    await scene.preview(inputs(codeMfa(false)), off);
    await noChange(off, inputs(codeMfa(false)));
  });

  it("loses an answer: reading tells what became of the write", async () => {
    const preview = await scene.preview(inputs(codeMfa(true)));
    expect(preview.outputs.changes).not.toEqual([]);
    scene.network.setFaults(faultsByCall({ 2: [{ kind: "cut", effect: true, answer: "half" }] }));
    scene.calls();
    const state = await scene.phase(inputs(codeMfa(true)), undefined, false);
    expect(at(scene.live(), "selfservice", "methods", "code", "mfa_enabled")).toBe(true);
    // The secret cannot be seen, so it is written once more.
    expect(scene.calls()).toEqual(["GET", "PATCH", "GET", "PATCH"]);
    await noChange(state, inputs(codeMfa(true)));

    scene.network.setFaults(faultsByCall({ 3: [{ kind: "status", status: 502, effect: true }] }));
    scene.calls();
    await scene.up(inputs(codeMfa(false)), state);
    expect(scene.calls()).toEqual(["GET", "GET", "PATCH", "GET"]);
    expect(scene.told().join("\n")).toMatch(/502 .*reading shows that it is in force/);
  });
});
