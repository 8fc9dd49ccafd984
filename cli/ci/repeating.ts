import axios, { type AxiosError, type AxiosInstance, type AxiosResponse } from "axios";
import axiosRetry from "axios-retry";

/** Of one answer, in milliseconds. */
const TIMEOUT = 30_000;

const ATTEMPTS = 4;

/** No pipeline waits longer than this for one call, in milliseconds. */
const LONGEST_PAUSE = 300_000;

/** What GitHub asks for where a secondary rate limit names no time, in milliseconds. */
const UNNAMED_PAUSE = 60_000;

/** Calls a forge, again where that is safe. */
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

/** What was refused for its number was not carried out. What was lost may have been: only what makes nothing is repeated. */
function isWorthRepeating(error: AxiosError): boolean {
  if (error.code === "ERR_CANCELED" || pause(1, error) > LONGEST_PAUSE) return false;
  const { response } = error;
  if (response !== undefined && isRateLimit(response)) return true;
  return isLost(error) && error.config?.method !== "post";
}

/** Whether it is not known what came of a call. */
export const isLost = ({ response }: AxiosError): boolean =>
  // An answer that breaks off has a good status already.
  response === undefined || response.status < 300 || response.status >= 500;

/** GitHub answers 403 or 429, for all calls of an hour or for too many at once; a 403 can also be a missing permission. */
export function isRateLimit({ status, headers, data }: AxiosResponse): boolean {
  if (status === 429) return true;
  const isSpent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  return status === 403 && (isSpent || /secondary rate limit/i.test(String(data?.message)));
}

/** Milliseconds until the next attempt, as GitHub's guide for its REST API asks for it. */
export function pause(attempt: number, error: AxiosError, now = Date.now()): number {
  // No less than what the header `retry-after` says.
  const grown = axiosRetry.exponentialDelay(attempt, error, 250);
  const { response } = error;
  if (response === undefined || response.headers["retry-after"] !== undefined || !isRateLimit(response))
    return grown;
  const { "x-ratelimit-remaining": left, "x-ratelimit-reset": reset } = response.headers;
  if (left === "0" && Number.isFinite(Number(reset))) return Math.max(0, Number(reset) * 1_000 - now) + grown;
  return UNNAMED_PAUSE * 2 ** (attempt - 1);
}
