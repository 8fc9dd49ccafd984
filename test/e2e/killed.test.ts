import { execFileSync } from "node:child_process";
import { type FSWatcher, watch } from "node:fs";
import { mkdir, readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { waitFor } from "../kratos/wait";
import { Project } from "./project";
import { CODES, files, shop } from "./shop";

/** Moments of an update, by the first file that shows them. */
const MOMENTS = {
  "the trial begins": ["tmp", /^ory-/],
  "the file is locked": ["kratos", /^identity\.yml\.lock$/],
  "the old file is kept aside": ["kratos", /^identity\.yml\.last-good$/],
  "the new file is in place": ["kratos", /^identity\.yml$/],
} as const;
const POINTS = (Object.keys(MOMENTS) as (keyof typeof MOMENTS)[]).flatMap((moment, index) => [
  ["Ctrl-C", moment] as const,
  ["kill -9 of the engine", moment] as const,
  // In the middle, test/provider kills it often enough.
  ...(index % 3 === 0 ? [["kill -9 of the provider", moment] as const] : []),
]);

describe.each(kratosBinaries())("an up that is cut off, with %s", (binary) => {
  let kratos: Kratos;
  let project: Project;
  let wanted = true;
  const identity = () => readFile(join(kratos.dir, "identity.yml"), "utf8");
  const totp = (text: string): boolean => parse(text).selfservice.methods.totp.enabled;
  const tmp = () => join(project.dir, "tmp");
  const program = () => project.program(shop(kratos, binary, CODES.replace("totp: true", `totp: ${wanted}`)));
  const processes = () =>
    execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" })
      .split("\n")
      .map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line))
      .flatMap((match) =>
        match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3]! }] : [],
      );

  beforeAll(async () => {
    kratos = await startKratos({ binary, files });
    project = await Project.create();
    await mkdir(tmp());
    await program();
    expect(await project.pulumi(["up", "--yes"])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await kratos?.stop();
    await project?.remove();
  });

  /** Starts an update and cuts it off at `moment`. */
  async function cutOff(how: (typeof POINTS)[number][0], moment: keyof typeof MOMENTS): Promise<void> {
    const [where, name] = MOMENTS[moment];
    const watchers: FSWatcher[] = [];
    const seen = new Promise<void>((reached) => {
      const folder = where === "tmp" ? tmp() : kratos.dir;
      watchers.push(watch(folder, (_event, file) => name.test(file ?? "") && reached()));
    });
    const run = project.start("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
      TMPDIR: tmp(),
    });
    await Promise.race([seen, run.done]);
    for (const watcher of watchers) watcher.close();
    const engine = run.child.pid!;
    if (how === "kill -9 of the provider") {
      for (const { pid, parent, args } of processes())
        if (parent === engine && args.includes("provider/main.js")) process.kill(pid, "SIGKILL");
    } else run.child.kill(how === "Ctrl-C" ? "SIGINT" : "SIGKILL");
    await run.done;
  }

  /** A provider whose engine was killed notices it within a second, and puts the old file back. */
  const ended = () =>
    waitFor("every process to end", () =>
      processes().some(({ args }) => args.includes(project.dir)) ? undefined : true,
    );

  it.each(POINTS)(
    "by %s when %s leaves the old config or the new one, and is made good",
    async (how, moment) => {
      const before = await identity();
      wanted = !totp(before);
      await program();
      await cutOff(how, moment);
      await ended();
      const after = await identity();
      if (after !== before) expect(totp(after)).toBe(wanted);
      expect((await readdir(tmp())).filter((name) => name.startsWith("ory-"))).toEqual([]);

      // The state can be read, and a lock that a killed engine has left is put away as Pulumi says.
      const exported = await project.pulumi(["stack", "export"]);
      expect(JSON.parse(exported.output.slice(exported.output.indexOf("{")))).toHaveProperty("deployment");
      if (how === "kill -9 of the engine")
        expect(await project.pulumi(["cancel", "--yes"])).toMatchObject({ code: 0 });
      // The lock of a process that is gone holds for ten seconds; here they pass at once.
      const past = new Date(Date.now() - 60_000);
      await utimes(join(kratos.dir, "identity.yml.lock"), past, past).catch(() => undefined);

      const up = await project.pulumi(["up", "--yes"]);
      expect(up).toMatchObject({ code: 0 });
      expect(totp(await identity())).toBe(wanted);
      expect(await project.state()).not.toContain("pending_operations");
    },
  );

  it("and so is the very first one, whose resource is not in the state yet", async () => {
    const first = project;
    project = await Project.create();
    try {
      await mkdir(tmp());
      wanted = !totp(await identity());
      await program();
      await cutOff("kill -9 of the engine", "the new file is in place");
      await ended();
      expect(await project.state()).toContain('"type":"creating"');
      expect(await project.pulumi(["cancel", "--yes"])).toMatchObject({ code: 0 });
      const up = await project.pulumi(["up", "--yes"]);
      expect(up).toMatchObject({ code: 0 });
      expect(totp(await identity())).toBe(wanted);
      // Pulumi keeps warning of a creation that was cut off, though it is made good, until it is told not to.
      expect(up.output).toContain("interrupted while creating");
      const cleared = await project.pulumi(["refresh", "--yes", "--clear-pending-creates"]);
      expect(cleared).toMatchObject({ code: 0 });
      expect(await project.state()).not.toContain("pending_operations");
    } finally {
      await project.remove();
      project = first;
    }
  });
});
