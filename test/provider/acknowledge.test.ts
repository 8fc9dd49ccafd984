import type { Properties } from "../../infra/provider/wire";
import { kratosBinaries } from "../kratos/server";
import { ManagedKratos, methods } from "./managed-kratos";

const PATH = "/selfservice/methods/password/config/min_password_length";
const longer = (min_password_length: number) => methods({ password: { config: { min_password_length } } });
const ON = longer(12);
const OFF = longer(8);
const LATER = "2999-12-31";

describe.each(kratosBinaries())("a weakening change in prod, with %s", (binary) => {
  let kratos: ManagedKratos;

  beforeAll(async () => {
    kratos = await ManagedKratos.start(binary);
  });
  afterAll(() => kratos?.stop());
  beforeEach(() => kratos.reset());

  const prod = (more: Properties = {}): Properties => {
    const target = kratos.target() as { kratos: Properties };
    return { target: { kratos: { ...target.kratos, environment: "prod" } }, ...more };
  };
  const entry = {
    rule: "weakening-change",
    path: PATH,
    from: 12,
    to: 8,
    reason: "nobody uses it",
    until: LATER,
  };
  const consent = (more: Properties = {}, rest: Properties[] = []) =>
    prod({ acknowledge: [{ ...entry, ...more }, ...rest] });
  const warnings = () =>
    kratos.plugin.logs.filter(({ severity }) => severity === 2).map(({ message }) => message);

  it("is refused before any write, and says what to add", async () => {
    const state = await kratos.created(ON, prod());
    const before = await kratos.identity();
    const news = await kratos.checked(OFF, prod());
    for (const preview of [true, false]) {
      const refusal = await kratos.resource
        .update(state, news, preview)
        .catch((error: Error) => error.message);
      expect(refusal).toContain("refused before any write:\nweakening-change: prod would be weakened: ");
      expect(refusal).toMatch(
        /add to `acknowledge`, in the stack's file or of this resource:\n {2}- \{ rule: "weakening-change", path: "\/selfservice\/methods\/password\/config\/min_password_length", from: 12, to: 8, reason: "why, and who agreed", until: "\d{4}-\d\d-\d\d" \}/,
      );
    }
    expect(await kratos.identity()).toBe(before);
    // A refusal would also refuse the repairing program, so a difference is all that diff tells.
    expect(await kratos.resource.diff(state, news)).toMatchObject({ changed: true });
  });

  it("is refused as a reset to the default, and not where the path is released", async () => {
    const state = await kratos.created(ON, prod());
    await expect(kratos.resource.update(state, await kratos.checked({}, prod()))).rejects.toThrow(
      /weakening-change: .*\{ rule: "weakening-change", path: "\S+", from: 12, reason/s,
    );
    await kratos.resource.update(state, await kratos.checked({}, prod({ release: [PATH] })));
  });

  it("is refused in a first update of what is live, and where it undoes what somebody hardened by hand", async () => {
    await kratos.operate({
      selfservice: {
        default_browser_return_url: "https://shop.example/",
        ...(ON.selfservice as object),
      },
    });
    await expect(kratos.created(OFF, prod())).rejects.toThrow("weakening-change: ");
    await kratos.operate({});
    const state = await kratos.created(OFF, prod());
    await kratos.edit("min_password_length: 8", "min_password_length: 12");
    await expect(kratos.resource.update(state, state.inputs)).rejects.toThrow("weakening-change: ");
  });

  it("goes through where exactly that step is acknowledged, which the next comparison reports as done", async () => {
    const state = await kratos.created(ON, prod());
    const news = await kratos.checked(OFF, consent());
    const preview = await kratos.resource.update(state, news, true);
    expect(preview.outputs.digest).toBe((await kratos.resource.update(state, news)).outputs.digest);
    expect(kratos.plugin.logs.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^weakening-change: .*; acknowledged until 2999-12-31: nobody uses it$/),
    );
    expect(warnings().filter((line) => line.startsWith("acknowledge"))).toEqual([]);
    const after = { ...state, inputs: news, outputs: preview.outputs };
    expect(await kratos.resource.diff(after, news)).toEqual({ changed: false, paths: {}, replaces: [] });
    expect(await kratos.resource.diff(after, news)).toMatchObject({ changed: false });
    const done = `acknowledge[0] (weakening-change at ${PATH}) is done and no longer needed: remove it`;
    expect(warnings().filter((line) => line.startsWith("acknowledge"))).toEqual([done]);
    // Removing it is no change either.
    expect(await kratos.resource.diff(after, await kratos.checked(OFF, prod()))).toMatchObject({
      changed: false,
    });
  });

  it.each<[string, Properties]>([
    ["another value after", { to: 7 }],
    ["another value before", { from: 11 }],
    ["no value before", { from: undefined }],
    ["another path", { path: "/session/lifespan" }],
  ])("stays refused by an entry with %s", async (_what, more) => {
    const state = await kratos.created(ON, prod());
    await expect(kratos.resource.update(state, await kratos.checked(OFF, consent(more)))).rejects.toThrow(
      "weakening-change: ",
    );
  });

  it("stays refused by an entry that has expired, and says so", async () => {
    const state = await kratos.created(ON, prod());
    const news = await kratos.checked(OFF, consent({ until: "2020-01-31" }));
    await expect(kratos.resource.update(state, news)).rejects.toThrow(
      "(it was acknowledged until 2020-01-31, which is over)",
    );
  });

  it("takes values in any spelling, and texts by their digest", async () => {
    const lifespan = (value: string) => ({ session: { lifespan: value } });
    const state = await kratos.created(lifespan("24h"), prod());
    const step = { path: "/session/lifespan", from: "1440m", to: "30h0m0s" };
    const longer = await kratos.resource.update(state, await kratos.checked(lifespan("30h"), consent(step)));
    const texts = (customer: string) => ({
      ...prod(),
      assets: { "customer.json": customer },
    });
    const schema = (more: object) =>
      JSON.stringify({
        type: "object",
        properties: {
          traits: {
            type: "object",
            properties: {
              email: {
                type: "string",
                format: "email",
                "ory.sh/kratos": { credentials: { password: { identifier: true } }, ...more },
              },
            },
          },
        },
      });
    const base = await kratos.checked(lifespan("30h"), texts(schema({})));
    const plain = await kratos.resource.update(longer, base).catch((error: Error) => error.message);
    const [, pasted] = /- (\{ rule: "weakening-change".*\})/.exec(String(plain)) ?? [];
    expect(pasted).toMatch(/from: "sha256:[0-9a-f]{32}", to: "sha256:[0-9a-f]{32}"/);
    const pastedEntry = new Function(`return ${pasted}`)() as Properties;
    const others = [...String(plain).matchAll(/- (\{ rule: "(?!weakening-change).*\})/g)].map(
      ([, one]) => new Function(`return ${one}`)() as Properties,
    );
    const news = await kratos.checked(lifespan("30h"), {
      ...texts(schema({})),
      acknowledge: [pastedEntry, ...others],
    });
    await kratos.resource.update(longer, news);
  });

  it("does not stop what hardens, or what is no change", async () => {
    const state = await kratos.created(OFF, prod());
    await kratos.resource.update(state, await kratos.checked(ON, consent()));
    expect(warnings()).toContain(
      `acknowledge[0] (weakening-change at ${PATH}) has no effect, as the change there is another one: correct or remove it`,
    );
    expect((await kratos.resource.diff(state, state.inputs)).changed).toBe(true);
  });

  it("refuses entries that can never hold", async () => {
    const failures = async (more: Properties) =>
      (await kratos.resource.check(kratos.inputs(ON, consent(more)))).failures.join("\n");
    expect(await failures({ rule: "weakening" })).toMatch(
      /acknowledge\[0\]\.rule is "weakening"; there is no such rule/,
    );
    expect(await failures({ rule: "code-mfa-xor-passwordless" })).toMatch(/nobody can consent to that/);
    expect(await failures({ until: "2026-02-31" })).toMatch(/until is "2026-02-31"; there is no such day/);
    expect(await failures({ until: "soon" })).toMatch(/until is "soon"; allowed: the last day/);
    expect(await failures({ reason: "" })).toMatch(/reason is ""/);
    expect(await failures({ why: "x" })).toMatch(/why is not a known key/);
  });
});
