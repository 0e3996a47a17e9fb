/** A count of successes among independent trials: whole, 0 ≤ successes ≤ trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** Throws a RangeError, for the programmer, at counts that are none. */
export function checkProportion({ successes, trials }: Proportion): void {
  const whole = Number.isSafeInteger(successes) && Number.isSafeInteger(trials);
  if (!whole || successes < 0 || successes > trials) {
    throw new RangeError(`${successes} of ${trials} is not a count of successes among trials`);
  }
}

/** Throws a RangeError at a confidence level that is not strictly between 0 and 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`${level} is not a confidence level between 0 and 1`);
}
