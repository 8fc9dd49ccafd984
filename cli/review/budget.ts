/** What stands around the items of one plan takes less, in UTF-16 code units. */
export const LEAST_SIZE = 8_000;

/** Something that is shown whole, or in short, or left out and counted. */
export interface Item {
  full: string;
  /** Shorter than `full`. */
  short?: string;
  /** Of all items of a page, the lesser is shown first. */
  rank: number;
}

/** Items that stand together. */
export interface Section<Part extends Item = Item> {
  open: string;
  items: readonly Part[];
  close: string;
  /** What stands in place of items that are left out; no longer for some of them than for all. */
  missing(items: readonly Part[]): string;
}

/**
 * `sections` in their order, with as many of their items as there is room for, the lesser rank first; nothing is ever
 * cut. What is outside of items is always there, so only that may be longer than `room`.
 * @param room In UTF-16 code units.
 */
export function fitted(sections: readonly Section[], room: number): string {
  const shown = new Map<Item, string>();
  let used = sections.reduce(
    (sum, { open, items, close, missing }) =>
      sum + open.length + close.length + (items.length > 0 ? missing(items).length : 0),
    0,
  );
  const ranked = sections.flatMap(({ items }) => items).sort((a, b) => a.rank - b.rank);
  for (const item of ranked) {
    const text = [item.full, ...(item.short === undefined ? [] : [item.short])].find(
      ({ length }) => used + length <= room,
    );
    if (text === undefined) continue;
    used += text.length;
    shown.set(item, text);
  }
  return sections
    .map(({ open, items, close, missing }) => {
      const left = items.filter((item) => !shown.has(item));
      const rest = left.length > 0 ? missing(left) : "";
      return open + items.map((item) => shown.get(item) ?? "").join("") + rest + close;
    })
    .join("");
}
