import { assayError } from '../../errors.ts';
import type { HoldoutPlan } from '../../gate/holdout/holdout-plan.ts';
import { separationOf } from '../../gate/holdout/planned-holdout.ts';
import type { GateRules, MetricName } from '../../gate/rules.ts';
import type { SimulatedHoldout } from '../../gate/simulate/simulation.ts';
import { callCosts } from '../../gate/threshold-rule.ts';
import { fitsTask, type Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Task } from '../../model/signature.ts';
import { normalQuantile } from '../../stats/distributions/normal.ts';
import type { SizeOptions, SupposedSize } from './simulate-size.ts';

/** What is supposed where neither data nor options say it. */
const SUPPOSED = { intraclass: 0.05, positives: 0.5, auc: 0.8, agreement: 0.9 } as const;

/** Share of documents that are relevant to their query. */
const RELEVANT = 0.2;

/** Documents of a query, classes of a multiclass task, levels of a quantile task. */
const DOCUMENTS = 20;
const CLASSES = 5;
const LEVELS = [0.1, 0.5, 0.9] as const;

/** RMSE over the standard deviation of the truth, which makes R² 0.75, and the truth's mean in such deviations. */
const RELATIVE_ERROR = 0.5;
const TARGET_MEAN = 5;

/** More than this in common, and a cluster is one row. */
const MOST_IN_COMMON = 0.99;

/** A share that is 0 or 1 in the data is taken as this near to it. */
const NEAREST_SHARE = 1e-6;

export interface PlanOptions extends SizeOptions {
  readonly intraclass?: number | undefined;
  /** Binary: share of positives. Ranking: share of relevant documents. */
  readonly positives?: number | undefined;
  readonly auc?: number | undefined;
  readonly agreement?: number | undefined;
  /** Regression, quantile, forecast: root mean squared error of both sides. */
  readonly error?: number | undefined;
  /** Multiclass: how many classes, all as frequent. */
  readonly classes?: number | undefined;
  /** Quantile: the levels that are predicted. */
  readonly levels?: readonly number[] | undefined;
  /** Ranking: documents of a query. */
  readonly documents?: number | undefined;
}

/** The holdout to draw: options first, then what the data say, then what is usual. Throws E_SIMULATE_*. */
export function planOf(
  size: SupposedSize,
  task: Task,
  rules: GateRules,
  options: PlanOptions,
): { readonly plan: HoldoutPlan; readonly holdout: SimulatedHoldout } {
  requireMetrics(task, rules, options);
  const { sizes, clusterUnit } = inDeclaredBlocks(size, rules);
  const intraclass = inside('icc', options.intraclass ?? size.intraclass ?? SUPPOSED.intraclass, 0, MOST_IN_COMMON);
  const agreement = inside('agreement', options.agreement ?? SUPPOSED.agreement, 0, 1);
  const auc = between('auc', options.auc ?? SUPPOSED.auc, 0.5, 1);
  const apart = task === 'multiclass' ? normalQuantile(auc) : separationOf(auc);
  const truth = truthOf(size, options);
  const parts = taskParts(size, task, options);
  const horizon = rules.time_series?.horizon;
  return {
    plan: {
      sizes,
      intraclass,
      agreement,
      separation: { baseline: apart, candidate: apart },
      deviation: { baseline: truth.error, candidate: truth.error },
      target: { mean: TARGET_MEAN * truth.deviation, deviation: truth.deviation },
      positives: SUPPOSED.positives,
      ...parts,
      ...(horizon === undefined ? {} : { reach: horizon }),
      ...(rules.costs === undefined ? {} : { costs: callCosts(rules.costs) }),
      ...(size.given === undefined ? {} : { given: size.given }),
    },
    holdout: {
      source: size.source,
      rows: sizes.reduce((sum, rows) => sum + rows, 0),
      clusters: sizes.length,
      clusterUnit,
      intraclass,
      ...('positives' in parts ? { positives: parts.positives } : {}),
      ...('classes' in parts ? { classes: [...parts.classes] } : {}),
      ...(task === 'ranking' ? { queries: queriesOf(size, sizes, parts) } : {}),
      ...(hasClasses(task) ? { auc } : { relativeError: truth.error / truth.deviation }),
      agreement,
    },
  };
}

