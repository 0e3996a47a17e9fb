import type { DriftResult } from '../../drift/drift-report.ts';
import { code, type Text } from '../blocks/span.ts';
import { formatNumber, formatShare } from './number-format.ts';

/** `missing values of tail_num`, `values of distance`: what a result is about. */
export function quantityWords({ column, quantity }: DriftResult): Text {
  switch (quantity) {
    case 'distance':
      return [code(column)];
    case 'missing-share':
      return [code(column), ', missing values'];
    case 'zero-share':
      return [code(column), ', zeros'];
    case 'new-share':
      return [code(column), ', values never seen before'];
  }
}

/** What happened to a column, as the end of a sentence that begins with its name. */
export function happenedWords(result: DriftResult): string {
  switch (result.reason) {
    case 'all-missing':
      return 'has no value any more';
    case 'column-absent':
      return 'is not there any more';
    case 'type-changed':
      return 'has changed its type';
    case 'not-in-reference':
      return 'is new';
  }
  switch (result.quantity) {
    case 'distance':
      return `has shifted by ${shiftWords(result.value)}`;
    case 'missing-share':
      return `is missing in ${changeWords(result, 'of rows')}`;
    case 'zero-share':
      return `is zero in ${changeWords(result, 'of rows')}`;
    case 'new-share':
      return `has values never seen before in ${changeWords(result, 'of rows')}`;
  }
}

function changeWords({ reference, current, value }: DriftResult, of: string): string {
  if (reference === undefined || current === undefined) return `${pointWords(value)} more ${of}`;
  return `${formatShare(current)} ${of} (was ${formatShare(reference)})`;
}

/** A distance between two distributions is the share of rows that would have to change to make them the same. */
function shiftWords(distance: number): string {
  return formatNumber(distance, 2);
}

function pointWords(share: number): string {
  const points = formatNumber(share * 100, 1);
  return `${points} ${points === '1.0' ? 'point' : 'points'}`;
}

/** The size of a change in its own unit: a distance as a number, a share in percentage points. */
export function sizeWords({ quantity }: DriftResult, size: number): string {
  return quantity === 'distance' ? shiftWords(size) : pointWords(size);
}

/** Why a result has its verdict, in a table's cell. An unknown code is shown by its own words. */
export function driftReasonWords({ reason, neededDays, pastWindows, pastMaximum }: DriftResult): string {
  switch (reason) {
    case 'drifted':
      return 'drifted';
    case 'drifted-far':
      return 'drifted far';
    case 'significant-but-small':
      return 'a real change, too small to matter';
    case 'size-uncertain':
      return 'a real change; days differ too much to tell how large';
    case 'within-past-range':
      return `real, but ${pastWindows} past windows moved as much${pastMaximum === undefined ? '' : ` (up to ${formatNumber(pastMaximum, 2)})`}`;
    case 'near-past-range':
      return `real, but hardly more than ${pastWindows} past windows moved`;
    case 'new-or-seasonal':
      return `real; new or seasonal, cannot tell from ${pastWindows} past windows`;
    case 'steady':
      return 'steady';
    case 'too-few-days':
    case 'too-little-data':
      return neededDays === undefined ? 'too few days to judge' : `too few days to judge: needs ${neededDays}`;
    case 'reference-too-short':
      return 'the data it was registered with has too few days to compare with';
    case 'too-few-rows':
      return 'too few rows to judge';
    case 'all-missing':
      return 'every value is missing';
    case 'no-values':
      return 'no values to compare';
    case 'column-absent':
      return 'the column is gone';
    case 'not-in-reference':
      return 'the column is new';
    case 'type-changed':
      return 'numbers became text, or text became numbers';
    case 'no-days':
      return 'there is no time column to tell days by';
    default:
      return reason.replaceAll('-', ' ');
  }
}
