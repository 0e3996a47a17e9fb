import { binomialPmf, binomialQuantile, binomialTails } from '../distributions/binomial.ts';
import { mcnemarExact } from '../proportions/mcnemar-exact.ts';

/** Numbers of discordant pairs less likely than this, on each side, are left out. */
const NEGLIGIBLE = 1e-13;

/**
 * The exact power of the two-sided McNemar test at level α among `pairs` independent pairs, of which a share
 * `discordance` differs with a true `difference` (candidate − baseline): summed over the numbers of discordant pairs and
 * what the test rejects in each. With a difference of 0 it is the test's true size. Takes about 15·√(pairs·π) steps.
 */
export function mcnemarPower(plan: {
  readonly pairs: number;
  readonly discordance: number;
  readonly difference: number;
  readonly alpha?: number;
  readonly method?: 'exact' | 'mid-p';
}): number {
  const { pairs, discordance, difference, alpha = 0.05, method = 'mid-p' } = plan;
  if (!(discordance > 0 && discordance <= 1 && Math.abs(difference) <= discordance)) {
    throw new RangeError(`a difference of ${difference} cannot be where a share of ${discordance} differs`);
  }
  const candidateShare = (1 + difference / discordance) / 2;
  const first = binomialQuantile(NEGLIGIBLE, pairs, discordance);
  const last = binomialQuantile(1 - NEGLIGIBLE, pairs, discordance);
  let critical = -1;
  let power = 0;
  for (let discordant = first; discordant <= last; discordant++) {
    // One more discordant pair moves the critical count by at most one.
    const rejects = (count: number): boolean =>
      2 * count < discordant &&
      mcnemarExact({ onlyBaseline: count, onlyCandidate: discordant - count }, method).pValue <= alpha;
    if (discordant === first) critical = largestRejected(discordant, rejects);
    else if (rejects(critical + 1)) critical++;
    if (critical < 0) continue;
    const below = binomialTails(critical, discordant, candidateShare).lower;
    const above = binomialTails(discordant - critical - 1, discordant, candidateShare).upper;
    power += binomialPmf(discordant, pairs, discordance) * (below + above);
  }
  return Math.min(1, power);
}

function largestRejected(discordant: number, rejects: (count: number) => boolean): number {
  let low = -1;
  let high = Math.floor(discordant / 2);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rejects(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
