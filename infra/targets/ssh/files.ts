import { createHash } from "node:crypto";
import { UserError } from "../../identity-config/user-error";
import { type ConfigFile, configOf } from "../kratos/config-file";
import type { SshConnection } from "./connection";

/** Prints a file. Parameters: the file; `own` where it is going to be replaced. */
const READ = `
next; file=$value
next; whose=$value
if [ -h "$file" ]; then
  [ "$whose" = own ] && exit 11
  [ -e "$file" ] || exit 12
fi
[ -d "$file" ] && exit 13
[ -e "$file" ] || { ls -d "$file" >/dev/null && exit 1; exit 10; }
exec cat "$file"
`;

/** Reads a YAML or JSON file of the host; a missing one is empty. Throws UserError where it cannot be read. */
export async function readRemote(
  connection: SshConnection,
  path: string,
  whose: "own" | "operator",
  signal: AbortSignal,
): Promise<ConfigFile> {
  const name = `${connection.at.host}:${path}`;
  const { code, stdout, stderr } = await connection.run(READ, [path, whose], { signal });
  const failed = (reason: string) => new UserError(`cannot read ${name}: ${reason}`);
  // The host knows the bytes, not the text: a mark of the byte order is no part of that.
  if (code === 0) return { ...configOf(name, stdout), revision: sha256(stdout) };
  if (code === 11)
    throw failed(
      "it is a symbolic link; put a file of its own there, or remove the link, and give Kratos this path",
    );
  if (code === 12) throw failed("it is a symbolic link to a file that does not exist");
  if (code === 13) throw failed("it is a folder; a file must be there");
  if (code === 10 && /No such file or directory|not found/.test(stderr)) return configOf(name, undefined);
  throw failed(remoteObstacle(stderr));
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const OBSTACLES: [RegExp, string][] = [
  [/Permission denied/, "permission denied; sign in there as a user who may do that"],
  [/Operation not permitted/, "not permitted; sign in there as a user who may do that"],
  [/Read-only file system/, "the disk is read-only"],
  [/No space left/, "the disk is full"],
  [/quota exceeded/i, "the disk quota is used up"],
  [/Not a directory/, "a part of this path is a file, not a folder"],
  [/Is a directory/, "it is a folder; a file must be there"],
  [/No such file or directory|nonexistent directory/, "there is no such folder"],
  [/File too large|File size limit/, "the file would be larger than this user may write"],
  [/(stat|sha256sum|mktemp|timeout|touch): not found/, "the host lacks what coreutils or busybox has"],
];

/** What stands in the way on the host, in words, made of what its programs say. */
export function remoteObstacle(stderr: string): string {
  const known = OBSTACLES.find(([pattern]) => pattern.test(stderr));
  return known?.[1] ?? (stderr.trim().split("\n").at(-1)?.slice(0, 300) || "it failed without a reason");
}
