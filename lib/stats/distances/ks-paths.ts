import type { Alternative } from '../hypothesis-test.ts';

/**
 * The exact p value of the two-sample Kolmogorov–Smirnov distance given the ties: the share of paths from (0, 0) to
 * (n, m), one for each split of the pooled values, that somewhere are `steps` or more (in units of 1/(n·m)) off the
 * diagonal, looked at only where a group of equal values ends (Hodges 1958; Schröer and Trenkler 1995; R's psmirnov).
 * Probabilities of having been there are added up, so small p values keep their digits. Takes n·m steps.
 *
 * @param a sorted
 * @param b sorted
 * @param steps whole, from 1; at 0 every path counts
 */
export function ksPathP(a: Float64Array, b: Float64Array, steps: number, alternative: Alternative): number {
  if (steps <= 0) return 1;
  const [n, m] = [a.length, b.length];
  const ends = groupEnds(a, b);
  const off = (i: number, j: number): boolean => {
    if (ends[i + j] === 0) return false;
    const difference = i * m - j * n;
    if (alternative === 'greater') return difference >= steps;
    return alternative === 'less' ? -difference >= steps : Math.abs(difference) >= steps;
  };
  // reached[j]: the chance that a random path to (i, j) has been off.
  const reached = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (off(i, j)) reached[j] = 1;
      else if (i + j > 0) {
        const above = i === 0 ? 0 : (i / (i + j)) * (reached[j] as number);
        const before = j === 0 ? 0 : (j / (i + j)) * (reached[j - 1] as number);
        reached[j] = above + before;
      }
    }
  }
  return reached[m] as number;
}

/** 1 at each count of pooled values after which a larger value follows or none. */
function groupEnds(a: Float64Array, b: Float64Array): Uint8Array {
  const pooled = new Float64Array(a.length + b.length);
  pooled.set(a);
  pooled.set(b, a.length);
  pooled.sort();
  const ends = new Uint8Array(pooled.length + 1);
  for (let k = 1; k <= pooled.length; k++) ends[k] = k === pooled.length || pooled[k] !== pooled[k - 1] ? 1 : 0;
  return ends;
}
