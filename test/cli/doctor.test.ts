import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PULUMI_RANGE, TESTED_KRATOS } from "../../cli/doctor/versions";
import * as toolchain from "../../toolchain/versions";
import { Project } from "../e2e/project";
import { files } from "../e2e/shop";
import { startFakeNetwork } from "../fake-network";
import { type Kratos, kratosBinaries, startKratos } from "../kratos/server";
import { COMMAND, folderWith, pulumiOry } from "./pulumi-ory";

const [binary] = kratosBinaries();
const PAGE = join(__dirname, "../../docs/check-setup.md");
const CANARY = "canary";

interface Line {
  area: string;
  level: string;
  text: string;
  fix?: string;
}

test("the versions that are told are those that are brought", () => {
  expect(PULUMI_RANGE).toBe(toolchain.PULUMI_RANGE);
  expect(TESTED_KRATOS).toContain(toolchain.KRATOS_VERSION);
});

test("with nothing configured, what is missing is told with what to do", async () => {
  const nothing = await folderWith({});
  try {
    const env = { HOME: nothing.dir, PATH: "", PULUMI_BACKEND_URL: "" };
    const { code, stdout, stderr } = await pulumiOry(["doctor"], { cwd: nothing.dir, env });
    expect(stdout).toContain("fail  pulumi is not on PATH\n      fix: install Pulumi's CLI: https://");
    expect(stdout).toContain("warn  there is no Pulumi.yaml here, nor above");
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  } finally {
    await nothing.remove();
  }
});

