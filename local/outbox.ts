import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { UserError } from "../infra/identity-config/user-error";

/** A message that Kratos has sent to the outbox. */
export type OutboxMessage = {
  channel: "email" | "sms";
  recipient: string;
  templateType: string;
  subject?: string;
  body: string;
  /** The one-time code, where the message carries one. */
  code?: string;
  /** When it arrived, in ISO 8601. */
  at: string;
};

export type OutboxOptions = {
  /** Default: any free one. */
  port?: number;
  /** What the header X-Api-Key has to be on every request. Default: nothing is asked for. */
  apiKey?: string;
  /** How many messages are kept. Default: 100. */
  keep?: number;
  onArrival?: (message: OutboxMessage) => void;
};

export type Outbox = {
  /** Without a slash at its end. Kratos posts to `/email` and `/sms`; `GET /messages` lists, oldest first. */
  url: string;
  port: number;
  messages(): readonly OutboxMessage[];
  stop(): Promise<void>;
};

// The names that Kratos gives the code in the data of its templates, one for each flow.
const CODE_KEYS = ["login_code", "registration_code", "verification_code", "recovery_code"];

/**
 * Receives on 127.0.0.1 what Kratos sends through a courier of type http, instead of a mail server and an SMS gateway.
 * Kratos' Jsonnet body has to yield `{ recipient, template_type, subject, body, data: ctx.template_data }`.
 *
 * @throws UserError when the port is taken
 */
export async function startOutbox({
  port = 0,
  apiKey,
  keep = 100,
  onArrival,
}: OutboxOptions = {}): Promise<Outbox> {
  const messages: OutboxMessage[] = [];
  const app = new Hono();
  app.use(async (context, next) => {
    if (apiKey !== undefined && context.req.header("x-api-key") !== apiKey) {
      return context.json({ error: "the header X-Api-Key is missing or wrong" }, 401);
    }
    await next();
  });
  for (const channel of ["email", "sms"] as const) {
    app.post(`/${channel}`, async (context) => {
      const message = read(channel, await context.req.json().catch(() => undefined));
      if (!message)
        return context.json({ error: "expected JSON with the texts recipient and template_type" }, 400);
      messages.push(message);
      if (messages.length > keep) messages.shift();
      onArrival?.(message);
      return context.json({}, 200);
    });
  }
  app.get("/messages", (context) => context.json(messages));

  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new UserError(
      `port ${port} of the outbox is taken, stop what listens there or choose another one`,
      {
        cause: error,
      },
    );
  });
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    messages: () => messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function read(channel: "email" | "sms", received: unknown): OutboxMessage | undefined {
  const message = (received ?? {}) as Record<string, unknown>;
  const { recipient, template_type: templateType, subject, body } = message;
  if (typeof recipient !== "string" || typeof templateType !== "string") return undefined;
  const data = (message.data ?? {}) as Record<string, unknown>;
  const code = CODE_KEYS.map((key) => data[key]).find((value) => typeof value === "string");
  return {
    channel,
    recipient,
    templateType,
    ...(typeof subject === "string" && subject !== "" ? { subject } : {}),
    body: typeof body === "string" ? body : "",
    ...(typeof code === "string" ? { code } : {}),
    at: new Date().toISOString(),
  };
}
