import axios, { type AxiosError, type AxiosInstance } from "axios";
import axiosRetry from "axios-retry";
import { ATTEMPTS, LONGEST_PAUSE, RATE_LIMIT_RESET, TIMEOUT } from "./behavior";

/** Calls Ory's APIs, again where that is safe. */
export function repeating(): AxiosInstance {
  const http = axios.create({ timeout: TIMEOUT });
  axiosRetry(http, {
    retries: ATTEMPTS - 1,
    shouldResetTimeout: true,
    retryCondition: isWorthRepeating,
    retryDelay: pause,
  });
  return http;
}

/** What was refused for its number was not carried out; a read can be repeated at will, a write cannot. */
function isWorthRepeating(error: AxiosError): boolean {
  if (error.code === "ERR_CANCELED") return false;
  const status = error.response?.status;
  if (status === 429) return true;
  // An answer that breaks off has a good status already.
  const isLost = status === undefined || status < 300 || status >= 500;
  return error.config?.method === "get" && isLost;
}

/** Milliseconds until the next attempt: what the server asks for, and no less than a growing pause with jitter. */
function pause(attempt: number, error: AxiosError): number {
  const grown = Math.min(axiosRetry.exponentialDelay(attempt, error, 250), LONGEST_PAUSE);
  const asked = Number(error.response?.headers[RATE_LIMIT_RESET] ?? 0) * 1_000;
  return Math.max(grown, Math.min(Number.isFinite(asked) ? asked : 0, 2 * LONGEST_PAUSE));
}
