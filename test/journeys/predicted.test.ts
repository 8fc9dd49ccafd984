import gte from "semver/functions/gte";
import type { Config } from "../../infra/identity-config/journeys/config";
import { journeysOf } from "../../infra/identity-config/journeys/predict";
import { hasSecondFactor } from "../../infra/identity-config/journeys/second-factor";
import { signUp as signUpOf } from "../../infra/identity-config/journeys/sign-up";
import { kindOf } from "../../infra/identity-config/journeys/stored-identity";
import type { Document, Json } from "../../infra/identity-config/model";
import { overlaid } from "../kratos/config";
import { adminCall } from "../kratos/login";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, kratosVersion, startKratos } from "../kratos/server";
import { ALL_METHODS, baseConfig, CHANGES, NEWER_CHANGES, RECOVERED_BY_PHONE } from "./people/configs";
import { type SocialProvider, startSocialProvider } from "./people/social-provider";
import { create, enrol, letIn, type Someone, type Wanted } from "./people/someone";
import { type Seen, seenOf, Walk } from "./people/walk";
import { recovery, settings, signUp } from "./people/walk-flows";

const PEOPLE: Record<string, Wanted> = {
  "e-mail only": { schema: "default", has: ["email"] },
  "e-mail only, not verified": { schema: "default", has: ["email"], unverified: true },
  "e-mail and phone": { schema: "default", has: ["email", "phone"] },
  "phone only": { schema: "phone", has: ["phone"] },
  "e-mail without codes": { schema: "no-codes", has: ["email"] },
  "e-mail that cannot be verified": { schema: "bare", has: ["email"] },
  "TOTP enrolled": { schema: "default", has: ["email"], enrols: ["totp"] },
  "lookup codes left": { schema: "no-codes", has: ["email"], enrols: ["lookup_secret"] },
  "TOTP enrolled and lookup codes left": {
    schema: "no-codes",
    has: ["email"],
    enrols: ["totp", "lookup_secret"],
  },
  "security key as second factor": { schema: "no-codes", has: ["email"], enrols: ["webauthn"] },
  "passkey instead of a password": {
    schema: "no-codes",
    has: ["email"],
    password: false,
    enrols: ["passkey"],
  },
  "social sign-in only": { schema: "default", has: ["email"], password: false, social: true },
  "code instead of a password": { schema: "default", has: ["email", "phone"], password: false },
};
/** Whom Kratos takes from 25.4 on. */
const NEWER_PEOPLE: Record<string, Wanted> = {
  "recovered by phone": { schema: "recovered-by-phone", has: ["phone"] },
};
/** Enrolled while security keys were first factors. */
const KEY_FIRST: Wanted = { schema: "no-codes", has: ["email"], password: false, enrols: ["webauthn"] };

