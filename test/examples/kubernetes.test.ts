import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Resource as PulumiResource, runtime, secret } from "@pulumi/pulumi";
import { parse } from "yaml";
import { MockEngine, type Sent, secretly } from "../components/engine";
import { kratosBinaries, kratosVersion } from "../kratos/server";
import { type Plugin, startPlugin } from "../provider/plugin";
import { Resource } from "../provider/resource";

const FOLDER = resolve(__dirname, "../../examples/kubernetes");
const RENDERED = "identity: {}\n";
const SMTP = "smtps://user:canary@mail.shop.example/";
const REACHED = {
  adminUrl: "http://127.0.0.1:4434",
  publicUrl: "http://127.0.0.1:4433",
  outbox: { url: "http://127.0.0.1:4437" },
};

/** What the program `example` registers, by the names of its exports. */
async function run(example: "index" | "config-map"): Promise<Record<string, Sent>> {
  const engine = new MockEngine();
  const names: Record<string, string> = {
    identity: "shop",
    secret: "kratos-identity",
    configMap: "kratos-identity",
    deployment: "kratos",
    proof: "sign-in",
  };
  const computed = { revision: "r1", digest: "d1", rendered: secret(RENDERED), evidence: { marker: "m1" } };
  await engine.start({ computed });
  runtime.setAllConfig({ "shop:smtpUri": SMTP, "shop:reached": JSON.stringify(REACHED) }, ["shop:smtpUri"]);
  const exported = (await import(`${FOLDER}/${example}`)) as Record<string, PulumiResource>;
  const sent = Object.entries(exported)
    .filter(([name]) => Object.hasOwn(names, name))
    .map(async ([name, resource]) => [name, await engine.sent(names[name]!, resource)] as const);
  return Object.fromEntries(await Promise.all(sent));
}

/** The pods' part of a Deployment. */
// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
const pods = (sent: Sent): any => (sent.inputs.spec as { template: object }).template;

describe("the example for Kubernetes", () => {
  let withSecret: Record<string, Sent>;
  let withConfigMap: Record<string, Sent>;
  beforeAll(async () => {
    withSecret = await run("index");
    withConfigMap = await run("config-map");
  });

  it("puts the rendered config into a Secret, which stays a secret on its way", () => {
    expect(withSecret.secret).toEqual({
      type: "kubernetes:core/v1:Secret",
      inputs: expect.objectContaining({ stringData: secretly({ "identity.yml": RENDERED }) }),
    });
  });

  it("puts one that must hold no secret into a ConfigMap, where a preview shows it", () => {
    expect(withConfigMap.configMap).toEqual({
      type: "kubernetes:core/v1:ConfigMap",
      inputs: expect.objectContaining({ data: { "identity.yml": RENDERED } }),
    });
    expect(withConfigMap.identity?.inputs.target).toMatchObject({ kratos: { plain: true } });
  });

  it("has the pods read it from a folder after the operator's file, and replaces them with each revision", () => {
    for (const [deployment, volume] of [
      [withSecret.deployment!, { name: "identity", secret: expect.anything() }],
      [withConfigMap.deployment!, { name: "identity", configMap: expect.anything() }],
    ] as const) {
      expect(pods(deployment).metadata.annotations).toEqual({ "pulumi-ory/revision": "r1" });
      expect(pods(deployment).spec.volumes[1]).toEqual(volume);
      const [container] = pods(deployment).spec.containers;
      expect(container.args).toEqual([
        "serve",
        "-c",
        "/etc/operator/kratos.yml",
        "-c",
        "/etc/identity/identity.yml",
      ]);
      expect(container.volumeMounts[1]).toEqual({
        name: "identity",
        mountPath: "/etc/identity",
        readOnly: true,
      });
    }
  });

  it("proves sign-in with what a server must show first", () => {
    expect(withSecret.proof?.inputs).toMatchObject({ evidence: { marker: "m1" }, as: ["password+email"] });
  });

  describe.each(kratosBinaries())("sends to the provider", (binary) => {
    let plugin: Plugin;
    let cache: string;
    beforeAll(async () => {
      cache = await mkdtemp(join(tmpdir(), "cache-"));
      plugin = await startPlugin(FOLDER, { XDG_CACHE_HOME: cache });
    });
    afterAll(async () => {
      await plugin?.stop();
      await rm(cache, { recursive: true, force: true });
    });

    it.each([
      ["with a Secret", () => withSecret, true],
      ["with a ConfigMap", () => withConfigMap, false],
    ])(`what a Kratos ${kratosVersion(binary)} takes, %s`, async (_, program, holdsSecret) => {
      const { inputs } = program().identity!;
      const { kratos } = inputs.target as { kratos: object };
      const plain = JSON.parse(JSON.stringify(inputs), (_key, value) => value?.secret ?? value);
      const target = { kratos: { ...kratos, adminUrls: undefined, binary, version: kratosVersion(binary) } };
      const resource = new Resource(plugin);
      const checked = await resource.check({ ...plain, target });
      expect(checked.failures).toEqual([]);
      const { outputs } = await resource.create(checked.inputs);
      const rendered = outputs.rendered as string;
      expect(rendered.includes(SMTP)).toBe(holdsSecret);
      expect(parse(rendered).selfservice.methods.code.mfa_enabled).toBe(true);
    });
  });
});
