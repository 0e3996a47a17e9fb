import type { Examples, MetricTask } from './metric.ts';

/** What is wrong with some rows (or, without rows, with the examples as a whole). */
export interface ExampleProblem {
  readonly kind: ProblemKind;
  /** How many rows; 0 for a problem of the whole. */
  readonly count: number;
  /** The first offending rows, from 0, at most `SHOWN_ROWS`. */
  readonly rows: readonly number[];
  /** The first offending value, where one number says it. */
  readonly value?: number;
}

export type ProblemKind =
  /** `scores`, `weights`, `queries` or `series` has another length than the labels need. */
  | 'length'
  /** NaN or infinite. */
  | 'label-not-finite'
  /** Not 0 or 1; not a class's index; a relevance below 0. */
  | 'label-outside'
  | 'score-not-finite'
  /** A probability below 0 or above 1. */
  | 'score-not-probability'
  /** The probabilities of a row do not add up to 1. */
  | 'probabilities-do-not-add-up'
  /** A higher level is predicted below a lower one. */
  | 'quantiles-cross'
  | 'weight-not-finite'
  | 'weight-negative'
  | 'weights-all-zero'
  | 'threshold-not-a-number'
  /** No, or too few, classes; levels that are not ascending inside (0, 1); no queries; no series or scales. */
  | 'classes-missing'
  | 'levels-unordered'
  | 'queries-missing'
  | 'query-outside'
  | 'query-weights-differ'
  | 'series-missing'
  | 'series-outside'
  | 'scale-outside'
  | 'costs-outside';

/** Rows that a problem names. */
export const SHOWN_ROWS = 5;

/** How far the probabilities of a row may be from adding up to 1: what float32 models write. */
export const PROBABILITY_SUM_TOLERANCE = 1e-4;

export interface CheckOptions {
  /** Whether a metric is asked that needs probabilities (multiclass scores always are). */
  readonly probabilities?: boolean;
}

/** Everything that `Examples` says of itself, checked. No problem means that every metric of the task can be asked. */
export function checkExamples(task: MetricTask, examples: Examples, options: CheckOptions = {}): ExampleProblem[] {
  const width = columnsOf(task, examples);
  const missing = missingParts(task, examples);
  if (missing.length > 0) return missing;
  const lengths = wrongLengths(examples, width);
  if (lengths.length > 0) return lengths;
  const { labels, scores } = examples;
  const rows = labels.length;
  const problems: ExampleProblem[] = [];
  const look = (kind: ProblemKind, isBad: (row: number) => boolean, valueAt?: (row: number) => number) => {
    const found = offending(rows, isBad);
    if (found.count === 0) return;
    const value = valueAt?.(found.rows[0] as number);
    problems.push({ kind, ...found, ...(value === undefined ? {} : { value }) });
  };
  const label = (row: number) => labels[row] as number;
  look('label-not-finite', (row) => !Number.isFinite(label(row)), label);
  look('label-outside', (row) => Number.isFinite(label(row)) && !isLabel(task, label(row), examples), label);
  const badScore = (isBad: (score: number) => boolean) => (row: number) => firstScore(scores, row, width, isBad);
  const lookAtScores = (kind: ProblemKind, isBad: (score: number) => boolean) => {
    const find = badScore(isBad);
    look(
      kind,
      (row) => find(row) !== undefined,
      (row) => find(row) as number,
    );
  };
  lookAtScores('score-not-finite', (score) => !Number.isFinite(score));
  if (task === 'multiclass' || (task === 'binary' && options.probabilities === true)) {
    lookAtScores('score-not-probability', (score) => Number.isFinite(score) && (score < 0 || score > 1));
  }
  if (task === 'multiclass') {
    look('probabilities-do-not-add-up', (row) => Math.abs(rowSum(scores, row, width) - 1) > PROBABILITY_SUM_TOLERANCE);
  }
  if (task === 'quantile') look('quantiles-cross', (row) => crosses(scores, row, width));
  checkWeights(examples, look, problems);
  if (task === 'ranking') checkQueries(examples, look);
  if (task === 'forecast') checkSeries(examples, look);
  return problems;
}

type Look = (kind: ProblemKind, isBad: (row: number) => boolean, valueAt?: (row: number) => number) => void;

function whole(kind: ProblemKind): ExampleProblem {
  return { kind, count: 0, rows: [] };
}

