import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { folderWith, pulumiOry } from "./pulumi-ory";
import { hasTerminal, startOnTerminal } from "./terminal";

const [DOWN, SPACE, ENTER, BACKSPACE] = ["\u001b[B", " ", "\r", "\u007f"] as const;

/** Texts of the files below `folder`, by path. */
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );

(hasTerminal ? test : test.skip)(
  "what is answered on a terminal makes what the same options make",
  async () => {
    const { dir, remove } = await folderWith({});
    try {
      const { shows, type, done } = startOnTerminal(["init", "asked", "--name", "acme"], {
        cwd: dir,
        env: {},
      });
      const answers: [question: RegExp, keys: string[]][] = [
        [/Where does the identity config live/, [DOWN, ENTER]],
        // TOTP and lookup codes are chosen already; codes are the last in the list.
        [/Which second factors/, [DOWN, DOWN, DOWN, SPACE, ENTER]],
        [/Which environments/, [ENTER]],
        [/Under which domain/, ["acme.test", ENTER]],
        [/Where are SMS sent to/, ["not a URL", ENTER]],
        [/write a URL/, [...Array(9).fill(BACKSPACE), "https://sms.acme.test/", ENTER]],
      ];
      for (const [question, keys] of answers) {
        await shows(question);
        for (const key of keys) type(key);
      }
      const { code, screen } = await done;
      expect({ code, screen: code === 0 ? "" : screen }).toEqual({ code: 0, screen: "" });
      const factors = ["totp", "lookupSecret", "code"];
      const options = ["--target", "kratos", "--factors", ...factors, "--domain", "acme.test"];
      const told = ["--name", "acme", ...options, "--sms-url", "https://sms.acme.test/"];
      expect(await pulumiOry(["init", "told", ...told], { cwd: dir })).toMatchObject({ code: 0 });
      const asked = filesIn(join(dir, "asked"));
      expect(Object.keys(asked)).toContain(join("stacks", "Pulumi.prod.yaml"));
      expect(asked).toEqual(filesIn(join(dir, "told")));
    } finally {
      await remove();
    }
  },
);
