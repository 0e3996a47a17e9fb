/** Of pairs judged right or wrong on both sides, those on which the sides differ; whole counts from 0. */
export interface DiscordantPairs {
  /** Only the baseline is right. */
  readonly onlyBaseline: number;
  /** Only the candidate is right. */
  readonly onlyCandidate: number;
}

/** The same with the number of all pairs, agreeing ones included. */
export interface PairedCounts extends DiscordantPairs {
  readonly pairs: number;
}

/** Throws a RangeError, for the programmer, at counts that are none. */
export function checkDiscordant({ onlyBaseline, onlyCandidate }: DiscordantPairs): void {
  for (const count of [onlyBaseline, onlyCandidate]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a count of pairs`);
  }
}

/** Throws a RangeError where more pairs are discordant than there are. */
export function checkPaired(counts: PairedCounts): void {
  checkDiscordant(counts);
  const { onlyBaseline, onlyCandidate, pairs } = counts;
  if (!Number.isSafeInteger(pairs) || pairs < onlyBaseline + onlyCandidate) {
    throw new RangeError(`${onlyBaseline} + ${onlyCandidate} discordant among ${pairs} pairs`);
  }
}
