import { backOff } from "exponential-backoff";
import { withTimeLimit } from "../time-limit";
import { JourneyError } from "./journey-error";
import { fetchFailure, type KratosApi } from "./kratos-api";
import { type Flow, unexpected } from "./kratos-reply";

/** A message as Kratos' courier keeps it. */
export type CourierMessage = {
  id: string;
  status: string;
  body: string;
  channel?: string;
  dispatches?: Dispatch[];
};

type Dispatch = { status: string; error?: { message?: string; reason?: string } };

/** An outbox (local/outbox.ts, or anything that answers GET /messages alike) that the messages of Kratos end in. */
export type OutboxUrl = { url: string; apiKey?: string };

// How Kratos 1.3.1 names what is wrong, and what to change. Before 25.4 the courier keeps the channels it started with.
const REMEDIES: [symptom: RegExp, remedy: string][] = [
  [
    /unknown channel|no courier channels configured/,
    "declare a courier channel with this id; a courier before 25.4 has to be restarted to see it",
  ],
  [
    /connection_uri is not set/,
    "set courier.smtp.connection_uri or courier.delivery_strategy http; a courier before 25.4 has to be restarted to see it",
  ],
  [/status code 40[13]/, "correct the auth of the channel's request_config"],
  [
    /giving up after|connection refused|no such host|dial tcp/,
    "start the gateway or correct the channel's url",
  ],
  [
    /RUNTIME ERROR|STATIC ERROR|template path|jsonnet/i,
    "correct the Jsonnet body of the channel's request_config",
  ],
];

/** The ids of the messages that are there already, since a phone number may have been used before. */
export async function messagesTo(api: KratosApi, recipient: string): Promise<Set<string>> {
  return new Set((await list(api, recipient)).map(({ id }) => id));
}

/**
 * Waits until Kratos has sent a new message to `recipient`, for `timeoutMs` milliseconds.
 *
 * The first failed delivery ends the wait, because waiting longer would not help: Kratos 1.3.1 itself has tried a gateway
 * three times in 3 seconds before it records a failure, and a refusal or a mistake in the config does not heal. Kratos
 * goes on trying; it abandons a message after `courier.message_retries` + 1 failures (25 s with the defaults).
 *
 * @param earlier ids of messages that are not the one
 * @throws JourneyError `MessageNotDelivered` or `MessageNotSent`
 */
export async function waitUntilSent(
  api: KratosApi,
  recipient: string,
  earlier: Set<string>,
  timeoutMs: number,
): Promise<CourierMessage> {
  const deadline = Date.now() + timeoutMs;
  return await backOff(
    async () => {
      const listed = (await list(api, recipient)).find(({ id }) => !earlier.has(id));
      if (listed?.status === "sent") return listed;
      // The list leaves the deliveries out.
      const message = listed && (await read(api, listed.id));
      if (message?.status === "sent") return message;
      const failure = message?.dispatches?.find(({ status }) => status === "failed");
      if (message && (failure || message.status === "abandoned"))
        throw notDelivered(message, recipient, failure);
      throw new JourneyError(
        "MessageNotSent",
        `expected the message to ${recipient} to be sent within ${timeoutMs / 1000} s, got ${message ? `status ${message.status}` : "no message"}; run kratos serve --watch-courier or kratos courier watch`,
      );
    },
    {
      startingDelay: 100,
      timeMultiple: 1.5,
      maxDelay: 500,
      numOfAttempts: Number.POSITIVE_INFINITY,
      retry: (error) =>
        error instanceof JourneyError && error.code === "MessageNotSent" && Date.now() < deadline,
    },
  );
}

/**
 * The code in a message: from its body, which Kratos shows only in dev mode, else from the outbox that it went to.
 *
 * @throws JourneyError `CodeUnreadable`
 */
export async function readCode(
  message: CourierMessage,
  recipient: string,
  outbox: OutboxUrl | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (outbox) return await readFromOutbox(recipient, outbox, signal);
  if (message.body === "<redacted-unless-dev-mode>") {
    throw new JourneyError(
      "CodeUnreadable",
      "the message was sent, but kratos shows its body only in dev mode; start it with --dev, or let it send to an outbox and name that as outbox",
    );
  }
  const codes = new Set(message.body.match(/(?<!\d)\d{6}(?!\d)/g));
  const [code] = codes;
  if (code !== undefined && codes.size === 1) return code;
  throw new JourneyError(
    "CodeUnreadable",
    `expected one number of six digits in the message to ${recipient}, got ${codes.size}; correct the message template or name an outbox`,
  );
}

async function readFromOutbox(
  recipient: string,
  { url, apiKey }: OutboxUrl,
  signal?: AbortSignal,
): Promise<string> {
  const address = `${url.replace(/\/+$/, "")}/messages`;
  try {
    const response = await fetch(address, {
      headers: apiKey === undefined ? {} : { "x-api-key": apiKey },
      signal: withTimeLimit(10_000, signal),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const messages = (await response.json()) as { recipient: string; code?: string }[];
    const code = messages.findLast((each) => each.recipient === recipient)?.code;
    if (code !== undefined) return code;
  } catch (error) {
    if (signal?.aborted) throw new JourneyError("Aborted", "aborted", { cause: error });
    throw new JourneyError(
      "CodeUnreadable",
      `could not read ${address} (${fetchFailure(error)}), correct outbox`,
      {
        cause: error,
      },
    );
  }
  throw new JourneyError(
    "CodeUnreadable",
    `the message was sent, but the outbox ${address} holds no code for ${recipient}; correct outbox or courier`,
  );
}

function notDelivered(
  { id, status, channel }: CourierMessage,
  recipient: string,
  failure?: Dispatch,
): JourneyError {
  const said = failure?.error?.message ?? failure?.error?.reason ?? "no reason recorded";
  const remedy = REMEDIES.find(([symptom]) => symptom.test(said))?.[1];
  const fate = status === "abandoned" ? "abandoned" : "not delivered";
  return new JourneyError(
    "MessageNotDelivered",
    `the message to ${recipient} by channel ${channel ?? "email"} was ${fate}: ${withoutCredentials(said)}${remedy ? `; ${remedy}` : ""} (message ${id})`,
  );
}

// A gateway's URL may carry a key in its user info, path or query, and Go quotes the URL in its errors.
function withoutCredentials(text: string): string {
  return text.replace(/(https?:\/\/)(?:[^\s"/@]*@)?([^\s"/?#]*)[^\s"]*/g, "$1$2/...").replace(/\s+/g, " ");
}

async function list(api: KratosApi, recipient: string): Promise<CourierMessage[]> {
  const query = new URLSearchParams({ recipient, page_size: "100" });
  const reply = await api.admin<CourierMessage[]>(`/admin/courier/messages?${query}`);
  if (reply.status === 200 && Array.isArray(reply.body)) return reply.body;
  throw unexpected(
    "UnexpectedReply",
    "the courier's messages (200)",
    reply as { status: number; body: Flow },
  );
}

async function read(api: KratosApi, id: string): Promise<CourierMessage | undefined> {
  return (await api.admin<CourierMessage>(`/admin/courier/messages/${id}`)).body;
}
