import { normalCdf, normalQuantile } from '../../stats/distributions/normal.ts';
import { sampleMoments } from '../../stats/numbers/sample-moments.ts';
import { type Curve, EVIDENCE_CURVE_POINTS } from '../evidence/evidence.ts';
import { shortNumber } from '../short-number.ts';

/**
 * The normal quantile–quantile plot of a sample (Wilk & Gnanadesikan 1968): its order statistics in standard deviations
 * from its mean against where those of a normal sample of this size would be, Φ⁻¹((i − ½)/n) (Hazen 1914). Of more values
 * than a plot can show those are taken that lie evenly across it, the smallest and the largest always.
 *
 * @returns undefined for fewer than two values and for a sample that does not vary
 */
export function normalPlot(values: Float64Array): Curve | undefined {
  const { mean, variance } = sampleMoments(values);
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0) || !Number.isFinite(deviation)) return undefined;
  const sorted = values.slice().sort();
  const x: number[] = [];
  const y: number[] = [];
  for (const rank of ranksOf(sorted.length)) {
    x.push(shortNumber(normalQuantile((rank + 0.5) / sorted.length)));
    y.push(shortNumber(((sorted[rank] as number) - mean) / deviation));
  }
  return { x, y };
}

/** All ranks from 0 of a small sample; of a large one those at even steps of the normal quantile. */
function ranksOf(count: number): number[] {
  if (count <= EVIDENCE_CURVE_POINTS) return Array.from({ length: count }, (_none, rank) => rank);
  const end = normalQuantile(1 - 0.5 / count);
  const ranks = Array.from({ length: EVIDENCE_CURVE_POINTS }, (_none, point) => {
    const at = -end + (2 * end * point) / (EVIDENCE_CURVE_POINTS - 1);
    return Math.max(0, Math.min(count - 1, Math.round(count * normalCdf(at) - 0.5)));
  });
  return [...new Set(ranks)];
}
