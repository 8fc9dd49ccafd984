import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backOff } from "exponential-backoff";
import { kratosBinaries } from "../kratos/server";
import { ManagedKratos, methods } from "./managed-kratos";
import { startPlugin } from "./plugin";
import { Resource, type State } from "./resource";

describe.each(kratosBinaries())("what was approved is what is applied, with %s", (binary) => {
  let kratos: ManagedKratos;

  beforeAll(async () => {
    kratos = await ManagedKratos.start(binary);
  });
  afterAll(() => kratos?.stop());
  beforeEach(() => kratos.reset());

  it("refuses another revision than the one that was reviewed elsewhere", async () => {
    const state: State = await kratos.created({});
    const other = await startPlugin(kratos.root, {
      ORY_EXPECTED_REVISION: "kratos/other=x, kratos/shop=reviewed",
    });
    try {
      const news = await kratos.checked(methods({ totp: { enabled: true } }));
      await expect(new Resource(other).update(state, news)).rejects.toThrow(
        `kratos/shop is at revision ${state.outputs.revision}, but ORY_EXPECTED_REVISION names reviewed; nothing was written`,
      );
    } finally {
      await other.stop();
    }
  });

  describe("of a run whose preview was another process", () => {
    it("applies what was shown, and refuses what was not", async () => {
      const state = await kratos.created(methods({ totp: { enabled: true } }));
      const news = await kratos.checked(
        methods({ totp: { enabled: true }, lookup_secret: { enabled: true } }),
      );
      const second = await startPlugin(kratos.root);
      try {
        await kratos.resource.update(state, news, true);
        const edited = await kratos.edit("totp:\n      enabled: true", "totp:\n      enabled: false");
        await expect(new Resource(second).update(state, news)).rejects.toThrow(
          /changed since the preview.*\n.*totp\/enabled: false => true \(not shown\)/,
        );
        expect(await kratos.identity()).toBe(edited);
        await kratos.resource.update(state, news, true);
        expect((await new Resource(second).update(state, news)).id).toBe("kratos/shop");
      } finally {
        await second.stop();
      }
    });

    it("refuses an edit made after a preview that found nothing to do", async () => {
      const state = await kratos.created(methods({ totp: { enabled: true } }));
      const second = await startPlugin(kratos.root);
      try {
        await kratos.resource.diff(state, state.inputs);
        await kratos.edit("totp:\n      enabled: true", "totp:\n      enabled: false");
        const later = new Resource(second);
        await later.diff(state, state.inputs);
        await expect(later.update(state, state.inputs)).rejects.toThrow("(not shown)");
      } finally {
        await second.stop();
      }
    });

    it("removes what runs of more than a week ago have left, and no more", async () => {
      const notes = join(kratos.root, ".cache", "pulumi-ory", "approvals");
      await mkdir(notes, { recursive: true });
      for (const [name, days] of [
        ["old.json", 7.1],
        ["recent.json", 6.9],
      ] as const) {
        const then = Date.now() / 1000 - days * 24 * 60 * 60;
        await writeFile(join(notes, name), "{}");
        await utimes(join(notes, name), then, then);
      }
      const state = await kratos.created(methods({ totp: { enabled: true } }));
      await rm(join(notes, "tidied"), { force: true });
      const later = await startPlugin(kratos.root);
      try {
        await new Resource(later).diff(state, state.inputs);
        // Nobody waits for that.
        await backOff(async () => expect(await readdir(notes)).not.toContain("old.json"), {
          numOfAttempts: 50,
          maxDelay: 200,
        });
        expect(await readdir(notes)).toContain("recent.json");
        // Once a day is enough: notes may be many, and a preview waits for nothing.
        await writeFile(join(notes, "older.json"), "{}");
        await utimes(join(notes, "older.json"), 0, 0);
        for (let diffs = 0; diffs < 3; diffs++) await new Resource(later).diff(state, state.inputs);
        await utimes(join(notes, "tidied"), 0, 0);
        expect(await readdir(notes)).toContain("older.json");
        await new Resource(later).diff(state, state.inputs);
        await backOff(async () => expect(await readdir(notes)).not.toContain("older.json"), {
          numOfAttempts: 50,
          maxDelay: 200,
        });
      } finally {
        await later.stop();
      }
    });
  });
});
