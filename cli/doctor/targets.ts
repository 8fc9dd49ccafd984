import { UserError } from "../../infra/identity-config/user-error";
import { adminUrls } from "../../infra/targets/kratos/endpoints";
import { httpGet } from "../../infra/targets/kratos/http-get";
import { KratosTarget } from "../../infra/targets/kratos/kratos-target";
import type { Machine } from "../../infra/targets/kratos/machine";
import { placementOf } from "../../infra/targets/kratos/placement";
import { ask } from "../../infra/targets/kratos/proof";
import type { KratosSettings } from "../../infra/targets/kratos/settings";
import { networkAccess } from "../../infra/targets/network/access";
import { NetworkConnection } from "../../infra/targets/network/connection";
import { openTarget, type TargetSettings } from "../../infra/targets/open";
import { type Asked, clockOf, HERE, PATIENCE } from "./clock";
import { about, type Finding } from "./finding";
import { kratosFinding } from "./versions";

const { ok, fail } = about("targets");

/**
 * Whether every address of a target answers, what answers there, and whether its clock and ours agree.
 * @param access What the stack's configuration sets of the provider's; the environment wins.
 */
export async function targetFindings(
  settings: TargetSettings,
  root: string,
  access: Promise<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const network = new NetworkConnection();
  const { id } = openTarget(settings, { root, network });
  try {
    if (settings.kratos) return await kratosFindings(settings.kratos, root, signal);
    const given = networkAccess(await access);
    network.configure(given);
    // What is read tells that the address, the key and the project fit.
    await network.project(settings.network.project, signal);
    const console = process.env.ORY_CONSOLE_URL || given.consoleUrl || "https://api.console.ory.sh";
    return [ok(`${id} can be read`), ...(await clockOf(console, signal))];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return [fail(`${id}: ${error.message}`, "what it says; `pulumi preview` needs the same")];
  }
}

async function kratosFindings(kratos: KratosSettings, root: string, signal: AbortSignal): Promise<Finding[]> {
  const target = new KratosTarget(kratos, root);
  const { machine } = placementOf(kratos, root);
  const { told, admins, publicUrl } = await apisOf(target, kratos, signal);
  const isAskedThere = kratos.transport === "ssh" && kratos.adminUrls === undefined;
  const admin: Asked = isAskedThere ? { from: machine.get, where: ` on ${kratos.host}` } : HERE;
  const found = await Promise.all([
    executableFindings(machine, kratos, signal),
    ...admins.map((url) => adminFindings(target.id, url, admin, signal)),
    ...(publicUrl === undefined ? [] : [publicFindings(target.id, publicUrl, signal)]),
  ]);
  const [url, asked] = publicUrl === undefined ? [admins[0], admin] : [publicUrl, HERE];
  return [...told, ...found.flat(), ...(url === undefined ? [] : await clockOf(url, signal, asked))];
}

/** Where the APIs of a Kratos are, and what reading its files has told. Throws UserError where that cannot be done. */
async function apisOf(
  target: KratosTarget,
  kratos: KratosSettings,
  signal: AbortSignal,
): Promise<{ told: Finding[]; admins: string[]; publicUrl: string | undefined }> {
  if (kratos.transport === undefined || kratos.transport === "file") {
    const { publicUrl, adminUrl } = await target.endpoints(signal);
    return { told: [], admins: kratos.adminUrls ?? [adminUrl], publicUrl };
  }
  const { operator, kratosVersion } = await target.observe(signal);
  const [admins, { publicUrl }] = [adminUrls(kratos, operator), kratos];
  if (kratos.transport === "ssh")
    return { told: [ok(`${target.id} can be read on ${kratos.host}`)], admins, publicUrl };
  const told = [kratosFinding(kratosVersion, `for ${target.id}`)];
  if (admins.length === 0 && publicUrl === undefined)
    told.push(ok(`${target.id}: none of its APIs is named, so none was asked`));
  return { told, admins, publicUrl };
}

/** Whether configs can be tried. */
async function executableFindings(
  machine: Machine,
  { transport, host, binary }: KratosSettings,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (binary === undefined && transport !== "ssh") return [];
  return machine.findExecutable(binary ?? "kratos", signal).then(
    ({ version }) => [kratosFinding(version, transport === "ssh" ? `on ${host}` : "as target.kratos.binary")],
    (error: Error) => [fail(error.message, "correct target.kratos.binary")],
  );
}

async function adminFindings(
  id: string,
  url: string,
  { from, where }: Asked,
  signal: AbortSignal,
): Promise<Finding[]> {
  const answer = await ask(url, signal, from);
  const at = `${url}${where}`;
  if (answer === "nothing")
    return [
      fail(
        `${id}: nothing answers at its Admin API, ${at}`,
        "start Kratos, or correct target.kratos.adminUrls",
      ),
    ];
  if ("trouble" in answer)
    return [
      fail(`${id}: ${answer.trouble}, at ${at}`, "correct target.kratos.adminUrls, or restart what hangs"),
    ];
  return [ok(`${id}: its Admin API answers at ${at}`), kratosFinding(answer.version, `at ${at}`)];
}

async function publicFindings(id: string, url: string, signal: AbortSignal): Promise<Finding[]> {
  const status = await httpGet(new URL("health/ready", slashed(url)).href, {
    signal,
    timeout: PATIENCE,
  }).then(
    (reply) => reply.status,
    () => undefined,
  );
  if (status === 200) return [ok(`${id}: its Public API answers at ${url}`)];
  const what = status === undefined ? "nothing answers" : `what answers is not ready (status ${status})`;
  return [
    fail(`${id}: ${what} at its Public API, ${url}`, "start Kratos, or correct target.kratos.publicUrl"),
  ];
}

const slashed = (url: string): string => `${url.replace(/\/+$/, "")}/`;
