import type { Document } from "../../infra/identity-config/model";
import { impactLines } from "../../infra/provider/impact";
import type { Review } from "../../policies/rules/rule";
import { type ManyIdentities, startManyIdentities } from "../impact/many-identities";
import { emailTrait, overlaid, PHONE, schemaUrl } from "../kratos/config";

const observed: Document = {
  identity: {
    schemas: [{ id: "default", url: schemaUrl({ email: emailTrait({ codes: true }), phone: PHONE }) }],
  },
  courier: { smtp: { connection_uri: "smtps://mail.shop.example" }, channels: [{ id: "sms" }] },
};
const effective = overlaid(observed, { selfservice: { methods: { code: { mfa_enabled: true } } } });
const path = "/selfservice/methods/code/mfa_enabled";
const review = {
  declared: {},
  observed,
  effective,
  target: "kratos",
  kratosVersion: "1.3.1",
  changes: [{ path, before: false, after: true }],
} as unknown as Review;

describe("what a preview says of the impact", () => {
  let server: ManyIdentities;
  const at = (adminUrl: string) => ({ endpoints: async () => ({ publicUrl: adminUrl, adminUrl }) });
  const signal = new AbortController().signal;
  afterEach(async () => {
    delete process.env.ORY_IMPACT_SAMPLE;
    await server?.close();
  });

  test("is nothing where nobody asks, and no call", async () => {
    server = await startManyIdentities(10);
    expect(await impactLines(review, at(server.url), signal)).toEqual([]);
    expect(server.calls).toEqual([]);
  });

  test("is an estimate, said to be one", async () => {
    server = await startManyIdentities(10_000);
    process.env.ORY_IMPACT_SAMPLE = "1000";
    expect(await impactLines(review, at(server.url), signal)).toEqual([
      "impact: 990 of 1000 identities in a sample, about 9900 of all 10000, will be asked for a second factor from now on",
      "impact: 240 of 1000 identities in a sample, about 2400 of all 10000, will be sent codes to an address that is not verified",
    ]);
  });

  test("is exact where all were looked at", async () => {
    server = await startManyIdentities(100);
    process.env.ORY_IMPACT_SAMPLE = "1000";
    expect((await impactLines(review, at(server.url), signal))[0]).toMatch(
      /^impact: \d+ of 100 identities will be asked for a second factor from now on$/,
    );
  });

  test("stops nothing where it cannot be made, and refuses what is no number", async () => {
    process.env.ORY_IMPACT_SAMPLE = "10";
    server = await startManyIdentities(1, (_, response) => {
      response.writeHead(404).end();
      return true;
    });
    const [line] = await impactLines(review, at(server.url), signal);
    expect(line).toMatch(/^impact: not estimated: cannot count identities: .* answers 404$/);
    process.env.ORY_IMPACT_SAMPLE = "many";
    await expect(impactLines(review, at(server.url), signal)).rejects.toThrow("such as 2000");
  });
});
