/** Replicates `from` … `to` − 1. */
export interface ReplicateRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Splits replicates 0 … total − 1 into at most `parts` consecutive ranges whose sizes differ by one at most. Results
 * put together in this order are those of one range, because a replicate is a function of the seed and its number.
 */
export function replicateRanges(total: number, parts: number): ReplicateRange[] {
  const count = Math.min(total, Math.max(1, Math.floor(parts)));
  return Array.from({ length: count }, (_none, part) => ({
    from: Math.floor((total * part) / count),
    to: Math.floor((total * (part + 1)) / count),
  }));
}
