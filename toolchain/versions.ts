/** The Pulumi CLI that is downloaded or built. Also pinned in package.json (`pulumi`) and pulumi/go.mod. */
export const PULUMI_VERSION = "3.250.0";

/** The Pulumi CLIs that do when one is already there. Before 3.221 policy packs ran through another executable. */
export const PULUMI_RANGE = ">=3.221.0 <4";

/** The Kratos that is downloaded or built, and the only one taken from PATH. Also pinned in kratos/go.mod. */
export const KRATOS_VERSION = "1.3.1";

/** The actionlint that is built. Also pinned in actionlint/go.mod. */
export const ACTIONLINT_VERSION = "1.7.12";

/** The actionlints that do when one is already there. */
export const ACTIONLINT_RANGE = "~1.7.7";
