import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { UserError } from "../../infra/identity-config/user-error";
import { findExecutable } from "../../infra/targets/kratos/executable";
import { tryOut } from "../../infra/targets/kratos/trial";
import { badRequest } from "./api-error";
import { identityConfig } from "./document";
import { runnable } from "./runnable";
import type { Storage } from "./storage";
import type { Validate } from "./store";

/** What a Kratos said to a config: nothing where it takes it. It takes a second to find out. */
const verdicts = new Map<string, Promise<string | undefined>>();

/** Refuses identity configs that this Kratos executable does not start with, in its own words. */
export function validateWithKratos(binary: string, storage: Storage, signal: AbortSignal): Validate {
  return async (project) => {
    const config = runnable(identityConfig(project), storage);
    const key = createHash("sha256")
      .update(`${binary}\n${JSON.stringify(config)}`)
      .digest("hex");
    let verdict = verdicts.get(key);
    if (!verdict) {
      const trial = { binary, dir: tmpdir(), config, env: {}, secrets: [], operator: undefined };
      verdict = findExecutable(binary, signal)
        .then(({ version }) => tryOut({ ...trial, version }, signal))
        .then(
          () => undefined,
          (error) => {
            if (error instanceof UserError) return error.message;
            verdicts.delete(key);
            throw error;
          },
        );
      verdicts.set(key, verdict);
    }
    const refusal = await verdict;
    if (refusal !== undefined) throw badRequest(refusal);
  };
}
