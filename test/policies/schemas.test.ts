import { type Document, type Json, UNKNOWN } from "../../infra/identity-config/model";
import { undecidedAt, violations } from "./review";

const listed = (...ids: Json[]) => ids.map((id) => ({ id, url: "https://shop.example/schema.json" }));
const check = (identity: Document) => violations("default-schema-exists", { identity });

describe("default-schema-exists", () => {
  test("refuses a default that is not listed", () => {
    expect(check({ default_schema_id: "nope", schemas: listed("customer", "staff") })).toEqual([
      expect.objectContaining({
        path: "/identity/default_schema_id",
        message: 'default_schema_id is "nope", but the listed schemas are "customer", "staff"',
      }),
    ]);
  });

  test("knows that the default is called default where nothing is said", () => {
    expect(check({ schemas: listed("customer") })).toHaveLength(1);
    expect(check({ schemas: listed("default") })).toEqual([]);
  });

  test("accepts a listed default", () => {
    expect(check({ default_schema_id: "staff", schemas: listed("customer", "staff") })).toEqual([]);
  });

  test("leaves a config without schemas to kratos", () => {
    expect(violations("default-schema-exists", {})).toEqual([]);
  });

  test("waits for an unknown id, unless a known one already matches", () => {
    expect(check({ default_schema_id: UNKNOWN, schemas: listed("customer") })).toEqual([
      undecidedAt("/identity/default_schema_id"),
    ]);
    expect(check({ default_schema_id: "staff", schemas: listed("customer", UNKNOWN) })).toEqual([
      undecidedAt("/identity/schemas/1"),
    ]);
    expect(check({ default_schema_id: "staff", schemas: listed(UNKNOWN, "staff") })).toEqual([]);
    expect(check({ default_schema_id: "staff", schemas: UNKNOWN })).toEqual([
      undecidedAt("/identity/schemas"),
    ]);
  });
});
