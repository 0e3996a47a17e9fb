import { finestKeys, gridKey } from '../stats/distances/log-linear-grid.ts';
import type { ColumnBins } from './bins.ts';
import { histogramBins } from './histogram.ts';
import type { CategoricalProfile, ColumnProfile, NumericProfile, Profile } from './profile.ts';

/**
 * Bins that a numeric column is cut into, if possible with as many rows in each. KS D taken at their edges misses at
 * most the share of the fullest bin (1/24 ≈ 4 % of the reference's rows when values are not tied; tied values have a
 * bin of their own and miss nothing).
 */
const NUMERIC_BINS = 24;
/** Most frequent values that have a bin of their own. */
const SHOWN_CATEGORIES = 30;
/** Bins of a column with too many distinct values. */
const HASHED_CELLS = 32;

/** The bins for day counts that a reference profile gives, one entry a column, sorted by column. */
export function deriveBins(profile: Profile): ColumnBins[] {
  return profile.columns.map(columnBins);
}

function columnBins(column: ColumnProfile): ColumnBins {
  switch (column.kind) {
    case 'numeric':
      return { column: column.name, kind: 'numeric', edges: numericEdges(column) };
    case 'categorical':
      return categoricalBins(column);
    case 'time':
      return { column: column.name, kind: 'time' };
  }
}

function numericEdges(column: NumericProfile): number[] {
  const bins = histogramBins(column.histogram);
  const first = bins[0];
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return [];
  const { bits } = column.histogram;
  const target = bins.reduce((sum, bin) => sum + bin.count, 0) / NUMERIC_BINS;
  // Outside of the reference's range there are bins of their own, so that a value never seen shows.
  const lowest = column.negativeInfinity === 0 && column.min !== undefined ? gridKey(column.min) : undefined;
  const edges = [(lowest ?? finestKeys(first.key, bits).first) - 1];
  let held = 0;
  let previous: number | undefined;
  for (const bin of bins) {
    if (previous !== undefined && bin.count >= target && held >= target / 2) {
      edges.push(previous);
      held = 0;
    }
    held += bin.count;
    previous = finestKeys(bin.key, bits).last;
    if (held >= target) {
      edges.push(previous);
      held = 0;
    }
  }
  const highest = column.positiveInfinity === 0 && column.max !== undefined ? gridKey(column.max) : undefined;
  const end = highest ?? finestKeys(last.key, bits).last;
  return [...edges.filter((edge) => edge < end), end];
}

function categoricalBins(column: CategoricalProfile): ColumnBins {
  const hashed = column.hashed === undefined ? {} : { hashed: column.hashed };
  if (column.values === undefined) return { column: column.name, kind: 'hashed', cells: HASHED_CELLS, ...hashed };
  const values = [...column.values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
  return {
    column: column.name,
    kind: 'categorical',
    values,
    shown: Math.min(values.length, SHOWN_CATEGORIES),
    ...hashed,
  };
}