function hasClasses(task: Task): boolean {
  return task === 'binary' || task === 'multiclass' || task === 'ranking';
}

/** What only one task has. */
function taskParts(size: SupposedSize, task: Task, options: PlanOptions) {
  switch (task) {
    case 'binary':
      return { positives: shareOf(size, options, SUPPOSED.positives) };
    case 'ranking': {
      const documents = options.documents ?? DOCUMENTS;
      whole('documents', documents, 2, 10_000);
      return { positives: shareOf(size, options, RELEVANT), documents };
    }
    case 'multiclass': {
      const count = options.classes ?? CLASSES;
      if (size.classes === undefined) whole('classes', count, 2, 1_000);
      return { classes: size.classes ?? new Array<number>(count).fill(1 / count) };
    }
    case 'quantile': {
      const levels = size.given?.levels ?? options.levels ?? LEVELS;
      for (const [index, level] of levels.entries()) between('levels', level, levels[index - 1] ?? 0, 1);
      return { levels: [...levels] };
    }
    case 'regression':
    case 'forecast':
      return {};
  }
}

/** Labels that are all alike say that the share is near 0 or 1, and no more. */
function shareOf(size: SupposedSize, options: PlanOptions, usual: number): number {
  if (options.positives === undefined && size.positives !== undefined) {
    return Math.min(1 - NEAREST_SHARE, Math.max(NEAREST_SHARE, size.positives));
  }
  return between('positives', options.positives ?? usual, 0, 1);
}

/** How large errors are, and how far true values are spread. */
function truthOf({ deviation }: SupposedSize, { error }: PlanOptions) {
  if (error !== undefined && !(error > 0)) {
    throw assayError('E_SIMULATE_OPTION', { option: 'error', value: error, expected: 'above 0' });
  }
  const found = error ?? RELATIVE_ERROR * (deviation ?? 1 / RELATIVE_ERROR);
  return { error: found, deviation: deviation ?? found / RELATIVE_ERROR };
}

function queriesOf({ given }: SupposedSize, sizes: readonly number[], { documents = 1 }: { documents?: number }) {
  if (given?.queries !== undefined) return new Set(given.queries).size;
  return sizes.reduce((sum, size) => sum + Math.ceil(size / documents), 0);
}

/** Days that are only supposed are put into the blocks that the rules declare; those of data are in them already. */
function inDeclaredBlocks(
  { source, sizes, clusterUnit }: SupposedSize,
  { time_series: series }: GateRules,
): Pick<SupposedSize, 'sizes' | 'clusterUnit'> {
  const block = series?.block;
  if (source === 'data' || block === undefined) return { sizes, clusterUnit };
  const count = Math.max(1, Math.floor(sizes.length / block));
  const blocks = new Array<number>(count).fill(0);
  sizes.forEach((rows, day) => {
    const at = Math.min(count - 1, Math.floor(day / block));
    blocks[at] = (blocks[at] ?? 0) + rows;
  });
  return { sizes: blocks, clusterUnit: 'block' };
}

/** Only metrics that a drawn holdout has a value of, and margins whose unit it knows. */
function requireMetrics(task: Task, rules: GateRules, { error }: PlanOptions): void {
  const metrics: MetricName[] = [rules.primary, ...rules.guardrails];
  for (const name of metrics) {
    const metric: Metric = METRICS[name];
    if (!fitsTask(metric, task)) throw assayError('E_SIMULATE_TASK', { task, metrics });
    const inTarget = metric.unit === 'target' || metric.unit === 'target²';
    if (inTarget && rules.margins[name] !== undefined && error === undefined) {
      throw assayError('E_SIMULATE_SCALE', { metric: name });
    }
  }
}

function inside(option: string, value: number, from: number, to: number): number {
  if (value >= from && value <= to) return value;
  throw assayError('E_SIMULATE_OPTION', { option, value, expected: `a number from ${from} to ${to}` });
}

function between(option: string, value: number, from: number, to: number): number {
  if (value > from && value < to) return value;
  throw assayError('E_SIMULATE_OPTION', { option, value, expected: `a number between ${from} and ${to}` });
}

function whole(option: string, value: number, from: number, to: number): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw assayError('E_SIMULATE_OPTION', { option, value, expected: `a whole number from ${from} to ${to}` });
}
