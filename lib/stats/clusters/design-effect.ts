import { sampleMoments } from '../numbers/sample-moments.ts';

/**
 * How many times the variance of a mean grows because rows come in clusters (Kish 1965; unequal sizes: Eldridge, Ashby &
 * Kerry 2006): 1 + ((cv² + 1) · size − 1) · ρ. Rows over it are the effective sample size.
 *
 * @param size mean rows of a cluster, ≥ 1
 * @param intraclass correlation of two rows of one cluster, ρ
 * @param sizeVariation standard deviation of the cluster sizes over their mean, cv
 */
export function designEffect(size: number, intraclass: number, sizeVariation = 0): number {
  return 1 + ((sizeVariation * sizeVariation + 1) * size - 1) * intraclass;
}

/**
 * Intra-class correlation by analysis of variance (Fisher 1925; unequal sizes: Donner 1986, eq. 2.1):
 * (MSB − MSW)/(MSB + (n₀ − 1) MSW). May be a little below 0. NaN for fewer than two clusters, for clusters of one row
 * each, and when nothing varies.
 *
 * @param clusters one code a row, 0 … count−1; codes without rows are left out
 */
export function intraclassCorrelation(values: ArrayLike<number>, clusters: ArrayLike<number>, count: number): number {
  const rows = new Float64Array(count);
  const sums = new Float64Array(count);
  const { mean } = sampleMoments(values);
  for (let i = 0; i < values.length; i++) {
    const cluster = clusters[i] as number;
    rows[cluster] = (rows[cluster] as number) + 1;
    sums[cluster] = (sums[cluster] as number) + ((values[i] as number) - mean);
  }
  let within = 0;
  for (let i = 0; i < values.length; i++) {
    const cluster = clusters[i] as number;
    within += ((values[i] as number) - mean - (sums[cluster] as number) / (rows[cluster] as number)) ** 2;
  }
  let present = 0;
  let between = 0;
  let squares = 0;
  for (let g = 0; g < count; g++) {
    const size = rows[g] as number;
    if (size === 0) continue;
    present++;
    between += (sums[g] as number) ** 2 / size;
    squares += size * size;
  }
  const total = values.length;
  if (present < 2 || total === present) return Number.NaN;
  const meanBetween = between / (present - 1);
  const meanWithin = within / (total - present);
  const typicalSize = (total - squares / total) / (present - 1);
  const spread = meanBetween + (typicalSize - 1) * meanWithin;
  return spread === 0 ? Number.NaN : (meanBetween - meanWithin) / spread;
}