function offending(rows: number, isBad: (row: number) => boolean): { count: number; rows: number[] } {
  const shown: number[] = [];
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (!isBad(row)) continue;
    count++;
    if (shown.length < SHOWN_ROWS) shown.push(row);
  }
  return { count, rows: shown };
}

/** How many scores a row has. */
function columnsOf(task: MetricTask, { classes, levels }: Examples): number {
  if (task === 'multiclass') return classes ?? 0;
  return task === 'quantile' ? (levels?.length ?? 0) : 1;
}

function missingParts(task: MetricTask, { classes, levels, queries, series, scales, threshold, costs }: Examples) {
  const found: ExampleProblem[] = [];
  const unless = (fine: boolean, kind: ProblemKind) => {
    if (!fine) found.push(whole(kind));
  };
  if (task === 'binary') {
    unless(!Number.isNaN(threshold), 'threshold-not-a-number');
    const { falsePositive, falseNegative } = costs ?? { falsePositive: 1, falseNegative: 1 };
    unless(isAmount(falsePositive) && isAmount(falseNegative), 'costs-outside');
  }
  if (task === 'multiclass')
    unless(classes !== undefined && Number.isInteger(classes) && classes >= 2, 'classes-missing');
  if (task === 'quantile') unless(levels !== undefined && levels.length > 0 && areLevels(levels), 'levels-unordered');
  if (task === 'ranking') unless(queries !== undefined, 'queries-missing');
  if (task === 'forecast') unless((series === undefined) === (scales === undefined), 'series-missing');
  return found;
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function areLevels(levels: Float64Array): boolean {
  return levels.every((level, j) => level > 0 && level < 1 && (j === 0 || level > (levels[j - 1] as number)));
}

function wrongLengths({ labels, scores, weights, queries, series }: Examples, width: number): ExampleProblem[] {
  const rows = labels.length;
  const fits =
    scores.length === rows * width && [weights, queries, series].every((column) => (column?.length ?? rows) === rows);
  return fits ? [] : [whole('length')];
}

function isLabel(task: MetricTask, label: number, { classes }: Examples): boolean {
  if (task === 'binary') return label === 0 || label === 1;
  if (task === 'multiclass') return Number.isInteger(label) && label >= 0 && label < (classes ?? 0);
  return task !== 'ranking' || label >= 0;
}

function firstScore(scores: Float64Array, row: number, width: number, isBad: (score: number) => boolean) {
  for (let at = row * width; at < (row + 1) * width; at++) {
    if (isBad(scores[at] as number)) return scores[at] as number;
  }
  return undefined;
}

function rowSum(scores: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let at = row * width; at < (row + 1) * width; at++) sum += scores[at] as number;
  return sum;
}

function crosses(scores: Float64Array, row: number, width: number): boolean {
  for (let at = row * width + 1; at < (row + 1) * width; at++) {
    if ((scores[at] as number) < (scores[at - 1] as number)) return true;
  }
  return false;
}

function checkWeights({ weights }: Examples, look: Look, problems: ExampleProblem[]): void {
  if (weights === undefined) return;
  const weight = (row: number) => weights[row] as number;
  look('weight-not-finite', (row) => !Number.isFinite(weight(row)), weight);
  look('weight-negative', (row) => weight(row) < 0, weight);
  if (weights.length > 0 && weights.every((one) => one === 0)) problems.push(whole('weights-all-zero'));
}

function checkQueries({ queries = new Int32Array(), weights }: Examples, look: Look): void {
  const query = (row: number) => queries[row] as number;
  look('query-outside', (row) => query(row) < 0, query);
  if (weights === undefined) return;
  const weightOf = new Map<number, number>();
  queries.forEach((code, row) => {
    if (!weightOf.has(code)) weightOf.set(code, weights[row] as number);
  });
  look('query-weights-differ', (row) => weightOf.get(query(row)) !== weights[row]);
}

function checkSeries({ series, scales }: Examples, look: Look): void {
  if (series === undefined || scales === undefined) return;
  const code = (row: number) => series[row] as number;
  const isSeries = (row: number) => code(row) >= 0 && code(row) < scales.length;
  look('series-outside', (row) => !isSeries(row), code);
  look(
    'scale-outside',
    (row) => isSeries(row) && !isAmount(scales[code(row)] as number),
    (row) => scales[code(row)] as number,
  );
}
