import { inlineUri } from "../../infra/identity-config/model";
import { contentHash } from "../fake-network";
import { at, configOf, failure, quirky, startConsole, stopAll } from "./console";

afterEach(stopAll);

describe("contents", () => {
  const SCHEMA = JSON.stringify({ type: "object", properties: { traits: { type: "object" } } });
  const HASH = contentHash(SCHEMA);
  const identity = { default_schema_id: "customer", schemas: [{ id: "customer", url: inlineUri(SCHEMA) }] };
  const request_config = { url: "https://sms.example", method: "POST", body: inlineUri("function(ctx) {}") };
  const channels = [{ id: "sms", type: "http", request_config }];

  it("come back as URLs of a storage that has them, and schemas are called by their hash", async () => {
    const { set, value, network } = await quirky({ storesAssets: true, strictPatch: false });
    await set("/courier/channels", channels);
    await set("/courier/templates/login_code/valid/email/body/html", inlineUri("<b>{{ .LoginCode }}</b>"));
    await set("/identity", identity);
    const url = `${network.storageUrl}/${HASH}.schema.json`;
    expect(await value("/identity")).toEqual({ default_schema_id: HASH, schemas: [{ id: HASH, url }] });
    expect(await (await fetch(url)).text()).toBe(SCHEMA);
    const jsonnet = `${network.storageUrl}/${contentHash("function(ctx) {}")}.jsonnet`;
    expect(await value("/courier/channels/0/request_config/body")).toBe(jsonnet);
    expect(await (await fetch(jsonnet)).text()).toBe("function(ctx) {}");
    expect(await value("/courier/templates/login_code/valid/email/body/html")).toBe(
      `${network.storageUrl}/${contentHash("<b>{{ .LoginCode }}</b>")}.html`,
    );
    expect((await fetch(`${network.storageUrl}/nothing.json`)).status).toBe(404);
  });

  it("come back at another host where that is asked for", async () => {
    const contentUrl = "https://storage.googleapis.com/bac-gcs-production";
    const { set, value, network } = await startConsole({ contentUrl });
    await set("/identity", identity);
    expect(await value("/identity/schemas/0/url")).toBe(`${contentUrl}/${HASH}.schema.json`);
    expect(await (await fetch(`${network.storageUrl}/${HASH}.schema.json`)).text()).toBe(SCHEMA);
  });

  it("can be written back as they are read", async () => {
    const { set, value } = await startConsole();
    await set("/courier/channels", channels);
    const read = await value("/courier/channels");
    await set("/courier/channels", read);
    expect(await value("/courier/channels")).toEqual(read);
  });

  it("are called by their hash only after some reads", async () => {
    const { set, value, read } = await quirky({ storesAssets: true, schemaIdsAfterReads: 2 });
    const { project } = await set("/identity", identity);
    expect(at(configOf(project), "/identity/default_schema_id")).toBe("customer");
    expect(await value("/identity/default_schema_id")).toBe("customer");
    expect(await value("/identity/schemas/0/id")).toBe("customer");
    expect(await value("/identity/schemas/0/id")).toBe(HASH);
    expect(await value("/identity/default_schema_id")).toBe(HASH);
    expect((await read()).revision_id).toBe(project.revision_id);
  });

  it("are kept as they are without the quirk", async () => {
    const { set, value } = await quirky({});
    await set("/identity", identity);
    expect(await value("/identity")).toEqual(identity);
  });

  it.each(["function(ctx) {}", "https://elsewhere.example/body.jsonnet", "file:///body.jsonnet"])(
    "are refused where they are written as %j",
    async (body) => {
      const config = { ...request_config, body };
      const refusing = await quirky({ refusesForeignUris: true, strictPatch: false });
      const { status, data } = await failure(
        refusing.set("/courier/channels", [{ id: "sms", request_config: config }]),
      );
      expect([status, data.error.reason]).toEqual([
        400,
        "/courier/channels/0/request_config/body: must be a base64:// URI, anything else is not allowed here",
      ]);
      const taking = await quirky({ strictPatch: false });
      await taking.set("/courier/channels", [{ id: "sms", request_config: config }]);
      expect(await taking.value("/courier/channels/0/request_config/body")).toBe(body);
    },
  );

  it("may be presets", async () => {
    const { set, value } = await startConsole();
    await set("/identity", {
      default_schema_id: "preset://email",
      schemas: [{ id: "preset://email", url: "preset://email" }],
    });
    expect(await value("/identity/default_schema_id")).toBe("preset://email");
  });
});
