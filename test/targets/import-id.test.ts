import fc from "fast-check";
import { importedTarget, importId } from "../../infra/targets/import-id";

const text = fc.string({ minLength: 1, unit: "grapheme" });
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const target = fc.record(
  {
    name,
    dir: text,
    config: text,
    binary: text,
    publicUrl: text,
    adminUrls: fc.array(text, { minLength: 1, maxLength: 3 }),
    env: fc.dictionary(fc.stringMatching(/^[A-Z_]+$/), fc.string(), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ["name", "dir"] },
);
const ssh = fc.record(
  { host: text, hostKey: text, sshConfig: text },
  { requiredKeys: ["host"], noNullPrototype: true },
);

describe("an import id", () => {
  it("carries any target there and back", () => {
    fc.assert(
      fc.property(target, (kratos) => {
        expect(importedTarget(importId({ kratos }))).toEqual({ kratos });
      }),
    );
  });

  it("carries a host there and back", () => {
    fc.assert(
      fc.property(target, ssh, (files, host) => {
        const kratos = { ...files, ...host, transport: "ssh" as const };
        expect(importedTarget(importId({ kratos }))).toEqual({ kratos });
      }),
    );
  });

  it("reads as one writes it by hand", () => {
    const id =
      "kratos/shop?dir=/etc/kratos&adminUrl=http://a:4434&adminUrl=http://b:4434&env=LOG_LEVEL=a=b+c";
    expect(importedTarget(id)).toEqual({
      kratos: {
        name: "shop",
        dir: "/etc/kratos",
        adminUrls: ["http://a:4434", "http://b:4434"],
        env: { LOG_LEVEL: "a=b+c" },
      },
    });
  });

  it.each([
    ["shop", "it is neither the id of a project nor that of a Kratos"],
    ["network/", "it is neither the id of a project nor that of a Kratos"],
    ["network/3f0c?environment=dev", "it is neither the id of a project nor that of a Kratos"],
    ["kratos/shop", "it does not tell where the files are"],
    ["kratos/shop?dir=", '"dir" has no value'],
    ["kratos/shop?dir", '"dir" has no value'],
    ["kratos/shop?dir=/a&dir=/b", '"dir" is given twice'],
    [
      "kratos/shop?folder=/a",
      '"folder" is no parameter (dir, ssh, hostKey, sshConfig, environment, config, binary, adminUrl, publicUrl, env)',
    ],
    ["kratos/shop?__proto__=/a", '"__proto__" is no parameter'],
    ["kratos/shop?dir=/a%", 'the value of "dir" is not percent-encoded rightly'],
    ["kratos/shop?dir=/a&hostKey=ssh-ed25519 AAAA", '"ssh" must name the host'],
    ["kratos/shop?dir=/a&env=LOG_LEVEL", '"env" must be NAME=value'],
  ])("of %j is refused with its reason and the right form", (id, reason) => {
    expect(() => importedTarget(id)).toThrow(reason);
    expect(() => importedTarget(id)).toThrow("kratos/<name>?dir=<folder of kratos.yml>");
  });

  it("shows no password of a URL that it refuses", () => {
    expect(() => importedTarget("kratos/shop?adminUrl=http://user:canary@a")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("canary") }),
    );
  });
});
