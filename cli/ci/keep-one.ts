import { setTimeout } from "node:timers/promises";
import { UserError } from "../../infra/identity-config/user-error";
import { ForgeError } from "./forge-error";

/** Something on a forge that is known again by its marker: a comment, an issue. */
export interface Kept {
  /** Grows from one to the next. */
  id: number;
  body?: string | null;
  user?: { login?: string } | null;
  html_url?: string;
}

/** How it is kept. What `list` gives has the marker and is of the right author. */
export interface Keeping<T extends Kept> {
  list(): Promise<T[]>;
  create(): Promise<T>;
  /** Whether nothing is to be updated. */
  isUpToDate(one: T): boolean;
  update(one: T): Promise<T>;
  /** Takes it away, or closes it. */
  drop(one: T): Promise<unknown>;
}

/** What was done, and where it is to be seen. */
export interface Result {
  /** `gone`: it was taken away, or closed. `absent`: there was none, and there is none. */
  outcome: "created" | "updated" | "unchanged" | "gone" | "absent";
  url?: string;
}

/** So often another run may come in between. */
const ROUNDS = 5;

/**
 * Sees to it that there is one, and that it is up to date. Of several, as concurrent runs can make them, the oldest
 * stays: so all runs agree which, in whatever order they come.
 * @param author Login of whom the token belongs to.
 */
export async function keepOne<T extends Kept>(keeping: Keeping<T>, author: string): Promise<Result> {
  let created: T | undefined;
  const gone = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    // The list may lag behind what this run has made.
    const listed = await keeping.list();
    const all = created && !listed.some(({ id }) => id === created?.id) ? [...listed, created] : listed;
    const [oldest, ...others] = all.filter(({ id }) => !gone.has(id)).sort((a, b) => a.id - b.id);
    for (const other of others) await unlessGone(keeping.drop(other));
    if (oldest === undefined) {
      created = await createdOnce(keeping);
      await refuseOtherAuthor(created, author, keeping);
    } else if (keeping.isUpToDate(oldest)) {
      return result(oldest.id === created?.id ? "created" : "unchanged", oldest);
    } else {
      const updated = await unlessGone(keeping.update(oldest));
      if (updated !== undefined) return result("updated", updated);
      gone.add(oldest.id);
    }
  }
  throw new UserError("another run keeps changing the same; run the job again");
}

/** Sees to it that there is none. */
export async function keepNone<T extends Kept>({
  list,
  drop,
}: Pick<Keeping<T>, "list" | "drop">): Promise<Result> {
  const all = await list();
  for (const one of all) await unlessGone(drop(one));
  return all[0] === undefined ? { outcome: "absent" } : result("gone", all[0]);
}

const result = (outcome: Result["outcome"], { html_url: url }: Kept): Result => ({
  outcome,
  ...(typeof url === "string" && { url }),
});

/** What makes something is not repeated before it is known that it was not made. */
async function createdOnce<T extends Kept>({ list, create }: Keeping<T>, attempts = 3): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof ForgeError) || !error.isLost || attempts === 1) throw error;
    await setTimeout(500);
    const [found] = await list();
    return found ?? createdOnce({ list, create } as Keeping<T>, attempts - 1);
  }
}

/** By another author, the next run would not know it again. */
async function refuseOtherAuthor<T extends Kept>(
  created: T,
  author: string,
  { drop }: Keeping<T>,
): Promise<void> {
  const login = created.user?.login;
  if (login === undefined || login === author) return;
  await unlessGone(drop(created));
  throw new UserError(
    `the token writes as ${login}, not as ${author}, and what it writes would not be found again; it was taken back: add --author ${JSON.stringify(login)}`,
  );
}

/** Undefined where another run or somebody has taken it away. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ForgeError && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}
