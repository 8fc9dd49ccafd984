import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UserError } from "../infra/identity-config/user-error";
import { obstacle } from "../infra/targets/kratos/config-file";

/** For its owner alone: it may name an identity's id. */
const MODE = 0o600;

/** How far a count was that was cut off; undefined where none was. Throws UserError where the file cannot be read. */
export function readNote(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(`cannot read ${file}: ${obstacle(error)}`);
  }
}

/** Notes how far a count is, in one step: whoever is cut off leaves a whole note. Throws UserError. */
export function noteOf(file: string, progress: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, progress, { mode: MODE });
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new UserError(`cannot write ${file}: ${obstacle(error)}`);
  }
}

/** A count that has come to its end needs no note. */
export const forgetNote = (file: string): void => rmSync(file, { force: true });
