import type { Document } from "../../infra/identity-config/model";
import { kratosConfig, overlaid } from "../kratos/config";
import { type Outbox, startOutbox } from "../kratos/outbox";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { verdict } from "./verdict";

/** Configs that Kratos refuses, each with what it says and the change that repairs it. */
const refused: [rule: string, said: RegExp, change: Document, repair: Document][] = [
  [
    "code-mfa-xor-passwordless",
    /anyOf failed.*value must be false/s,
    { selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: true } } } },
    { selfservice: { methods: { code: { mfa_enabled: true, passwordless_enabled: false } } } },
  ],
  [
    "required-aal-enum",
    /value must be one of "aal1", "highest_available"/,
    { session: { whoami: { required_aal: "aal2" } } },
    { session: { whoami: { required_aal: "highest_available" } } },
  ],
  [
    "required-aal-enum",
    /required_aal: <nil>.*expected string, but got null/s,
    { selfservice: { flows: { settings: { required_aal: null } } } },
    { selfservice: { flows: { settings: { required_aal: "aal1" } } } },
  ],
];

describe.each(kratosBinaries())("what %s refuses", (binary) => {
  let outbox: Outbox;
  let kratos: Kratos;
  const start = (config: Document) => startKratos({ binary, files: { "kratos.json": config } });

  beforeAll(async () => {
    outbox = await startOutbox();
    kratos = await start(kratosConfig(outbox));
  });
  afterAll(async () => {
    await kratos?.stop();
    await outbox?.close();
  });

  test.each(refused)(
    "a violation of %s does not start, the repaired config does",
    async (rule, said, change, repair) => {
      const violating = overlaid(kratosConfig(outbox), change);
      expect(verdict(rule, violating, binary)).toBe("violated");
      await expect(start(violating)).rejects.toMatchObject({ code: 1, log: expect.stringMatching(said) });
      // A running server keeps what it has, which is how an outage hides until the next restart.
      expect(await kratos.reload("kratos.json", violating)).toBe("refused");

      const repaired = overlaid(kratosConfig(outbox), repair);
      expect(verdict(rule, repaired, binary)).toBe("kept");
      expect(await kratos.reload("kratos.json", repaired)).toBe("accepted");
    },
  );
});
