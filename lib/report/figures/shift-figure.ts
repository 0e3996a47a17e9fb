import type { DriftResult } from '../../drift/drift-report.ts';
import type { ShiftRow } from '../blocks/block.ts';
import { plainText } from '../blocks/span.ts';
import { driftReasonWords, quantityWords, sizeWords } from '../words/drift-words.ts';

/** Rows of one figure. */
const MOST_ROWS = 20;

/** Warning steps that a figure reaches at least: the line of alarm is at two for distances and five for shares. */
const LEAST_STEPS = 3;
const MOST_STEPS = 12;

/** What moved for sure, the farthest first (in steps of its own warning line). */
export function shiftRowsOf(results: readonly DriftResult[]): ShiftRow[] {
  return results
    .filter(({ verdict, lower, warnAt, value }) => isJudged(verdict) && warnAt > 0 && (lower > 0 || value >= warnAt))
    .sort((a, b) => b.lower / b.warnAt - a.lower / a.warnAt)
    .slice(0, MOST_ROWS)
    .map((result) => ({
      label: plainText(quantityWords(result)),
      value: result.value,
      lower: Math.max(0, Math.min(result.lower, result.value)),
      warnAt: result.warnAt,
      failAt: result.failAt,
      verdict: result.verdict,
      words: `${sizeWords(result, result.value)}, at least ${sizeWords(result, result.lower)}; ${driftReasonWords(result)}`,
    }));
}

function isJudged(verdict: DriftResult['verdict']): boolean {
  return verdict === 'pass' || verdict === 'warn' || verdict === 'fail';
}

/** Position on an axis common to all rows, 0 to 1: values in steps of the row's warning line. */
export function shiftScale(rows: readonly ShiftRow[]): (value: number, warnAt: number) => number {
  const reach = Math.min(
    MOST_STEPS,
    Math.max(LEAST_STEPS, ...rows.map(({ value, warnAt }) => (value / warnAt) * 1.05)),
  );
  return (value, warnAt) => Math.max(0, Math.min(1, value / warnAt / reach));
}
