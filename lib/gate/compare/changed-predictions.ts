import type { Examples, MetricTask } from '../../metrics/metric.ts';
import { calledClasses } from '../../metrics/multiclass-rows.ts';
import { pinball } from '../../metrics/quantile-loss.ts';
import { type ChangedPredictions, type ChangedRow, EVIDENCE_ROWS } from '../evidence/evidence.ts';
import { type PairedExamples, scoreWidth } from '../evidence/paired-examples.ts';
import type { QueryGains } from '../evidence/ranking-evidence.ts';
import { shortNumber } from '../short-number.ts';

export interface ChangedOptions {
  /** Rows may be named: not at the sealed half. */
  readonly named: boolean;
  /** What was predicted and what was true may be shown beside the ids. */
  readonly values: boolean;
}

/** Both sides' view of one example: how wrong each is, 0 at best. */
interface RowLosses {
  readonly candidate: (row: number) => number;
  readonly baseline: (row: number) => number;
}

/** Both sides' examples, as metrics take them. */
export interface BothSides {
  readonly candidate: Examples;
  readonly baseline: Examples;
}

/**
 * The examples that changed, counted, and those that changed most, named. The change is in each row's own loss:
 * distance from the truth, 1 − probability of the true class, pinball loss.
 */
export function changedPredictions(
  task: Exclude<MetricTask, 'ranking'>,
  examples: PairedExamples,
  sides: BothSides,
  options: ChangedOptions,
): ChangedPredictions {
  const losses = { candidate: lossOf(task, sides.candidate), baseline: lossOf(task, sides.baseline) };
  const found = mostChanged(examples.ids.length, losses, options, (row) => ({
    id: examples.ids[row] as string,
    ...(options.values ? { values: rowValues(task, examples, row) } : {}),
  }));
  const calls = callChanges(task, sides);
  // Two rows of scores may differ and lose the same.
  return { unit: 'row', ...found, changed: rowsThatDiffer(examples), ...(calls === undefined ? {} : { calls }) };
}

/** As {@link changedPredictions} for rankings: queries, each known by the id of its first row. */
export function changedQueries(
  examples: PairedExamples,
  { rows, candidate, baseline }: QueryGains,
  options: ChangedOptions,
): ChangedPredictions {
  const losses = {
    candidate: (query: number) => 1 - (candidate[query] as number),
    baseline: (query: number) => 1 - (baseline[query] as number),
  };
  return {
    unit: 'query',
    ...mostChanged(rows.length, losses, options, (query) => ({
      id: examples.ids[rows[query] as number] as string,
      ...(options.values
        ? {
            values: {
              // The best that a query can have.
              label: 1,
              candidate: shortNumber(candidate[query] as number),
              baseline: shortNumber(baseline[query] as number),
            },
          }
        : {}),
    })),
  };
}

function rowsThatDiffer(examples: PairedExamples): number {
  const width = scoreWidth(examples);
  let differ = 0;
  for (let row = 0; row < examples.ids.length; row++) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (examples.candidate[at] === examples.baseline[at]) continue;
      differ++;
      break;
    }
  }
  return differ;
}

/** The few with the largest changes of loss in either direction; the first in order of id among equals. */
function mostChanged(count: number, losses: RowLosses, { named }: ChangedOptions, rowOf: (row: number) => ChangedRow) {
  const worse: { row: number; by: number }[] = [];
  const better: { row: number; by: number }[] = [];
  let changed = 0;
  for (let row = 0; row < count; row++) {
    const by = losses.candidate(row) - losses.baseline(row);
    if (by === 0) continue;
    changed++;
    if (named) keepLargest(by > 0 ? worse : better, { row, by: Math.abs(by) });
  }
  const rows = (list: typeof worse): ChangedRow[] => list.map(({ row }) => rowOf(row));
  return { changed, worse: rows(worse), better: rows(better) };
}

function keepLargest(list: { row: number; by: number }[], one: { row: number; by: number }): void {
  const last = list.at(-1);
  if (list.length === EVIDENCE_ROWS && last !== undefined && one.by <= last.by) return;
  const place = list.findIndex(({ by }) => by < one.by);
  list.splice(place < 0 ? list.length : place, 0, one);
  if (list.length > EVIDENCE_ROWS) list.pop();
}

function lossOf(task: Exclude<MetricTask, 'ranking'>, { labels, scores, classes = 1, levels }: Examples) {
  const label = (row: number): number => labels[row] as number;
  const score = (at: number): number => scores[at] as number;
  switch (task) {
    case 'binary':
      // Also for scores that are no probabilities: up is worse for a negative, down for a positive.
      return (row: number): number => (label(row) === 1 ? -score(row) : score(row));
    case 'regression':
    case 'forecast':
      return (row: number): number => Math.abs(score(row) - label(row));
    case 'multiclass':
      return (row: number): number => -score(row * classes + label(row));
    case 'quantile':
      return (row: number): number => {
        let loss = 0;
        levels?.forEach((level, at) => {
          loss += pinball(level, label(row), score(row * levels.length + at));
        });
        return loss;
      };
  }
}

/** Calls that were right and are wrong, and the other way round; undefined for tasks without calls. */
function callChanges(task: MetricTask, { candidate, baseline }: BothSides): ChangedPredictions['calls'] {
  const now = rightCalls(task, candidate);
  const before = rightCalls(task, baseline);
  if (now === undefined || before === undefined) return undefined;
  const counts = { toWrong: 0, toRight: 0 };
  now.forEach((right, row) => {
    if (right < (before[row] as number)) counts.toWrong++;
    else if (right > (before[row] as number)) counts.toRight++;
  });
  return counts;
}

/** 1 for each row that is called right. */
function rightCalls(task: MetricTask, examples: Examples): Uint8Array | undefined {
  const { labels, scores, threshold } = examples;
  if (task === 'binary')
    return Uint8Array.from(labels, (label, row) => ((scores[row] as number) >= threshold === (label === 1) ? 1 : 0));
  if (task !== 'multiclass') return undefined;
  return Uint8Array.from(calledClasses(examples), (called, row) => (called === labels[row] ? 1 : 0));
}

/** Four digits tell a span. */
function spanEnd(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** What was true and what each side said of it: a number, the class called and how sure, or the span of the levels. */
function rowValues(task: MetricTask, examples: PairedExamples, row: number): NonNullable<ChangedRow['values']> {
  const { labels, classes, candidate, baseline } = examples;
  const width = scoreWidth(examples);
  const said = (scores: Float64Array): number | string => {
    const own = scores.subarray(row * width, (row + 1) * width);
    if (classes !== undefined) {
      const best = own.indexOf(Math.max(...own));
      return `${classes[best] ?? ''} ${(own[best] ?? 0).toFixed(2)}`;
    }
    const [first = Number.NaN, last = Number.NaN] = [own.at(0), own.at(-1)];
    return task === 'quantile' ? `${spanEnd(first)} to ${spanEnd(last)}` : shortNumber(first);
  };
  const label = labels[row] as number;
  return {
    label: classes === undefined ? shortNumber(label) : (classes[label] ?? ''),
    candidate: said(candidate),
    baseline: said(baseline),
  };
}
