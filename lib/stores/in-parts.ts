/** A list in parts of up to `limit`, by what `sizeOf` says of each item; in order, and an item that is larger by itself. */
export function* inParts<T>(items: readonly T[], sizeOf: (item: T) => number, limit: number): Generator<readonly T[]> {
  let [start, sum] = [0, 0];
  for (const [place, item] of items.entries()) {
    const size = sizeOf(item);
    if (place > start && sum + size > limit) {
      yield items.slice(start, place);
      [start, sum] = [place, 0];
    }
    sum += size;
  }
  if (start < items.length) yield items.slice(start);
}
