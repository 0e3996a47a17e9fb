import type { ColumnBins } from '../profile/bins.ts';
import { ksDistance } from '../stats/distances/ks-distance.ts';
import { totalVariation } from '../stats/distances/total-variation.ts';
import type { DriftResult } from './drift-report.ts';

/** Cells of a column summed over days: `[missing, special, …bins]` (lib/profile/bins.ts). */
type Cells = Float64Array;

/** Something about a column that can drift, measured on summed cells. */
export interface Quantity {
  readonly quantity: DriftResult['quantity'];
  readonly kind: DriftResult['kind'];
  readonly statistic: string;
  /** Current minus reference for shares, never negative for distances; NaN when a side has nothing to measure. */
  readonly measure: (reference: Cells, current: Cells) => number;
  /** Shares: of one side. */
  readonly share?: (cells: Cells) => number;
  /** New values: the share that is expected although nothing changed; tested against that, not by permutation. */
  readonly expected?: number;
}

/** What is watched of a column with these bins. `expectedNew`: share of values never seen that no change explains. */
export function quantitiesOf(bins: ColumnBins, expectedNew: number): Quantity[] {
  const kind = bins.kind === 'numeric' || bins.kind === 'time' ? 'numeric' : 'categorical';
  const missing = shareQuantity('missing-share', kind, (cells) => {
    const nulls = cells[0] as number;
    return nulls / (nulls + presentRows(bins, cells));
  });
  switch (bins.kind) {
    case 'numeric':
      return [
        { quantity: 'distance', kind, statistic: 'ks', measure: numericDistance },
        missing,
        shareQuantity('zero-share', kind, (cells) => (cells[1] as number) / sumFrom(cells, 2)),
      ];
    case 'categorical':
      return [
        { quantity: 'distance', kind, statistic: 'total-variation', measure: categoricalDistance },
        missing,
        newShareQuantity(expectedNew),
      ];
    case 'hashed':
      return [{ quantity: 'distance', kind, statistic: 'total-variation', measure: categoricalDistance }, missing];
    case 'time':
      return [missing];
  }
}

/** The cells' rows that have a value. */
export function presentRows(bins: ColumnBins, cells: Cells): number {
  // A number's zeros are counted twice: as special and in their bin.
  return sumFrom(cells, bins.kind === 'numeric' ? 2 : 1);
}

function numericDistance(reference: Cells, current: Cells): number {
  return ksDistance(reference.subarray(2), current.subarray(2)).distance;
}

/** Values that the reference never had (cell 1) are a category like the others. */
function categoricalDistance(reference: Cells, current: Cells): number {
  return totalVariation(reference.subarray(1), current.subarray(1)).distance;
}

function shareQuantity(
  quantity: DriftResult['quantity'],
  kind: DriftResult['kind'],
  share: (cells: Cells) => number,
): Quantity {
  return {
    quantity,
    kind,
    statistic: 'share-difference',
    measure: (reference, current) => share(current) - share(reference),
    share,
  };
}

function newShareQuantity(expected: number): Quantity {
  const share = (cells: Cells): number => (cells[1] as number) / sumFrom(cells, 1);
  return {
    quantity: 'new-share',
    kind: 'categorical',
    statistic: 'share-difference',
    measure: (_reference, current) => share(current) - expected,
    share,
    expected,
  };
}

function sumFrom(cells: Cells, first: number): number {
  let sum = 0;
  for (let cell = first; cell < cells.length; cell++) sum += cells[cell] as number;
  return sum;
}
