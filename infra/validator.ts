import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ValidateFunction } from "ajv";

/** What `npm run build` has compiled, as seen from bin/infra and from infra. */
const COMPILED = ["validators", "../bin/infra/validators"].map((folder) => join(__dirname, folder));

/** Settings of ajv. A test checks the schemas themselves: at each start, that would take a third of the time. */
export const AJV_OPTIONS = {
  meta: false,
  validateSchema: false,
  allErrors: true,
  verbose: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
} as const;

/** The file of a compiled validator. Another schema has another one, so what was built from an older one is not found. */
export const compiledFile = (schema: object): string =>
  `${createHash("sha256")
    .update(JSON.stringify([schema, AJV_OPTIONS]))
    .digest("hex")}.js`;

/**
 * A function that checks values against `schema`. Loading ajv and compiling take a tenth of a second of each run, so
 * the build does that once; where it has not, as after a change of the schema, it is done here, with the same result.
 */
export function validator(schema: object): ValidateFunction {
  const file = compiledFile(schema);
  for (const folder of COMPILED) {
    try {
      return require(join(folder, file)) as ValidateFunction;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  const { Ajv } = require("ajv") as typeof import("ajv");
  // Optimizing takes longer than all that it saves.
  return new Ajv({ ...AJV_OPTIONS, code: { optimize: false } }).compile(schema);
}