describe("of a project", () => {
  let kratos: Kratos;
  let project: Project;
  let late: Server;
  let lateUrl: string;
  beforeAll(async () => {
    [kratos, project] = await Promise.all([startKratos({ binary: binary!, files }), Project.create()]);
    late = createServer((_, response) => {
      response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString()).end("{}");
    });
    await new Promise<void>((listening) => late.listen(0, "127.0.0.1", listening));
    lateUrl = `http://127.0.0.1:${(late.address() as AddressInfo).port}`;
    await project.pulumi(["config", "set", "--secret", "--path", "secrets.key", `${CANARY}-config`]);
  });
  afterAll(async () => {
    late?.close();
    await Promise.all([kratos?.stop(), project?.remove()]);
  });

  /** Gives the stack a target, and looks at it. */
  async function doctor(target: object, env: NodeJS.ProcessEnv = {}) {
    const file = join(project.dir, "Pulumi.test.yaml");
    const own = (await readFile(file, "utf8")).replace(/\n {2}shop:target: .*/, "");
    const [head, secrets] = own.split("config:");
    await writeFile(file, `${head}config:\n  shop:target: ${JSON.stringify(target)}${secrets}`);
    const run = await pulumiOry(["doctor", "--stack", "test", "--json"], {
      cwd: project.dir,
      env: {
        PULUMI_BACKEND_URL: `file://${join(project.dir, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        ...env,
      },
    });
    expect(run.stdout + run.stderr).not.toContain(CANARY);
    const { ok, findings } = JSON.parse(run.stdout) as { ok: boolean; findings: Line[] };
    expect(run.code).toBe(ok ? 0 : 2);
    return {
      ok,
      findings,
      not: findings.filter(({ level }) => level !== "ok").map(({ level, text }) => `${level} ${text}`),
    };
  }
  const own = (more: object = {}) => ({
    kratos: {
      name: "shop",
      dir: kratos.dir,
      binary,
      adminUrls: [kratos.adminUrl],
      publicUrl: kratos.publicUrl,
      ...more,
    },
  });

  test("of which all is there, every line is ok", async () => {
    const { not, findings } = await doctor(own());
    expect(not).toEqual([]);
    expect(findings.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^provider at .*infra\/provider, built$/),
        `Pulumi reaches its backend, file://${project.dir}/state`,
        "the configuration of stack test can be read, secrets included",
        `kratos/shop: its Admin API answers at ${kratos.adminUrl}`,
        `kratos/shop: its Public API answers at ${kratos.publicUrl}`,
        expect.stringMatching(/^the clock at 127\.0\.0\.1:\d+ and this one differ by [01] s$/),
      ]),
    );
    const [example] = (await readFile(PAGE, "utf8")).match(/^pulumi-ory .*/gm)!;
    const selected = await project.start("sh", ["-c", `"${process.execPath}" ${COMMAND} doctor`]).done;
    expect(selected.output).toContain(`ok    Pulumi reaches its backend, file://${project.dir}/state\n`);
    expect(selected.output).toContain(`ok    kratos/shop: its Admin API answers at ${kratos.adminUrl}\n`);
    const command = example!
      .replace("prod", "test")
      .replace("pulumi-ory", `"${process.execPath}" ${COMMAND}`);
    const { code, output } = await project.start("sh", ["-c", command]).done;
    expect(output).toContain(`ok    kratos/shop: its Admin API answers at ${kratos.adminUrl}\n`);
    expect(code).toBe(0);
  });

  test("what the page shows is what is printed", async () => {
    await doctor(own({ adminUrls: [`${kratos.adminUrl}/`], publicUrl: `${lateUrl}/`, binary: undefined }));
    const command = `"${process.execPath}" ${COMMAND} doctor --stack test`;
    const { output, code } = await project.start("sh", ["-c", command], {
      ORY_WORKSPACE_API_KEY: "ory_pat_shop",
    }).done;
    const printed = output
      .replace(/(?<=^ok {4}provider at ).*(?=\/infra)/m, "/home/you/shop/node_modules/pulumi-ory")
      .replace(`file://${project.dir}/state`, "https://api.pulumi.com")
      .replace("stack test", "stack prod")
      .replaceAll(kratos.adminUrl, "http://127.0.0.1:4434")
      .replaceAll(new URL(lateUrl).host, "127.0.0.1:4433");
    const anyTime = (text: string) =>
      text
        .replace(/(?<=(pulumi-ory|Node|Pulumi|Kratos) )\d\S*/g, "<version>")
        .replace(/3(600|601|599) s/, "1 h");
    const [, shown] = /^```\n\n```\n(.*?)^```/ms.exec(await readFile(PAGE, "utf8"))!;
    expect(anyTime(printed)).toBe(anyTime(shown!));
    expect(code).toBe(2);
  });

  test("a config that is handed over, with the APIs that are named, and without any", async () => {
    const more = { name: "shop", transport: "output", binary };
    const unnamed = await doctor({ kratos: more });
    expect(unnamed.not).toEqual([]);
    expect(unnamed.findings.map(({ text }) => text)).toContain(
      "kratos-output/shop: none of its APIs is named, so none was asked",
    );
    const { adminUrl, publicUrl } = kratos;
    const named = await doctor({ kratos: { ...more, adminUrls: [adminUrl], publicUrl } });
    expect(named.not).toEqual([]);
    expect(named.findings.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        `kratos-output/shop: its Admin API answers at ${adminUrl}`,
        `kratos-output/shop: its Public API answers at ${publicUrl}`,
        expect.stringMatching(/^the clock at 127\.0\.0\.1:\d+ and this one differ by [01] s$/),
      ]),
    );
    expect(
      (await doctor({ kratos: { ...more, config: "no.yml", adminUrls: ["http://127.0.0.1:1"] } })).not,
    ).toEqual([
      `fail kratos-output/shop: there is no ${project.dir}/no.yml, which target.kratos.config names`,
    ]);
    expect((await doctor({ kratos: { ...more, adminUrls: ["http://127.0.0.1:1"] } })).not).toEqual([
      "fail kratos-output/shop: nothing answers at its Admin API, http://127.0.0.1:1",
    ]);
  });

  test("clocks that differ, addresses where nothing is, and executables that are none are told", async () => {
    expect((await doctor(own({ publicUrl: lateUrl }))).not).toEqual([
      expect.stringMatching(/^warn the clock at 127\.0\.0\.1:\d+ and this one differ by (3600|3599|3601) s$/),
    ]);
    expect((await doctor(own({ adminUrls: [lateUrl, "http://127.0.0.1:1"], binary: "/nope" }))).not).toEqual([
      expect.stringMatching(/^fail cannot run Kratos as "\/nope": there is no such executable/),
      `fail kratos/shop: what answers is not the Admin API of a Kratos (status 200), at ${lateUrl}`,
      "fail kratos/shop: nothing answers at its Admin API, http://127.0.0.1:1",
    ]);
  });

  test("keys of the wrong kind, and a stack that cannot be decrypted", async () => {
    const { not, findings } = await doctor(own(), {
      ORY_WORKSPACE_API_KEY: `ory_pat_${CANARY}`,
      ORY_PROJECT_API_KEY: `${CANARY}`,
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
    expect(not).toEqual([
      "fail ORY_WORKSPACE_API_KEY holds a project API key",
      "warn ORY_PROJECT_API_KEY holds no key of a known kind",
      expect.stringMatching(/^fail the configuration of stack test cannot be read: passphrase must be set/),
    ]);
    expect(findings.find(({ area, level }) => area === "backend" && level === "fail")!.fix).toContain(
      "PULUMI_CONFIG_PASSPHRASE",
    );
  });

  test("a project on Ory Network that can be read, or not", async () => {
    const network = await startFakeNetwork({ projects: [{ id: "shop" }] });
    try {
      const target = (project: string) => ({ network: { project, environment: "prod" } });
      const env = { ORY_CONSOLE_URL: network.consoleUrl, ORY_WORKSPACE_API_KEY: network.workspaceKey };
      const { not, findings } = await doctor(target("shop"), env);
      expect(not).toEqual([]);
      expect(findings.map(({ text }) => text)).toContain("network/shop can be read");
      const other = await doctor(target("other"), env);
      expect(other.not).toEqual([expect.stringMatching(/^fail network\/other: /)]);

      const set = (...args: string[]) => project.pulumi(["config", "set", ...args]);
      await set("ory:consoleUrl", network.consoleUrl);
      await set("--secret", "ory:workspaceApiKey", network.workspaceKey);
      const configured = await doctor(target("shop"));
      expect(configured.not).toEqual([]);
      expect(configured.findings.map(({ text }) => text)).toEqual(
        expect.arrayContaining(["ory:workspaceApiKey holds a workspace API key", "network/shop can be read"]),
      );
      expect(JSON.stringify(configured)).not.toContain(network.workspaceKey);
      await set("--secret", "ory:workspaceApiKey", `ory_pat_${CANARY}`);
      expect((await doctor(target("shop"))).not).toEqual([
        "fail ory:workspaceApiKey holds a project API key",
        expect.stringMatching(/^fail network\/shop: ory:workspaceApiKey holds a project API key/),
      ]);
      expect((await doctor(target("shop"), env)).not).toEqual([]);
      await set("ory:consoleUrl", "nowhere");
      expect((await doctor(target("shop"), env)).not).toEqual([
        "fail network/shop: ory:consoleUrl must be a URL that starts with http:// or https://",
      ]);
    } finally {
      await network.stop();
    }
  });
});
