import { setTimeout as delay } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { MiddlewareHandler } from "hono";
import { ApiError } from "./api-error";
import type { Call } from "./calls";
import type { Fault } from "./faults";

/** What a request of the Console API carries while it is handled. */
export interface ConsoleEnv {
  Bindings: HttpBindings;
  Variables: { call: Call; stale: boolean };
}

const HALF_ANSWER = '{"project":{"id":"';

/**
 * Lets calls go wrong as they are scheduled.
 */
export function trouble(server: {
  faults(call: Call): readonly Fault[];
  latencyMs(): number;
  /** Plays another writer on the project that the path is about, if it is about one. */
  write(path: string, patch: Extract<Fault, { kind: "write" }>["patch"]): Promise<void>;
}): MiddlewareHandler<ConsoleEnv> {
  return async (context, next) => {
    const call = context.get("call");
    const faults = server.faults(call);
    const late = faults.reduce(
      (sum, fault) => sum + (fault.kind === "slow" ? fault.ms : 0),
      server.latencyMs(),
    );
    // A fake that is stopped is not kept by an answer that it owes.
    if (late > 0) await delay(late, undefined, { ref: false });
    for (const fault of faults) if (fault.kind === "write") await server.write(call.path, fault.patch);
    context.set(
      "stale",
      faults.some(({ kind }) => kind === "stale"),
    );

    const end = faults.find((fault) => fault.kind === "status" || fault.kind === "cut");
    if (end === undefined) return next();
    if (end.effect === true) await next();
    if (end.kind === "status") {
      const body =
        end.status === 429 ? "" : JSON.stringify(new ApiError(end.status, "The service failed").body());
      context.res = undefined;
      context.res = new Response(body, {
        status: end.status,
        headers: { "content-type": "application/json", ...end.headers },
      });
      return;
    }
    const { outgoing } = context.env;
    call.status = "cut";
    if (end.answer === "half") {
      outgoing.writeHead(200, { "content-type": "application/json", "content-length": "100000" });
      await new Promise((resolve) => outgoing.write(HALF_ANSWER, resolve));
    }
    outgoing.destroy();
    context.res = undefined;
    context.res = RESPONSE_ALREADY_SENT;
  };
}
