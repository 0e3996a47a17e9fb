import { assayError } from '../errors.ts';
import { type HoldoutPlan, separationOf } from '../gate/planned-holdout.ts';
import type { GateRules, MetricName } from '../gate/rules.ts';
import type { SimulatedHoldout } from '../gate/simulation.ts';
import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import type { SizeOptions, SupposedSize } from './simulate-size.ts';

/** What is supposed where neither data nor options say it. */
const SUPPOSED = { intraclass: 0.05, positives: 0.5, auc: 0.8, agreement: 0.9 } as const;

/** More than this in common, and a cluster is one row. */
const MOST_IN_COMMON = 0.99;

export interface PlanOptions extends SizeOptions {
  readonly intraclass?: number | undefined;
  readonly positives?: number | undefined;
  readonly auc?: number | undefined;
  readonly agreement?: number | undefined;
  /** Regression: root mean squared error of both sides. */
  readonly error?: number | undefined;
}

/** The holdout to draw: options first, then what the data say, then what is usual. Throws E_SIMULATE_*. */
export function planOf(
  size: SupposedSize,
  task: 'binary' | 'regression',
  rules: GateRules,
  options: PlanOptions,
): { readonly plan: HoldoutPlan; readonly holdout: SimulatedHoldout } {
  requireMetrics(task, rules, options);
  const intraclass = inside('icc', options.intraclass ?? size.intraclass ?? SUPPOSED.intraclass, 0, MOST_IN_COMMON);
  const positives = options.positives ?? size.positives ?? SUPPOSED.positives;
  const auc = options.auc ?? SUPPOSED.auc;
  const agreement = inside('agreement', options.agreement ?? SUPPOSED.agreement, 0, 1);
  if (task === 'binary') {
    between('positives', positives, 0, 1);
    between('auc', auc, 0.5, 1);
  }
  const apart = separationOf(auc);
  const error = options.error ?? 1;
  if (!(error > 0)) throw assayError('E_SIMULATE_OPTION', { option: 'error', value: error, expected: 'above 0' });
  return {
    plan: {
      sizes: size.sizes,
      intraclass,
      positives,
      agreement,
      separation: { baseline: apart, candidate: apart },
      deviation: { baseline: error, candidate: error },
    },
    holdout: {
      source: size.source,
      rows: size.sizes.reduce((sum, rows) => sum + rows, 0),
      clusters: size.sizes.length,
      clusterUnit: size.clusterUnit,
      intraclass,
      ...(task === 'binary' ? { positives, auc } : {}),
      agreement,
    },
  };
}

/** Only metrics that a drawn holdout has a value of, and margins whose unit it knows. */
function requireMetrics(task: 'binary' | 'regression', rules: GateRules, { error }: PlanOptions): void {
  const metrics: MetricName[] = [rules.primary, ...rules.guardrails];
  for (const name of metrics) {
    const metric: Metric = METRICS[name];
    if (metric.task !== task) throw assayError('E_SIMULATE_TASK', { task, metrics });
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

function between(option: string, value: number, from: number, to: number): void {
  if (value > from && value < to) return;
  throw assayError('E_SIMULATE_OPTION', { option, value, expected: `a number between ${from} and ${to}` });
}
