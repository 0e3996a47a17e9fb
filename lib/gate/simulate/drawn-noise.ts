import type { HoldoutDraws } from '../holdout/holdout-draws.ts';
import type { HoldoutPlan } from '../holdout/holdout-plan.ts';

/** How rows hang together. */
export interface NoiseRows {
  /** Cluster of each row; where errors last for days, in order of time. */
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  /** Series of each row; what lasts for days lasts within a series. */
  readonly series?: Int32Array | undefined;
}

/** Standard normal noise of several sides and components on every row. */
export interface Noise {
  /** Draws what the rows of clusters share, for one more holdout. */
  start(): void;
  /** What a cluster shares, side by side for each component: `width` numbers from this place of `shared`. */
  readonly shared: Float64Array;
  readonly width: number;
  /** Fills `out` (component by component, side by side) for a row. Rows have to come in order of time. */
  row(row: number, out: Float64Array): void;
}

/**
 * Noise of which the rows of a cluster share a part (some days one side is right more often than the other) and of which
 * sides share a part (hard rows are hard for both). Where errors last, what is shared and what is a series' own are moving
 * averages over `reach` days: the errors of the best forecast so many days ahead (Diebold & Mariano 1995).
 */
export function createNoise(
  draws: HoldoutDraws,
  { clusters, clusterCount, series }: NoiseRows,
  { agreement, intraclass, reach = 1 }: Pick<HoldoutPlan, 'agreement' | 'intraclass' | 'reach'>,
  { components, sides }: { readonly components: number; readonly sides: number },
): Noise {
  const width = components * sides;
  const shared = new Float64Array(clusterCount * width);
  const [sharedPart, ownPart] = [Math.sqrt(intraclass), Math.sqrt(1 - intraclass)];
  const average = 1 / Math.sqrt(reach);
  const one = new Float64Array(sides);
  const own = new Float64Array(width);
  const seriesCount = series === undefined ? 0 : series.reduce((most, code) => Math.max(most, code + 1), 0);
  // The last `reach` innovations of every series, and which of them is the oldest.
  const past = new Float64Array(reach > 1 ? seriesCount * reach * width : 0);
  const oldest = new Int32Array(seriesCount);

  const innovate = (out: Float64Array, from: number): void => {
    for (let component = 0; component < components; component++) {
      draws.correlated(one, agreement);
      for (let side = 0; side < sides; side++) out[from + component * sides + side] = one[side] as number;
    }
  };
  const lasting = (code: number): void => {
    const start = code * reach * width;
    const step = oldest[code] as number;
    innovate(past, start + step * width);
    oldest[code] = (step + 1) % reach;
    own.fill(0);
    for (let at = 0; at < reach * width; at++) {
      own[at % width] = (own[at % width] as number) + average * (past[start + at] as number);
    }
  };
  return {
    shared,
    width,
    start() {
      shared.fill(0);
      for (let step = 0; step < clusterCount + reach - 1; step++) {
        innovate(own, 0);
        for (let cluster = Math.max(0, step - reach + 1); cluster <= Math.min(step, clusterCount - 1); cluster++) {
          const start = cluster * width;
          for (let at = 0; at < width; at++) {
            shared[start + at] = (shared[start + at] as number) + average * (own[at] as number);
          }
        }
      }
      oldest.fill(0);
      for (let at = 0; at < past.length; at += width) innovate(past, at);
    },
    row(row, out) {
      if (past.length > 0 && series !== undefined) lasting(series[row] as number);
      else innovate(own, 0);
      const start = (clusters[row] as number) * width;
      for (let at = 0; at < width; at++) {
        out[at] = sharedPart * (shared[start + at] as number) + ownPart * (own[at] as number);
      }
    },
  };
}

/** Rows in order of their clusters, which is that of time where clusters are days; undefined where they are already. */
export function timeOrder({ clusters }: Pick<NoiseRows, 'clusters'>): Int32Array | undefined {
  if (clusters.every((cluster, row) => row === 0 || cluster >= (clusters[row - 1] as number))) return undefined;
  return Int32Array.from(clusters.keys()).sort((a, b) => (clusters[a] as number) - (clusters[b] as number) || a - b);
}
