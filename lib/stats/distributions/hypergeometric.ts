import { logBinomialPmf } from './binomial.ts';
import { ALL_ABOVE, ALL_BELOW, fromLogLower, swapTails, type TailPair } from './tail-pair.ts';

/** An urn: `marked` of `total` balls are marked, `drawn` are taken without putting back. */
export interface Urn {
  readonly total: number;
  readonly marked: number;
  readonly drawn: number;
}

/** Fewest and most marked balls that the draw can hold. */
export function hypergeometricRange({ total, marked, drawn }: Urn): { readonly least: number; readonly most: number } {
  return { least: Math.max(0, drawn - (total - marked)), most: Math.min(marked, drawn) };
}

/** ln P(X = k) marked balls in the draw, as three binomial probabilities (Loader 2000); −∞ outside the range. */
export function logHypergeometricPmf(k: number, urn: Urn): number {
  const { least, most } = hypergeometricRange(urn);
  if (k < least || k > most) return Number.NEGATIVE_INFINITY;
  if (least === most) return 0;
  const { total, marked, drawn } = urn;
  const p = drawn / total;
  return logBinomialPmf(k, marked, p) + logBinomialPmf(drawn - k, total - marked, p) - logBinomialPmf(drawn, total, p);
}

/** P(X ≤ k) as `lower` and P(X > k) as `upper`; the one without the mode is summed, so that it is no difference. */
export function hypergeometricTails(k: number, urn: Urn): TailPair {
  const { least, most } = hypergeometricRange(urn);
  if (k < least) return ALL_ABOVE;
  if (k >= most) return ALL_BELOW;
  const mode = Math.floor(((urn.drawn + 1) * (urn.marked + 1)) / (urn.total + 2));
  return k < mode ? fromLogLower(logTail(k, -1, urn)) : swapTails(fromLogLower(logTail(k + 1, 1, urn)));
}

/** ln of the sum of probabilities from k outwards; it stops where the rest can no longer change it. */
function logTail(from: number, direction: 1 | -1, urn: Urn): number {
  const { total, marked, drawn } = urn;
  const first = logHypergeometricPmf(from, urn);
  let sum = 1;
  let term = 1;
  for (let k = from; term > 0; k += direction) {
    const ratio =
      direction === 1
        ? ((marked - k) * (drawn - k)) / ((k + 1) * (total - marked - drawn + k + 1))
        : (k * (total - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1));
    term *= ratio;
    // Past the mode the terms fall faster than a geometric series with this ratio.
    if (ratio < 1 && term < sum * 2 ** -54 * (1 - ratio)) break;
    sum += term;
  }
  return first + Math.log(sum);
}
