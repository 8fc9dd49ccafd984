/** Version of the package; by its own name, since compiled files lie deeper than their sources. */
export const VERSION: string = require("pulumi-ory/package.json").version;
