import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { waitFor } from "./wait";

/** A request that a Kratos sent. */
export interface Delivery {
  method: string;
  /** Such as `/sms`. */
  path: string;
  contentType: string | undefined;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
}

/** A gateway for e-mail and SMS that accepts and records everything. */
export interface Outbox {
  /** Without a trailing slash. */
  url: string;
  /** Everything received, oldest first. */
  deliveries: Delivery[];
  /** The first delivery that `matches`, waiting up to 10 s for it. */
  received(matches: (delivery: Delivery) => boolean): Promise<Delivery>;
  close(): Promise<void>;
}

/** Starts an outbox on a free port of 127.0.0.1. */
export async function startOutbox(): Promise<Outbox> {
  const deliveries: Delivery[] = [];
  const app = new Hono().all("*", async (context) => {
    const text = await context.req.text();
    deliveries.push({
      method: context.req.method,
      path: context.req.path,
      contentType: context.req.header("content-type"),
      headers: context.req.header(),
      body: parsed(text),
    });
    return context.body(null, 204);
  });
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>(
    (resolve) => {
      const started = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) =>
        resolve({ server: started, port: address.port }),
      );
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    received: (matches) => waitFor("a delivery", () => deliveries.find(matches)),
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
