import { kratosBinaries, startKratos } from "../kratos/server";
import { at, configOf, failure, startConsole, stopAll } from "./console";

afterEach(stopAll);

describe.each(kratosBinaries())("with %s", (kratosBinary) => {
  it("takes what a new project has, and refuses what Kratos refuses, in its words", async () => {
    const { set, value, write } = await startConsole({ kratosBinary, quirks: { organizationHook: true } });
    await set("/session/lifespan", "1h");
    const { status, data } = await failure(set("/selfservice/flows/settings/required_aal", "aal2"));
    expect([status, data.error.code]).toEqual([400, 400]);
    expect(data.error.reason).toContain("required_aal");
    expect(await value("/selfservice/flows/settings/required_aal")).toBe("highest_available");
    const both = await failure(
      write(
        { op: "replace", path: "/selfservice/methods/code/mfa_enabled", value: true },
        { op: "replace", path: "/selfservice/methods/code/passwordless_enabled", value: true },
      ),
    );
    expect(both.status).toBe(400);
  });

  it("hands on what this Kratos runs", async () => {
    const told: unknown[] = [];
    const { set, network, id } = await startConsole({
      projects: [{ slug: "shop" }],
      quirks: { organizationHook: true },
      onRevision: (project, config) => void told.push([project.revision_id, at(config, "/session/lifespan")]),
    });
    const { project } = await set("/session/lifespan", "1h");
    expect(told).toEqual([[project.revision_id, "1h0m0s"]]);

    const kratos = await startKratos({
      binary: kratosBinary,
      files: { "kratos.json": network.runnable(id) },
    });
    try {
      const schemas = await (await fetch(`${kratos.publicUrl}/schemas`)).json();
      expect(schemas).toMatchObject([{ id: at(configOf(project), "/identity/default_schema_id") }]);
    } finally {
      await kratos.stop();
    }
  });
});

it("checks the outline only where there is no Kratos", async () => {
  const { set, value } = await startConsole();
  await set("/selfservice/flows/settings/required_aal", "aal2");
  expect(await value("/selfservice/flows/settings/required_aal")).toBe("aal2");
});
