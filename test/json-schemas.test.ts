import Ajv from "ajv";
import { INPUTS } from "../infra/provider/inputs";
import { SETTINGS } from "../infra/settings-schema";

describe("the JSON schemas, which nothing checks at run time,", () => {
  it.each<[string, object]>([
    ["of a stack's configuration", SETTINGS],
    ["of an IdentityConfig's inputs", INPUTS],
  ])("%s are JSON schemas", (_, schema) => {
    const ajv = new Ajv();
    ajv.validateSchema(schema);
    expect(ajv.errors).toBe(null);
  });

  it("would be refused if they were not", () => {
    expect(new Ajv().validateSchema({ type: "text" })).toBe(false);
  });
});
