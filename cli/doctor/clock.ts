import { httpGet } from "../../infra/targets/kratos/http-get";
import type { Get } from "../../infra/targets/kratos/proof";
import { about, type Finding } from "./finding";

const { ok, warn } = about("clock");

/** Longest wait for an answer, in milliseconds. */
export const PATIENCE = 5_000;

/** From where something is asked, and that in words behind its address. */
export interface Asked {
  from: Get;
  where: string;
}

/** From this machine. */
export const HERE: Asked = { from: httpGet, where: "" };

/** Seconds that two clocks may differ: one-time passwords last 30, and answers tell whole seconds. */
const SKEW = 10;

/** Whether the clock of what answers at `url` and this one agree; nothing where nothing answers. */
export async function clockOf(url: string, signal: AbortSignal, { from, where } = HERE): Promise<Finding[]> {
  const started = Date.now();
  const date = await from(url, { signal, timeout: PATIENCE }).then(
    (reply) => reply.date,
    () => undefined,
  );
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return [];
  const seconds = Math.round((theirs - (started + Date.now()) / 2) / 1000);
  const said = `the clock at ${new URL(url).host}${where} and this one differ by ${Math.abs(seconds)} s`;
  return [
    Math.abs(seconds) <= SKEW
      ? ok(said)
      : warn(said, "let both follow a time server: codes and sessions expire too early or too late"),
  ];
}
