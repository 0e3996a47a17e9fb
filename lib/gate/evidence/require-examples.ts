import { type AssayError, assayError } from '../../errors.ts';
import { checkExamples, type ExampleProblem, type ProblemKind, SHOWN_ROWS } from '../../metrics/check-examples.ts';
import type { Examples, MetricTask } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { GateRules, MetricName } from '../rules.ts';
import { scoreWidth, sideExamples, type TaskParts } from './paired-examples.ts';

/** The columns that the examples came from, for messages. */
export interface ExampleColumns {
  readonly target: string;
  readonly weight?: string | undefined;
  readonly query?: string | undefined;
}

/** Labelled rows before anybody has scored them, in ascending order of id. */
export interface LabelledRows extends TaskParts {
  readonly ids: readonly string[];
  readonly labels: Float64Array;
  /** A label as the data have it, for messages; the number when left out. */
  readonly labelText?: (row: number) => string;
}

/** Problems of the rows themselves; all others are of a side's scores. */
const OF_ROWS: readonly ProblemKind[] = [
  'label-not-finite',
  'label-outside',
  'weight-not-finite',
  'weight-negative',
  'weights-all-zero',
  'query-weights-differ',
];

/**
 * Labels, weights and queries that no metric can take are refused by name, with the first offending ids.
 * Throws E_LABEL_*, E_WEIGHT, E_QUERY_WEIGHTS.
 */
export function requireRows(task: MetricTask, columns: ExampleColumns, rows: LabelledRows): void {
  const blank = new Float64Array(rows.labels.length * scoreWidth(rows));
  const problems = checkExamples(task, sideExamples(rows, blank, 0.5));
  const found = problems.find(({ kind }) => OF_ROWS.includes(kind));
  if (found !== undefined) throw rowsError(task, columns, rows, found);
  requirePositiveWeights(columns, rows);
}

/**
 * One side's scores that the rules' metrics cannot take are refused, with the first offending ids. Throws E_SCORE_*.
 *
 * @param side whose scores, for messages
 * @param columns the scores' columns, for messages
 */
export function requireScores(
  side: string,
  columns: readonly string[],
  ids: readonly string[],
  task: MetricTask,
  examples: Examples,
  rules: DecidingRules,
): void {
  const metric = decidingMetrics(rules).find((name) => METRICS[name].needsProbabilities);
  const problems = checkExamples(task, examples, { probabilities: metric !== undefined });
  const found = problems.find(({ kind }) => !OF_ROWS.includes(kind));
  if (found === undefined) return;
  throw scoresError({ side, columns, ids, examples, metric: metric ?? rules.primary }, found);
}

type DecidingRules = Pick<GateRules, 'primary' | 'guardrails' | 'floors' | 'fairness' | 'calibration'>;

/** The metrics that a gate decides on, the primary first. */
export function decidingMetrics(rules: DecidingRules): MetricName[] {
  const fairness = (rules.fairness ?? []).flatMap(({ metric }) => metric ?? []);
  // A calibration error is of probabilities, as the one that is a metric.
  const calibration: MetricName[] = rules.calibration === undefined ? [] : ['ece'];
  const floors = Object.keys(rules.floors) as MetricName[];
  return [...new Set([rules.primary, ...rules.guardrails, ...floors, ...fairness, ...calibration])];
}

function namesOf(ids: readonly string[], { rows, count }: Pick<ExampleProblem, 'rows' | 'count'>) {
  const named = rows.map((row) => ids[row] as string);
  return { id: named[0] ?? '', ids: named, count };
}

function rowsError(
  task: MetricTask,
  { target, weight = 'weight' }: ExampleColumns,
  { ids, classes = [], labelText = String }: LabelledRows,
  problem: ExampleProblem,
): AssayError {
  const named = namesOf(ids, problem);
  const value = String(problem.value);
  switch (problem.kind) {
    case 'label-not-finite':
    case 'label-outside': {
      const column = target;
      if (task === 'binary') return assayError('E_LABEL_NOT_BINARY', { column, value, ...named });
      if (task === 'multiclass') {
        return assayError('E_LABEL_CLASS', { column, value: labelText(problem.rows[0] ?? 0), classes, ...named });
      }
      if (problem.kind === 'label-outside') return assayError('E_LABEL_RELEVANCE', { column, value, ...named });
      return assayError('E_LABEL_NOT_FINITE', { column, value, ...named });
    }
    case 'query-weights-differ':
      return assayError('E_QUERY_WEIGHTS', { column: weight, ...named });
    default:
      return assayError('E_WEIGHT', { column: weight, value, ...named });
  }
}

/** Metrics take a weight of 0 for an absent row; in a holdout it is a mistake, and counted it would be evidence. */
function requirePositiveWeights({ weight = 'weight' }: ExampleColumns, { ids, weights }: LabelledRows): void {
  const rows: number[] = [];
  let count = 0;
  weights?.forEach((one, row) => {
    if (one === 0 && count++ < SHOWN_ROWS) rows.push(row);
  });
  if (count === 0) return;
  throw assayError('E_WEIGHT', { column: weight, value: '0', ...namesOf(ids, { rows, count }) });
}

interface ScoredSide {
  readonly side: string;
  readonly columns: readonly string[];
  readonly ids: readonly string[];
  readonly examples: Examples;
  readonly metric: MetricName;
}

function scoresError({ side, columns, ids, examples, metric }: ScoredSide, problem: ExampleProblem): AssayError {
  const named = namesOf(ids, problem);
  const value = problem.value ?? Number.NaN;
  const width = columns.length;
  const start = (problem.rows[0] ?? 0) * width;
  const at = examples.scores.subarray(start, start + width).findIndex((score) => Object.is(score, problem.value));
  const column = columns[at];
  const where = { side, ...(column === undefined ? {} : { column }), ...named };
  switch (problem.kind) {
    case 'score-not-finite':
      return assayError('E_SCORE_NOT_FINITE', { value: String(value), ...where });
    case 'score-not-probability':
      return assayError('E_SCORE_NOT_PROBABILITY', { value, metric, ...where });
    case 'probabilities-do-not-add-up': {
      const sum = examples.scores.subarray(start, start + width).reduce((total, one) => total + one, 0);
      return assayError('E_SCORE_SUM', { side, columns, value: sum, ...named });
    }
    case 'quantiles-cross':
      return assayError('E_SCORE_QUANTILES_CROSS', { side, columns, ...named });
    default:
      throw new TypeError(`examples of ${side}: ${problem.kind}`);
  }
}
