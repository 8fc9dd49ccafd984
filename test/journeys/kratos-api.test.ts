import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openKratos } from "../../infra/journeys/kratos-api";

/** As Kratos on SQLite answers where its courier writes at the same time. */
const CLASH = {
  error: {
    code: 400,
    status: "Bad Request",
    message: "Unable to serialize access due to a concurrent update in another session",
  },
};

let server: Server;
let answers: [status: number, body: unknown][];
let calls: number;

beforeEach(async () => {
  calls = 0;
  server = createServer((_request, response) => {
    const [status, body] = answers[Math.min(calls++, answers.length - 1)]!;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function api() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return openKratos({ publicUrl: url, adminUrl: url });
}

test("a call that clashes in the database is made again", async () => {
  answers = [
    [400, CLASH],
    [400, CLASH],
    [200, { state: "passed_challenge" }],
  ];
  expect(await api().public("/self-service/recovery", { method: "POST", body: {} })).toEqual({
    status: 200,
    body: { state: "passed_challenge" },
  });
  expect(calls).toBe(3);
});

test("what goes on clashing is an answer", async () => {
  answers = [[400, CLASH]];
  expect(await api().admin("/admin/identities")).toEqual({ status: 400, body: CLASH });
  expect(calls).toBe(6);
});

test("what is refused for another reason is not repeated", async () => {
  answers = [[400, { error: { code: 400, message: "no" } }]];
  expect(await api().public("/self-service/login/api")).toMatchObject({ status: 400 });
  expect(calls).toBe(1);
});
