import { randomBytes } from "node:crypto";

/** The keys that the fake takes. */
export interface Keys {
  workspace: string;
  project: string;
}

/** Keys that look like Ory's, different ones each time, so that a test can look for them where they must not be. */
export function newKeys(): Keys {
  const random = () => randomBytes(24).toString("base64url");
  return { workspace: `ory_wak_${random()}`, project: `ory_pat_${random()}` };
}
