/**
 * A signal that aborts with `signal`, or after `milliseconds` with a TimeoutError. Node 20 forgets, when it collects
 * garbage, an `AbortSignal.timeout` that only an `AbortSignal.any` knows; here, the timer holds it.
 */
export function withTimeLimit(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const limit = new AbortController();
  const end = () => limit.abort(new DOMException("The time limit has passed", "TimeoutError"));
  setTimeout(end, milliseconds).unref();
  return signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
}
