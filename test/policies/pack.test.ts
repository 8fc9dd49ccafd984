import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import analyzer from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { rules } from "../../policies/rules";
import type { Severity } from "../../policies/rules/rule";
import { reviewOf, whole } from "./review";

const ROOT = resolve(__dirname, "../..");
const PACK = join(ROOT, "policies");
const TYPE = "ory:index:IdentityConfig";
const URN = `urn:pulumi:prod::shop::${TYPE}::shop`;
/** How the engine writes an output that it does not know yet. */
const ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const bothToggles = whole({
  selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: true } } },
});

/** What is advised, so that only what is asked for is found. */
const REVOKING: Document = { after: { password: { hooks: [{ hook: "revoke_active_sessions" }] } } };

let pack: ChildProcess;
// biome-ignore lint/suspicious/noExplicitAny: the generated stubs are untyped for promisify
let client: any;

beforeAll(async () => {
  // As the engine starts it, in the pack's folder, but from the sources.
  pack = spawn(process.execPath, ["--import", "tsx", "index.ts"], {
    cwd: PACK,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<string>((resolvePort, reject) => {
    pack.once("exit", (code) => reject(new Error(`the pack exited with ${code}`)));
    pack.stdout!.once("data", (chunk: Buffer) => resolvePort(chunk.toString().trim()));
  });
  client = new analyzer.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
});
afterAll(() => {
  client?.close();
  pack?.kill();
});

/** What the pack reports about a stack with this one resource. */
async function diagnostics(props: object, type = TYPE) {
  const resource = new messages.AnalyzerResource();
  resource.setType(type);
  resource.setUrn(URN);
  resource.setName("shop");
  const options = new messages.AnalyzerResourceOptions();
  options.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  resource.setOptions(options);
  resource.setProperties(Struct.fromJavaScript(props as never));
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList([resource]);
  const response = await promisify(client.analyzeStack.bind(client))(request);
  return (response as messages.AnalyzeResponse).getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    mandatory: one.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
    urn: one.getUrn(),
    message: one.getMessage(),
  }));
}

const levelOf = (severity: Severity) => (severity === "info" ? "advisory" : severity);

/** Names and levels that policies should have. */
const named = rules.flatMap((rule): [string, string][] => {
  const [level, inProd] = [rule.severity, rule.severityInProd ?? rule.severity].map(levelOf);
  return inProd === level
    ? [[rule.id, level!]]
    : [
        [rule.id, level!],
        [`${rule.id}-in-prod`, inProd!],
      ];
});

test("the pack has a policy for each rule at its severity, and one more where it weighs more in prod", async () => {
  const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
  const info = (await promisify(client.getAnalyzerInfo.bind(client))(new Empty())) as messages.AnalyzerInfo;
  expect(info.getName()).toBe("ory");
  expect(
    info
      .getPoliciesList()
      .map((policy) => [
        policy.getName(),
        policy.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
      ]),
  ).toEqual(named);
});

/** Of what the pack reports, what fails a deployment; advice changes with each rule that is added. */
const refusals = async (props: object) => (await diagnostics(props)).filter(({ mandatory }) => mandatory);

test("a violation in the review is reported on the resource, with path and remedy", async () => {
  expect(await refusals({ review: reviewOf(bothToggles) })).toEqual([
    {
      policy: "code-mfa-xor-passwordless",
      mandatory: true,
      urn: URN,
      message: expect.stringMatching(/\/selfservice\/methods\/code\/mfa_enabled: .*; set /),
    },
  ]);
});

test("unknown outputs beside the review do not turn it into advice", async () => {
  const props = { revision: ENGINE_UNKNOWN, effective: { a: ENGINE_UNKNOWN }, review: reviewOf(bothToggles) };
  expect(await refusals(props)).toEqual([expect.objectContaining({ mandatory: true })]);
});

test("unknown leaves in the review turn it into advice neither, unless they decide", async () => {
  const totp = { totp: { enabled: ENGINE_UNKNOWN } };
  const settings = { flows: { settings: { required_aal: "aal1", ...REVOKING } } };
  const config = (methods: Document) => whole({ selfservice: { ...settings, methods } });
  const violated = reviewOf(config({ ...totp, lookup_secret: { enabled: true } }));
  expect(await refusals({ review: violated })).toEqual([
    expect.objectContaining({ policy: "settings-aal-bypass", mandatory: true }),
  ]);
  expect(await refusals({ review: reviewOf(config(totp)) })).toEqual([]);
});

test("a review that is unknown as a whole is said to be so", async () => {
  const advice = expect.objectContaining({
    mandatory: false,
    message: expect.stringContaining("known during preview"),
  });
  expect(await diagnostics({ review: ENGINE_UNKNOWN })).toEqual(named.map(() => advice));
});

test("a rule that cannot tell reports nothing", async () => {
  const review = reviewOf(whole({ session: { whoami: { required_aal: UNKNOWN } } }));
  expect(await diagnostics({ review })).toEqual([]);
});

test("an empty review, none, half of one, and other resources are skipped", async () => {
  expect(await diagnostics({ review: {} })).toEqual([]);
  expect(await diagnostics({})).toEqual([]);
  const halfAReview = { target: "network", declared: { selfservice: { methods: { code: { typo: true } } } } };
  expect(await diagnostics({ review: halfAReview })).toEqual([]);
  expect(await diagnostics({ review: reviewOf(bothToggles) }, "ory:index:SignInProof")).toEqual([]);
});

test("the engine finds the compiled entry and a version in the pack's folder", () => {
  const manifest = JSON.parse(readFileSync(join(PACK, "package.json"), "utf8"));
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8"));
  const compiled = join(ROOT, compilerOptions.outDir, relative(ROOT, PACK), "index.js");
  expect(resolve(PACK, manifest.main)).toBe(compiled);
  expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(existsSync(join(PACK, "PulumiPolicy.yaml"))).toBe(true);
});
