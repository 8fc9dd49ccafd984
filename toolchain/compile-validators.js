/**
 * The end of `npm run build`: compiles the JSON schemas that were built into functions, below bin/infra/validators. A
 * program that runs meanwhile finds a whole file or none.
 */
const { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { Ajv } = require("ajv");
const { default: standaloneCode } = require("ajv/dist/standalone");
const { INPUTS } = require("../bin/infra/provider/inputs");
const { SETTINGS } = require("../bin/infra/settings-schema");
const { AJV_OPTIONS, compiledFile } = require("../bin/infra/validator");

const FOLDER = join(__dirname, "../bin/infra/validators");

mkdirSync(FOLDER, { recursive: true });
const compiled = [SETTINGS, INPUTS].map((schema) => {
  const ajv = new Ajv({ ...AJV_OPTIONS, code: { source: true } });
  const name = compiledFile(schema);
  const aside = join(FOLDER, `${name}.${process.pid}`);
  writeFileSync(aside, standaloneCode(ajv, ajv.compile(schema)));
  renameSync(aside, join(FOLDER, name));
  return name;
});
for (const name of readdirSync(FOLDER)) {
  if (!compiled.includes(name)) rmSync(join(FOLDER, name), { force: true });
}
