import type { Document, Json } from "../../infra/identity-config/model";
import type { Journey } from "../../infra/journeys/ways";
import { kratosBinaries } from "../kratos/server";
import { type Scene, startScene } from "./scene";
import type { SecondFactorConfig } from "./second-factor-config";

/** Methods laid over codes as the second factor. */
const methods = (changes: Document): Document => ({ selfservice: { methods: changes } });
const ENROLLED: Document = { totp: { enabled: true }, lookup_secret: { enabled: true } };
const NO_CODES: Document = { code: { mfa_enabled: false } };
const PASSWORDLESS: Document = { code: { mfa_enabled: false, passwordless_enabled: true } };

describe.each(kratosBinaries())("ways to sign in with %s", (binary) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await startScene(binary);
  });
  afterAll(() => scene?.stop());
  afterEach(async () => expect(await scene.identities()).toEqual([]));

  test("a second factor that is enrolled in reaches aal2, and whoever has none signs in with the password", async () => {
    await scene.use({}, methods({ ...NO_CODES, ...ENROLLED }));
    const sent = scene.outbox.messages().length;
    const { journeys } = await scene.walkAs(["password", "password+totp", "password+lookup_secret"]);
    expect(journeys.map(({ aal }) => aal)).toEqual(["aal1", "aal2", "aal2"]);
    const [password, app, paper] = journeys.map(({ steps }) => steps.slice(1, -1));
    expect(password).toEqual(["signed in with the password", "whoami reaches aal1"]);
    expect(app).toEqual([
      "signed in with the password",
      "enrolled in totp",
      "signed in with the password",
      "whoami demands aal2 (403 session_aal2_required)",
      expect.stringMatching(/^wrong code 00000[01] refused$/),
      "whoami reaches aal2",
    ]);
    expect(paper).toEqual([
      "signed in with the password",
      "enrolled in lookup_secret",
      ...app!.slice(2, 4),
      expect.stringMatching(/^wrong code 0{8,} refused$/),
      "whoami reaches aal2",
    ]);
    expect(scene.outbox.messages()).toHaveLength(sent);
  });

  test("where codes are a second factor, too, one is given before enrolling", async () => {
    await scene.use({}, methods(ENROLLED));
    const { journeys } = await scene.walkAs(["password+totp"]);
    expect(journeys).toMatchObject([{ as: "password+totp", aal: "aal2" }]);
    expect(journeys[0]!.steps.slice(1, 6)).toEqual([
      "signed in with the password",
      expect.stringMatching(/^(asked for|was sent) a code at \S+ by e-mail$/),
      expect.stringMatching(/^code \d{6} arrived$/),
      expect.stringMatching(/^wrong code 00000[01] refused$/),
      "enrolled in totp",
    ]);
  });

  test("a code is a first factor, alone and before one that is enrolled in, also where nobody has a password", async () => {
    const code = (via: string): Json => ({ credentials: { code: { identifier: true, via } } });
    await scene.use(
      {
        traits: {
          email: { type: "string", format: "email", "ory.sh/kratos": code("email") },
          phone: { type: "string", format: "tel", "ory.sh/kratos": code("sms") },
        },
      },
      methods({ ...PASSWORDLESS, ...ENROLLED }),
    );
    const all: Journey[] = ["email", "email+totp", "email+lookup_secret", "sms", "sms+totp"];
    const { journeys } = await scene.walkAs([...all, "sms+lookup_secret"]);
    expect(journeys.map(({ aal }) => aal)).toEqual(["aal1", "aal2", "aal2", "aal1", "aal2", "aal2"]);
    expect(journeys[0]!.steps.slice(1, -1)).toEqual([
      expect.stringMatching(/^asked for a code at \S+ by e-mail$/),
      expect.stringMatching(/^code \d{6} arrived$/),
      expect.stringMatching(/^wrong code 00000[01] refused$/),
      "signed in with the code",
      "whoami reaches aal1",
    ]);
    await expect(scene.walkAs(["password"])).rejects.toMatchObject({ code: "NoSuchAddress" });
  });

  const demanded =
    /^password, after "signed in with the password": expected whoami to be content after the password \(200\), got 403 session_aal2_required; where that is meant, name a journey with a second factor/;
  const enrollable = (method: string) =>
    new RegExp(
      `^password\\+${method}, after "signed in with the password": expected the settings to offer ${method}; selfservice.methods.${method}.enabled has to be true$`,
    );
  const notDemanded =
    /got 200 with aal1; session\.whoami\.required_aal has to be highest_available; where that is meant, name the journey of the first factor alone/;

  test.each<[string, Journey, Partial<SecondFactorConfig>, Document, string, RegExp]>([
    ["codes are demanded of all", "password", {}, {}, "SecondFactorDemanded", demanded],
    ["TOTP is off", "password+totp", {}, NO_CODES, "NotEnrollable", enrollable("totp")],
    [
      "lookup codes are off",
      "password+lookup_secret",
      {},
      NO_CODES,
      "NotEnrollable",
      enrollable("lookup_secret"),
    ],
    [
      "no second factor is demanded",
      "password+totp",
      { whoami: "aal1" },
      { ...NO_CODES, ...ENROLLED },
      "SecondFactorNotDemanded",
      notDemanded,
    ],
    ["codes are no first factor", "email", {}, {}, "SignInRefused", /passwordless_enabled has to be true/],
    [
      "codes are off",
      "sms",
      {},
      { code: { enabled: false, mfa_enabled: false } },
      "SignInRefused",
      /passwordless_enabled has to be true/,
    ],
    [
      "passwords are off",
      "password",
      {},
      { ...PASSWORDLESS, password: { enabled: false } },
      "SignInRefused",
      /^password, after "created the throw-away identity \S+": expected a session after the password/,
    ],
  ])("where %s, %s fails by name", async (_, as, options, changes, code, message) => {
    await scene.use(options, methods(changes));
    await expect(scene.walkAs([as])).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("an abort after enrolling removes the identity as well", async () => {
    await scene.use({}, methods({ ...NO_CODES, ...ENROLLED }));
    const controller = new AbortController();
    const log = (line: string) => line.includes("enrolled in") && controller.abort();
    await expect(scene.walkAs(["password+totp"], { signal: controller.signal, log })).rejects.toMatchObject({
      code: "Aborted",
      message: 'password+totp, after "enrolled in totp": aborted',
    });
  });
});
