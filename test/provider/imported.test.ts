import fc from "fast-check";
import { canonicalLeaves } from "../../infra/identity-config/canonical";
import { type Document, inlineUri } from "../../infra/identity-config/model";
import { importedInputs } from "../../infra/provider/imported";
import { resolved } from "../../infra/provider/inputs";
import type { TargetSettings } from "../../infra/targets/open";
import type { Observed } from "../../infra/targets/target";
import { documents } from "../identity-config/documents";

const target = { kratos: { name: "shop", dir: "kratos" } };
const imported = (effective: Document, of: TargetSettings = target) =>
  importedInputs(of, { effective, defaults: {}, managed: [], revision: "none" } as Observed);

describe("what an import declares", () => {
  it("owns nothing, points at nothing that is missing, and is what is live, but for what it leaves out", () => {
    fc.assert(
      fc.property(documents, (effective) => {
        const { inputs, leftOut } = imported(effective);
        const { declared, dangling } = resolved(inputs);
        expect(inputs.owned).toEqual([]);
        expect(dangling).toEqual([]);
        const live = canonicalLeaves(effective);
        const known = [...live].filter(([path, value]) => value !== null && !leftOut.includes(path));
        expect([...canonicalLeaves(declared)]).toEqual(known);
      }),
    );
  });

  it("keeps out of a project what Ory Network ignores, which a Kratos has", () => {
    const live = {
      hashers: { algorithm: "argon2" },
      ciphers: { algorithm: "noop" },
      session: { lifespan: "1h" },
    };
    const project = { network: { project: "shop", environment: "dev" as const } };
    expect(imported(live, project).inputs.config).toEqual({ session: { lifespan: "1h" } });
    expect(imported(live).inputs.config).toEqual(live);
  });

  it("shows texts as texts, also inside an array, and keeps secrets and the server's own keys out", () => {
    const schema = '{"type":"object"}';
    const hook = (value: string) => ({
      hook: "web_hook",
      config: { body: inlineUri("function(ctx) {}"), auth: { type: "api_key", config: { value } } },
    });
    const { inputs, leftOut } = imported({
      dsn: "postgres://user:canary@db/kratos",
      serve: { public: { base_url: "https://shop.example/" } },
      secrets: { cookie: ["canary"] },
      identity: { schemas: [{ id: "customer", url: inlineUri(schema) }] },
      courier: {
        smtp: { connection_uri: "smtp://user:canary@mail/", from_address: "a@shop.example" },
        template_override_path: "secret:not-a-reference",
      },
      selfservice: {
        flows: {
          login: { after: { hooks: [hook("canary")] } },
          registration: {
            after: { hooks: [{ hook: "web_hook", config: { body: inlineUri("function(ctx) {}") } }] },
          },
          error: { ui_url: inlineUri("https://user:canary@shop.example/") },
        },
      },
    });
    expect(inputs).toMatchObject({
      assets: {
        "identity/schemas/customer/url.json": schema,
        "selfservice/flows/registration/after/hooks/0/config/body": "function(ctx) {}",
      },
      secrets: {},
    });
    expect(inputs.config).toEqual({
      identity: { schemas: [{ id: "customer", url: "asset:identity/schemas/customer/url.json" }] },
      courier: { smtp: { from_address: "a@shop.example" } },
      selfservice: {
        flows: {
          registration: {
            after: {
              hooks: [
                {
                  hook: "web_hook",
                  config: { body: "asset:selfservice/flows/registration/after/hooks/0/config/body" },
                },
              ],
            },
          },
        },
      },
    });
    expect(leftOut.sort()).toEqual([
      "/courier/smtp/connection_uri",
      "/courier/template_override_path",
      "/selfservice/flows/error/ui_url",
      "/selfservice/flows/login/after/hooks",
    ]);
    expect(JSON.stringify(inputs)).not.toContain("canary");
  });
});
