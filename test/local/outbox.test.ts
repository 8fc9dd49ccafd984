import { type Outbox, type OutboxMessage, startOutbox } from "../../local/outbox";

let outbox: Outbox;
let arrivals: OutboxMessage[];

beforeEach(async () => {
  arrivals = [];
  outbox = await startOutbox({ apiKey: "k", keep: 2, onArrival: (message) => arrivals.push(message) });
});

afterEach(() => outbox.stop());

function post(
  path: string,
  body: string,
  headers: Record<string, string> = { "x-api-key": "k" },
): Promise<Response> {
  return fetch(outbox.url + path, { method: "POST", headers, body });
}

const login = (recipient: string) =>
  JSON.stringify({
    recipient,
    template_type: "login_code_valid",
    subject: "Login",
    body: "code 012345",
    data: { to: recipient, login_code: "012345", identity: { traits: { secret: "x" } } },
  });

test("a message arrives with its code, and without the identity that Kratos sends along", async () => {
  expect((await post("/email", login("a@example.com"))).status).toBe(200);
  const message = {
    channel: "email",
    recipient: "a@example.com",
    templateType: "login_code_valid",
    subject: "Login",
    body: "code 012345",
    code: "012345",
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  };
  expect(arrivals).toEqual([message]);
  expect(await (await fetch(`${outbox.url}/messages`, { headers: { "x-api-key": "k" } })).json()).toEqual([
    message,
  ]);
});

test("only the last messages are kept", async () => {
  for (const recipient of ["1", "2", "3"]) await post("/sms", login(recipient));
  expect(outbox.messages().map(({ recipient }) => recipient)).toEqual(["2", "3"]);
});

test.each<Record<string, string>>([{}, { "x-api-key": "wrong" }])(
  "a request with the headers %j is refused",
  async (headers) => {
    expect((await post("/sms", login("1"), headers)).status).toBe(401);
    expect((await fetch(`${outbox.url}/messages`, { headers })).status).toBe(401);
    expect(arrivals).toEqual([]);
  },
);

test.each(["", "[]", "null", '{"recipient":"1"}'])("the body %j is refused", async (body) => {
  expect((await post("/email", body)).status).toBe(400);
});

test("a message without a code is kept as well", async () => {
  await post("/sms", '{"recipient":"1","template_type":"stub","data":null}');
  expect(outbox.messages()).toEqual([
    { channel: "sms", recipient: "1", templateType: "stub", body: "", at: expect.any(String) },
  ]);
});

test("a port that is taken is named", async () => {
  await expect(startOutbox({ port: outbox.port })).rejects.toThrow(
    `port ${outbox.port} of the outbox is taken, stop what listens there or choose another one`,
  );
});
