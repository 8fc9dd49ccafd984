import { signIn } from "../../infra/journeys/factors";
import type { KratosApi, Request } from "../../infra/journeys/kratos-api";
import {
  askForCode,
  type Entry,
  enterCode,
  expectWrongCodeRefused,
  levelOf,
  signInWithPassword,
  startSecondStep,
} from "../../infra/journeys/sign-in";

const TO = "pulumi-ory-proof-1@example.com";
const STEP = { flow: "f1", codeSent: false };

/** A Kratos that gives these answers one after the other; what it was asked is kept. */
function kratosAnswering(
  ...answers: [status: number, body: unknown][]
): KratosApi & { asked: (Request | undefined)[] } {
  const asked: (Request | undefined)[] = [];
  const answer = async <Body>(_path: string, request?: Request) => {
    asked.push(request);
    const [status, body] = answers[asked.length - 1]!;
    return { status, body: body as Body };
  };
  return { public: answer, admin: answer, asked };
}

test("a refused password is reported in Kratos' words", async () => {
  const message = { id: 4000006, text: "The provided credentials are invalid." };
  const kratos = kratosAnswering([200, { id: "f1" }], [400, { id: "f1", ui: { messages: [message] } }]);
  await expect(signInWithPassword(kratos, TO, "x")).rejects.toMatchObject({
    code: "SignInRefused",
    message:
      'expected a session after the password (200), got 400 "The provided credentials are invalid." (4000006)',
  });
});

test("an inactive session is not taken for a demand", async () => {
  const error = { id: "session_inactive", reason: "No valid session." };
  await expect(levelOf(kratosAnswering([401, { error }]), "t")).rejects.toThrow(
    "got 401 No valid session. (session_inactive)",
  );
});

test("a second step that offers the address waits to be asked", async () => {
  const nodes = [{ attributes: { name: "address", value: TO } }];
  const kratos = kratosAnswering([200, { id: "f1", state: "choose_method", ui: { nodes } }]);
  await expect(startSecondStep(kratos, "t", TO)).resolves.toEqual({ flow: "f1", codeSent: false });
});

test("a second step that has sent the code at once, as from v26.2 on, is taken as it is", async () => {
  const kratos = kratosAnswering([200, { id: "f1", state: "sent_email", ui: { nodes: [] } }]);
  await expect(startSecondStep(kratos, "t", TO)).resolves.toEqual({ flow: "f1", codeSent: true });
});

test("a second step without inputs is a lock-out", async () => {
  const kratos = kratosAnswering([200, { id: "f1", state: "choose_method", ui: { nodes: [] } }]);
  await expect(startSecondStep(kratos, "t", TO)).rejects.toMatchObject({
    code: "AddressNotOffered",
    message: expect.stringContaining(`to offer a code at ${TO}, got no input at all`),
  });
});

test("what Kratos says beside an input is reported too", async () => {
  const messages = [{ id: 4000002, text: "Property identifier is missing." }];
  const ui = { nodes: [{ attributes: { name: "address" }, messages }] };
  const kratos = kratosAnswering([400, { id: "f1", state: "choose_method", ui }]);
  await expect(askForCode(kratos, STEP, "t", TO)).rejects.toThrow(
    'expected the second step in state sent_email, got 400 "Property identifier is missing." (4000002)',
  );
});

const entry = (method: Entry["method"], code: string): Entry => ({
  flow: "f1",
  method,
  code,
  sessionToken: "t",
});

test.each([
  ["code", "code", "000000", "000001", 4010008],
  ["totp", "totp_code", "123456", "000000", 4000008],
  ["lookup_secret", "lookup_secret", "a1b2c3d4", "00000000", 4000016],
] as const)("the wrong code for %s is never the right one", async (method, field, right, wrong, id) => {
  const kratos = kratosAnswering([400, { ui: { messages: [{ id, text: "invalid" }] } }]);
  await expect(expectWrongCodeRefused(kratos, entry(method, right))).resolves.toBe(wrong);
  expect(kratos.asked[0]?.body).toEqual({ method, [field]: wrong });
});

test("a wrong code that is accepted is the worst of all", async () => {
  await expect(
    expectWrongCodeRefused(kratosAnswering([200, {}]), entry("code", "123456")),
  ).rejects.toMatchObject({
    code: "WrongCodeAccepted",
    message: "expected the wrong code 000000 to be refused (4010008), got 200",
  });
});

test("a session that stays at aal1 after the second factor is reported", async () => {
  const person = {
    id: "p1",
    identifier: TO,
    password: "x",
    addresses: [],
    totpSecret: "MFRGG",
    lookupCodes: [],
  };
  const kratos = kratosAnswering(
    [200, { id: "f1" }],
    [200, { session_token: "t" }],
    [403, { error: { id: "session_aal2_required" } }],
    [200, { id: "f2" }],
    [400, { ui: { messages: [{ id: 4000008, text: "invalid" }] } }],
    [200, {}],
    [200, { authenticator_assurance_level: "aal1" }],
  );
  const scene = { api: kratos, messageTimeoutMs: 1_000 };
  await expect(signIn(scene, person, { first: "password", second: "totp" })).rejects.toMatchObject({
    code: "CodeRefused",
    message: "expected whoami to answer 200 with aal2 after the second factor, got 200 with aal1",
  });
});

test("a first factor without a session is no way in", async () => {
  const { sessionToken: _, ...first } = entry("code", "123456");
  await expect(enterCode(kratosAnswering([200, {}]), first)).rejects.toMatchObject({
    code: "CodeRefused",
    message: "expected code 123456 to be accepted (200), got 200",
  });
});
