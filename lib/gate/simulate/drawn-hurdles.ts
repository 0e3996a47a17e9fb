import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { compareCalibration } from '../compare/compare-calibration.ts';
import { compareFairness } from '../compare/compare-fairness.ts';
import { compareFloor } from '../compare/compare-floor.ts';
import { intervalOf, type MetricDifference, marginOf, metricDifference } from '../compare/compare-metric.ts';
import { compareSlices, slicesOf, tooFew } from '../compare/compare-slices.ts';
import type { Comparison } from '../decision.ts';
import type { PairedExamples } from '../evidence/paired-examples.ts';
import { judge, type Limits } from '../judge.ts';
import type { GateRules, MetricName } from '../rules.ts';
import type { Chances, FurtherRule } from './simulation.ts';

/** What else can hold a candidate up, on one drawn holdout. */
export interface Hurdle {
  readonly rule: Pick<FurtherRule, 'role' | 'metric' | 'column' | 'value'>;
  readonly requirement: Comparison['requirement'];
  readonly margin: number;
  /** As it would be displayed, by look; undefined where it cannot be judged. */
  readonly limits: Readonly<Record<keyof Chances, Limits>> | undefined;
  /** Whether it is taken without being judged: an ordinary slice that is too small blocks nobody. */
  readonly waived: boolean;
  /** Whether it moves with the true difference of the primary metric. */
  readonly moves: boolean;
}

/** Whether a hurdle lets a candidate past whose primary metric is truly better by `truth`. */
export function clears({ requirement, margin, limits, waived, moves }: Hurdle, truth: number, look: keyof Chances) {
  const seen = limits?.[look];
  if (seen === undefined) return waived;
  const by = moves ? truth : 0;
  return judge(requirement, { lower: seen.lower + by, upper: seen.upper + by }, margin) === 'pass';
}

/** Floors, fairness, calibration and slices of the rules, judged as the gate does, at the levels of both looks. */
export function drawnHurdles(rules: GateRules, examples: PairedExamples, levels: Chances): Hurdle[] {
  const settings = { advisory: { rules, alpha: levels.advisory }, promotion: { rules, alpha: levels.promotion } };
  const both = (compare: (look: keyof Chances) => readonly Comparison[]) => [compare('advisory'), compare('promotion')];
  const limits = [
    ...Object.entries(rules.floors).map(([name, floor]) =>
      both((look) => [compareFloor(name as MetricName, floor as number, examples, settings[look])]),
    ),
    ...(rules.fairness ?? []).map((rule) =>
      both((look) =>
        compareFairness(rule, examples, settings[look], 'baseline').map((one) => ({
          ...one,
          slice: { column: rule.column, value: '' },
        })),
      ),
    ),
    ...(rules.calibration === undefined ? [] : [rules.calibration]).map((rule) =>
      both((look) => compareCalibration(rule, examples, settings[look], 'baseline')),
    ),
  ];
  return [
    ...limits.flatMap(([advisory = [], promotion = []]) =>
      advisory.map((one, index) => hurdleOf(one, promotion[index], rules.primary)),
    ),
    ...criticalHurdles(rules, examples, settings),
    ...sliceHurdles(rules, examples, levels),
  ];
}

function hurdleOf(advisory: Comparison, promotion: Comparison | undefined, primary: MetricName): Hurdle {
  const { metric, role, slice, requirement, margin } = advisory;
  const limits =
    advisory.interval === undefined || promotion?.interval === undefined
      ? undefined
      : { advisory: advisory.interval, promotion: promotion.interval };
  return {
    rule: {
      role: role as FurtherRule['role'],
      metric,
      ...(slice === undefined ? {} : { column: slice.column }),
      ...(slice === undefined || role === 'fairness' ? {} : { value: slice.value }),
    },
    requirement,
    margin,
    limits,
    waived: false,
    moves: role === 'critical-slice' || (role === 'floor' && metric === primary),
  };
}

/** Critical slices have to be shown not worse, each by itself. */
function criticalHurdles(
  rules: GateRules,
  examples: PairedExamples,
  settings: Readonly<Record<keyof Chances, { readonly rules: GateRules; readonly alpha: number }>>,
): Hurdle[] {
  const critical = rules.slices.filter((slice) => slice.critical);
  if (critical.length === 0) return [];
  const at = (look: keyof Chances) =>
    compareSlices(examples, { ...settings[look], rules: { ...rules, slices: critical } });
  const promotion = at('promotion');
  return at('advisory').map((one, index) => hurdleOf(one, promotion[index], rules.primary));
}

/**
 * Ordinary slices block on shown harm. Whether any does is the first step of Holm's procedure: some interval at the level
 * over their number lies beyond two margins.
 */
function sliceHurdles(rules: GateRules, examples: PairedExamples, levels: Chances): Hurdle[] {
  const metric: Metric = METRICS[rules.primary];
  const settings = { rules, alpha: levels.advisory };
  const found = rules.slices
    .filter(({ critical }) => !critical)
    .flatMap(({ column }) => slicesOf(examples, column, false))
    .map((slice) => ({
      column: slice.column,
      difference:
        tooFew(slice.examples, metric.task) === undefined
          ? metricDifference(metric, slice.examples, settings)
          : undefined,
    }));
  const judged = found.filter(({ difference }) => difference?.inference !== undefined).length;
  return found.map(({ column, difference }) => ({
    rule: { role: 'slice', metric: rules.primary, column },
    requirement: 'no-harm',
    margin: marginOf(rules.primary, rules, difference?.baseline ?? 0),
    limits: limitsAt(difference, levels, judged),
    waived: true,
    moves: true,
  }));
}

function limitsAt(found: MetricDifference | undefined, levels: Chances, among: number): Hurdle['limits'] {
  const inference = found?.inference;
  if (found === undefined || inference === undefined) return undefined;
  return {
    advisory: intervalOf(found.difference, inference, levels.advisory / among),
    promotion: intervalOf(found.difference, inference, levels.promotion / among),
  };
}
