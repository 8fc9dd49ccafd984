import { readFile } from "node:fs/promises";
import { isBranch, parsedJson } from "../../infra/identity-config/model";
import { UserError } from "../../infra/identity-config/user-error";
import type { Impact } from "../../infra/impact/impact";
import type { Counted } from "../../infra/impact/state";
import { obstacle } from "../../infra/targets/kratos/config-file";
import { COUNTED_WORDS } from "../impact-text";

/** What `pulumi-ory impact --format json` has written to `file`. Throws UserError where it is something else. */
export async function readImpact(file: string): Promise<Impact> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `cannot read ${file}: ${error.code === "ENOENT" ? "there is no such file" : obstacle(error)}`,
    );
  });
  const found = parsedJson(text);
  const names = Object.keys(COUNTED_WORDS);
  const isCount = (count: unknown): boolean =>
    isBranch(count) && ["before", "after", "newly"].every((name) => Number.isInteger(count[name]));
  const { of, identities, sample } = isBranch(found) ? found : {};
  const isSample =
    sample === undefined ||
    (isBranch(sample) &&
      Number.isInteger(sample.identities) &&
      (sample.of === undefined || Number.isInteger(sample.of)));
  if (
    !isBranch(of) ||
    !Number.isInteger(identities) ||
    !isSample ||
    !names.every((name) => isCount(of[name]))
  )
    throw new UserError(
      `cannot read ${file}: it holds no counts; write it with \`pulumi-ory impact … --format json > ${file}\``,
    );
  return found as unknown as Impact;
}

/** Counts as rows of a table, in words of ours and numbers. */
export function impactTable({ identities, of, sample }: Impact) {
  const scope =
    sample === undefined
      ? `All ${identities} identities were counted.`
      : `An estimate from ${sample.identities} of ${sample.of ?? "an unknown number of"} identities.`;
  const rows = (Object.keys(COUNTED_WORDS) as Counted[]).map((name) => ({
    name: COUNTED_WORDS[name],
    ...of[name],
  }));
  return { scope, rows: rows.filter(({ before, after }) => before > 0 || after > 0) };
}
