import * as http from "node:http";
import * as https from "node:https";
import { UserError } from "../../infra/identity-config/user-error";
import { findExecutable } from "../../infra/targets/kratos/executable";
import { ask } from "../../infra/targets/kratos/proof";
import { networkAccess } from "../../infra/targets/network/access";
import { NetworkConnection } from "../../infra/targets/network/connection";
import { openTarget, type TargetSettings } from "../../infra/targets/open";
import { withTimeLimit } from "../../infra/time-limit";
import { about, type Finding } from "./finding";
import { kratosFinding } from "./versions";

const { ok, fail } = about("targets");
const clock = about("clock");

/** Longest wait for an answer, in milliseconds. */
const PATIENCE = 5_000;

/** Whether every address of a target answers, what answers there, and whether its clock and ours agree. */
export async function targetFindings(
  settings: TargetSettings,
  root: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const network = new NetworkConnection();
  network.configure(networkAccess({}));
  const target = openTarget(settings, { root, network });
  try {
    if (settings.network !== undefined) {
      // What is read tells that the address, the key and the project fit.
      await network.project(settings.network.project, signal);
      const console = process.env.ORY_CONSOLE_URL || "https://api.console.ory.sh";
      return [ok(`${target.id} can be read`), ...(await clockOf(console, signal))];
    }
    if (settings.kratos.transport === "ssh") {
      const { host, adminUrls = [], publicUrl } = settings.kratos;
      const { kratosVersion = "" } = await target.observe(signal);
      const found = await Promise.all([
        ...adminUrls.map((url) => adminFindings(target.id, url, signal)),
        ...(publicUrl === undefined ? [] : [publicFindings(target.id, publicUrl, signal)]),
      ]);
      const read = [ok(`${target.id} can be read on ${host}`), kratosFinding(kratosVersion, `on ${host}`)];
      return [...read, ...found.flat()];
    }
    const { publicUrl, adminUrl } = await target.endpoints(signal);
    const admins = settings.kratos.adminUrls ?? [adminUrl];
    const found = await Promise.all([
      ...admins.map((url) => adminFindings(target.id, url, signal)),
      publicFindings(target.id, publicUrl, signal),
      binaryFindings(settings.kratos.binary, signal),
    ]);
    return [...found.flat(), ...(await clockOf(publicUrl, signal))];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return [fail(`${target.id}: ${error.message}`, "what it says; `pulumi preview` needs the same")];
  }
}

async function adminFindings(id: string, url: string, signal: AbortSignal): Promise<Finding[]> {
  const answer = await ask(url, signal);
  if (answer === "nothing")
    return [
      fail(
        `${id}: nothing answers at its Admin API, ${url}`,
        "start Kratos, or correct target.kratos.adminUrls",
      ),
    ];
  if ("trouble" in answer)
    return [
      fail(`${id}: ${answer.trouble}, at ${url}`, "correct target.kratos.adminUrls, or restart what hangs"),
    ];
  return [ok(`${id}: its Admin API answers at ${url}`), kratosFinding(answer.version, `at ${url}`)];
}

async function publicFindings(id: string, url: string, signal: AbortSignal): Promise<Finding[]> {
  const status = await head(new URL("health/ready", slashed(url)).href, signal).then(
    (reply) => reply.status,
    () => undefined,
  );
  if (status === 200) return [ok(`${id}: its Public API answers at ${url}`)];
  const what = status === undefined ? "nothing answers" : `what answers is not ready (status ${status})`;
  return [
    fail(`${id}: ${what} at its Public API, ${url}`, "start Kratos, or correct target.kratos.publicUrl"),
  ];
}

async function binaryFindings(binary: string | undefined, signal: AbortSignal): Promise<Finding[]> {
  if (binary === undefined) return [];
  return findExecutable(binary, signal).then(
    ({ version }) => [kratosFinding(version, "as target.kratos.binary")],
    (error: Error) => [fail(error.message, "correct target.kratos.binary")],
  );
}

/** Seconds that two clocks may differ: one-time passwords last 30, and answers tell whole seconds. */
const SKEW = 10;

async function clockOf(url: string, signal: AbortSignal): Promise<Finding[]> {
  const started = Date.now();
  const date = await head(url, signal).then(
    (reply) => reply.date,
    () => undefined,
  );
  const theirs = Date.parse(date ?? "");
  // That nothing answers is told already.
  if (Number.isNaN(theirs)) return [];
  const seconds = Math.round((theirs - (started + Date.now()) / 2) / 1000);
  const said = `the clock at ${new URL(url).host} and this one differ by ${Math.abs(seconds)} s`;
  return [
    Math.abs(seconds) <= SKEW
      ? clock.ok(said)
      : clock.warn(said, "let both follow a time server: codes and sessions expire too early or too late"),
  ];
}

const slashed = (url: string): string => `${url.replace(/\/+$/, "")}/`;

function head(url: string, signal: AbortSignal): Promise<{ status: number; date: string | undefined }> {
  const { get } = url.startsWith("https:") ? https : http;
  return new Promise((done, failed) => {
    get(url, { agent: false, signal: withTimeLimit(PATIENCE, signal) }, (response) => {
      response.destroy();
      done({ status: response.statusCode ?? 0, date: response.headers.date });
    }).once("error", failed);
  });
}