describe.each(kratosBinaries())("what people meet on %s is what is predicted", (binary) => {
  const isNewer = gte(kratosVersion(binary), "25.4.0");
  let outbox: Outbox;
  let provider: SocialProvider;
  let kratos: Kratos;
  let base: Document;
  const people: Someone[] = [];

  const put = async (...changes: Document[]) =>
    expect(await kratos.reload("kratos.json", changes.reduce(overlaid, base))).toBe("accepted");

  beforeAll(async () => {
    outbox = await startOutbox();
    provider = await startSocialProvider();
    base = baseConfig(outbox, provider);
    if (isNewer) ((base.identity as Document).schemas as Json[]).push(RECOVERED_BY_PHONE);
    const files = { "kratos.json": overlaid(base, { selfservice: { methods: ALL_METHODS } }) };
    // With --dev, the Admin API shows the codes that are sent. A courier would lock the database in memory.
    kratos = await startKratos({ binary, files, args: ["--dev"] });
    for (const [name, wanted] of Object.entries({ ...PEOPLE, ...(isNewer && NEWER_PEOPLE) }))
      people.push(await enrolled(name, wanted));
    await put(
      { selfservice: { methods: ALL_METHODS } },
      CHANGES["security keys and passkeys instead of passwords"]!,
    );
    people.push(await enrolled("security key instead of a password", KEY_FIRST));
  });
  afterAll(async () => {
    await kratos?.stop();
    await provider?.close();
    await outbox?.close();
  });

  async function enrolled(name: string, wanted: Wanted): Promise<Someone> {
    const someone = await create(kratos, name, wanted);
    const browser = await letIn(kratos, someone);
    for (const method of wanted.enrols ?? []) await enrol(browser, someone, method);
    // Enrolling has raised the session to the second level.
    if (wanted.enrols && wanted.password !== false) someone.before.aal2 = browser;
    return someone;
  }

  const kindNow = async ({ id }: Someone, of: Kratos = kratos) => {
    const asked = ["code", "webauthn", "password"].map((one) => `include_credential=${one}`).join("&");
    return kindOf((await adminCall(of, `/admin/identities/${id}?${asked}`)).body, true);
  };

  const CODES = CHANGES["codes as second factor"]!;
  const table: [string, Document, Document][] = [
    ...Object.entries({ ...CHANGES, ...(isNewer && NEWER_CHANGES) }).map(
      ([name, change]): [string, Document, Document] => [name, change, {}],
    ),
    ["nothing, after codes as second factor", {}, CODES],
  ];

  test.each(table)("%s", async (_, change, earlier) => {
    const walk = new Walk(kratos);
    await put(earlier);
    for (const someone of people) someone.before.aal1 = await walk.signedIn(someone);
    await put(change);
    const under = (laidOver: Document): Config => ({
      document: overlaid(base, laidOver),
      target: "kratos",
      kratosVersion: kratosVersion(binary),
    });
    const config = under(change);

    const seen: Record<string, Seen[]> = {};
    const predicted: Record<string, Seen[]> = {};
    for (const someone of people) {
      const kind = await kindNow(someone);
      const { aal1, aal2 } = someone.before;
      // What Kratos has noted at the sign-in before the change.
      const available = hasSecondFactor(under(earlier), kind) ? "aal2" : "aal1";
      const journeys = (aal: "aal1" | "aal2") => journeysOf(config, { ...kind, session: { aal, available } });
      const [signIn, afterwards, recovering, session1] = journeys("aal1");
      const [, , , session2] = journeys("aal2");
      const met: Seen[] = [];
      const expected: Seen[] = [];
      if (aal1) {
        const before = await walk.after(aal1.copy(), someone, "/sessions/whoami");
        met.push({ journey: "session", from: "aal1", paths: [before] });
        expected.push(seenOf(session1!));
      }
      if (aal2) {
        met.push({
          journey: "session",
          from: "aal2",
          paths: [await walk.after(aal2, someone, "/sessions/whoami")],
        });
        expected.push(seenOf(session2!));
      }
      met.push(await walk.signIn(someone));
      expected.push(seenOf(signIn!));
      const fresh = await walk.signedIn(someone);
      if (fresh) {
        met.push(await settings(walk, fresh, someone, "aal1"));
        expected.push(seenOf(afterwards!));
      }
      met.push(await recovery(kratos, walk, someone));
      expected.push(seenOf(recovering!));
      seen[someone.name] = met;
      predicted[someone.name] = expected;
    }
    for (const has of [["email"], ["phone"], ["email", "phone"]] as ("email" | "phone")[][]) {
      const name = `newcomer with ${has.join(" and ")}`;
      const person = {
        name,
        has: has.map((key) => (key === "phone" ? ("sms" as const) : key)),
        credentials: [],
        verified: false,
      };
      seen[name] = [await signUp(kratos, walk, has)];
      predicted[name] = [seenOf(signUpOf(config, person))];
    }
    expect(seen).toEqual(predicted);
  });

  test("codes by SMS without a channel for them are never sent", async () => {
    const config = overlaid(overlaid(base, CHANGES["codes as second factor"]!), {
      courier: { channels: undefined as never },
    });
    const other = await startKratos({
      binary,
      files: { "kratos.json": config },
      args: ["--dev", "--watch-courier"],
    });
    try {
      const someone = await create(other, "phone only", PEOPLE["phone only"]!);
      const running = { target: "kratos", kratosVersion: kratosVersion(binary) } as const;
      const [signIn] = journeysOf({ document: config, ...running }, await kindNow(someone, other));
      expect(await new Walk(other, true).signIn(someone)).toEqual(seenOf(signIn!));
      expect(signIn!.paths).toMatchObject([{ second: ["code:sms"], end: { stopped: "never-sent" } }]);
    } finally {
      await other.stop();
    }
  });
});
