import { type CourierMessage, readCode, waitUntilSent } from "../../infra/journeys/courier-message";
import type { KratosApi } from "../../infra/journeys/kratos-api";

const TO = "pulumi-ory-proof-1@example.com";

function kratosWith(message: Partial<CourierMessage>): KratosApi {
  const whole = { id: "m1", status: "queued", body: "", channel: "email", ...message };
  const admin = async <Body>(path: string) => {
    const { dispatches, ...listed } = whole;
    return { status: 200, body: (path.includes("?") ? [listed] : whole) as Body };
  };
  return { admin, public: admin };
}

function waitFor(message: Partial<CourierMessage>, timeoutMs = 1_000): Promise<CourierMessage> {
  return waitUntilSent(kratosWith(message), TO, new Set(["m0"]), timeoutMs);
}

function failed(text: string): Partial<CourierMessage> {
  return { dispatches: [{ status: "failed", error: { message: text } }] };
}

test("a message that is sent is the one", async () => {
  await expect(waitFor({ status: "sent" })).resolves.toMatchObject({ id: "m1" });
});

test("an earlier message to the same address is not the one", async () => {
  await expect(waitUntilSent(kratosWith({ status: "sent" }), TO, new Set(["m1"]), 200)).rejects.toMatchObject(
    {
      code: "MessageNotSent",
      message: `expected the message to ${TO} to be sent within 0.2 s, got no message; run kratos serve --watch-courier or kratos courier watch`,
    },
  );
});

test("a message that stays queued is reported with its status", async () => {
  await expect(waitFor({}, 200)).rejects.toThrow("within 0.2 s, got status queued");
});

test.each([
  ['message 1 has unknown channel "sms"', "declare a courier channel with this id"],
  ["no courier channels configured for: sms", "declare a courier channel with this id"],
  [
    "Courier tried to deliver an email but courier.smtp.connection_uri is not set!",
    "courier.delivery_strategy http",
  ],
  ["upstream server replied with status code 401", "correct the auth"],
  ["dial tcp 127.0.0.1:1: connect: connection refused", "start the gateway"],
  ["got empty template path for request with body", "correct the Jsonnet body"],
])("the delivery error %j is passed on with a remedy", async (text, remedy) => {
  await expect(waitFor(failed(text))).rejects.toMatchObject({
    code: "MessageNotDelivered",
    message: expect.stringContaining(remedy),
  });
});

test("an abandoned message is called so, with its last delivery error", async () => {
  await expect(waitFor({ status: "abandoned", ...failed("kaput") })).rejects.toThrow(
    `the message to ${TO} by channel email was abandoned: kaput (message m1)`,
  );
});

test("nothing of a gateway's URL but its host is shown", async () => {
  const text = 'Post "https://me:hunter2@sms.example/bot123:KEY/send?token=s3cret": EOF';
  const error = await waitFor(failed(text)).catch((thrown: Error) => thrown.message);
  expect(error).toContain('Post "https://sms.example/...": EOF');
});

describe("the code", () => {
  const read = (body: string) => readCode({ id: "m1", status: "sent", body }, TO, undefined, undefined);

  test("is the number of six digits in the message", async () => {
    await expect(read("since 2024 your code is:\n\n074144\n")).resolves.toBe("074144");
  });

  test("cannot be told from another such number", async () => {
    await expect(read("code 123456, call 654321")).rejects.toThrow(
      `expected one number of six digits in the message to ${TO}, got 2; correct the message template or name an outbox`,
    );
  });

  test("is hidden outside dev mode", async () => {
    await expect(read("<redacted-unless-dev-mode>")).rejects.toMatchObject({
      code: "CodeUnreadable",
      message: expect.stringContaining("start it with --dev"),
    });
  });
});
