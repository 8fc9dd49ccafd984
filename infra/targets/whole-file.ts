import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/** Who may do what with a file. */
export interface Ownership {
  mode: number;
  chown?: { uid: number; gid: number };
}

/**
 * Puts `content` in the place of `path` in one step, after all of it has come to the disk; a failure leaves what was
 * there, and nothing else. Not write-file-atomic: on a full disk that puts the part in place that was written.
 */
export async function writeWhole(path: string, content: string, { mode, chown }: Ownership): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(aside, "wx", mode);
    try {
      await file.writeFile(content);
      // The mode at opening is lessened by the process's mask.
      await file.chmod(mode);
      if (chown !== undefined) await file.chown(chown.uid, chown.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
