import { digestOf } from '../digest.ts';
import { fitsTask, type MetricTask } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { MINIMUM_CLUSTERS } from '../stats/inference.ts';
import type { GateVerdict } from '../verdict.ts';
import { compareBudgets, type Measured } from './compare/compare-budgets.ts';
import { compareCalibration } from './compare/compare-calibration.ts';
import { compareCreep, type ProvenSide } from './compare/compare-creep.ts';
import { compareFairness } from './compare/compare-fairness.ts';
import { compareFloor } from './compare/compare-floor.ts';
import { type ComparisonSettings, compareMetric } from './compare/compare-metric.ts';
import { compareSlices } from './compare/compare-slices.ts';
import type { Comparison, Decision, HoldoutFacts, Side } from './decision.ts';
import { countClusters, type PairedExamples } from './evidence/paired-examples.ts';
import { decisionMarginWarnings } from './margin-warning.ts';
import { nextStep } from './next-step.ts';
import type { GateRules, MetricName } from './rules.ts';
import { swappedWarning } from './simulate/swapped-scores.ts';

/** Everything a decision is made of; nothing else enters it, so that the same question has the same answer. */
export interface Question {
  readonly model: string;
  readonly stage?: string;
  readonly task: MetricTask;
  readonly rules: GateRules;
  readonly rulesFrom?: string;
  readonly candidate: Side;
  readonly baseline: Side;
  /** Same code, parameters and trainer as the baseline, on other data. */
  readonly sameRecipe: boolean;
  readonly holdout: HoldoutFacts;
  readonly examples: PairedExamples;
  /** The last version that was shown better, where it is not the baseline itself: for the creep guard. */
  readonly proven?: ProvenSide;
  /** Time and size, where budgets ask for them. */
  readonly measured?: Measured;
  /** The candidate's trainings whose scores `examples.seeds` holds, in the same order. */
  readonly seeds?: NonNullable<Decision['seeds']>;
  /** A look at the sealed half that the ledger has recorded; its level is alpha over the budget. */
  readonly looks?: { readonly used: number; readonly budget: number };
  readonly stays?: string;
  /** ISO day on which a half of the holdout will hold `clusters` days; for "wait". */
  readonly dateWith?: (clusters: number) => string | undefined;
  readonly warnings?: readonly string[];
}

/** Applies the rules to one comparison (design §5). Pure: the same question gives the same bytes. */
export function decide(question: Question): Decision {
  const { rules, examples, holdout } = question;
  const rulesDigest = digestOf(rules);
  const settings: ComparisonSettings = {
    rules,
    alpha: question.looks === undefined ? rules.alpha : rules.alpha / question.looks.budget,
  };
  const comparisons = compareAll(question, settings);
  const { verdict, because } = conclusion(question, comparisons);
  const swapped = swappedWarning(question.task, examples, knownAuc(comparisons, examples));
  return {
    schema: 'assay/decision/1',
    model: question.model,
    ...(question.stage === undefined ? {} : { stage: question.stage }),
    task: question.task,
    verdict,
    because,
    candidate: question.candidate,
    baseline: question.baseline,
    ...(question.proven === undefined ? {} : { proven: question.proven.side }),
    ...(question.seeds === undefined ? {} : { seeds: question.seeds }),
    sameRecipe: question.sameRecipe,
    rules,
    rulesDigest,
    ...(question.rulesFrom === undefined ? {} : { rulesFrom: question.rulesFrom }),
    holdout,
    comparisons,
    ...(question.looks === undefined ? {} : { looks: question.looks }),
    ...(question.stays === undefined ? {} : { stays: question.stays }),
    next: nextStep(verdict, because, comparisons, question),
    warnings: [
      ...(question.warnings ?? []),
      ...seedWarnings(question),
      ...(swapped === undefined ? [] : [swapped]),
      ...decisionMarginWarnings(comparisons, holdout.clusterUnit, settings.alpha),
    ],
  };
}

/** The areas under both ROC curves, where a comparison of one training each has them. */
function knownAuc(
  comparisons: readonly Comparison[],
  { seeds }: PairedExamples,
): { readonly candidate: number; readonly baseline: number } | undefined {
  const whole = comparisons.find(
    ({ metric, role }) => metric === 'roc_auc' && (role === 'primary' || role === 'guardrail'),
  );
  if (seeds !== undefined || whole?.candidate === undefined || whole.baseline === undefined) return undefined;
  return { candidate: whole.candidate, baseline: whole.baseline };
}

function compareAll(question: Question, settings: ComparisonSettings): Comparison[] {
  const { rules, baseline, sameRecipe, examples, proven, measured } = question;
  const requirement = rules.require ?? (sameRecipe ? 'not-worse' : 'better');
  const against = baseline.kind === 'constant' ? 'nothing' : 'baseline';
  const guardrails = (asked: 'not-worse' | 'no-harm') =>
    rules.guardrails.map((name) => compareMetric(name, 'guardrail', asked, examples, settings));
  const limits = [
    ...Object.entries(rules.floors).map(([name, floor]) =>
      compareFloor(name as MetricName, floor as number, examples, settings),
    ),
    ...(rules.fairness ?? []).flatMap((rule) => compareFairness(rule, examples, settings, against)),
    ...(rules.calibration === undefined ? [] : compareCalibration(rules.calibration, examples, settings, against)),
    ...(rules.budgets === undefined ? [] : compareBudgets(rules.budgets, measured, rules.alpha, against)),
  ];
  if (against === 'nothing') {
    // A first version has nothing to be better than but knowing nothing (design §5). The constant is the holdout's own
    // mean, which no model knows beforehand: a guardrail blocks only where the model is shown to do harm against it.
    return [
      compareMetric(rules.primary, 'constant', 'better', examples, settings),
      ...guardrails('no-harm'),
      ...limits,
    ];
  }
  return [
    compareMetric(rules.primary, 'primary', requirement, examples, settings),
    ...guardrails('not-worse'),
    ...(proven === undefined || rules.creep === false ? [] : [compareCreep(examples, proven, settings)]),
    ...limits,
    ...compareSlices(examples, settings),
  ];
}

/**
 * A registered version is one training. Its promotion asks whether this very model is better, which is what would serve;
 * whether its recipe is, whatever the seed, is what its evaluation asked.
 */
function seedWarnings({ rules, examples }: Question): string[] {
  if (rules.seeds === undefined || examples.seeds !== undefined) return [];
  return [
    `this is one training of the ${rules.seeds} seeds that the rules ask for: the ranges are of this very model, and say nothing of what another seed would give`,
  ];
}

/** Whether a comparison can hold up the verdict when it is not clear: an ordinary slice only blocks on shown harm. */
function mustPass({ role }: Comparison): boolean {
  return role !== 'slice';
}

/** The first comparison that fails decides, else the first that is not clear, else the primary's pass. */
function conclusion(question: Question, comparisons: readonly Comparison[]): Pick<Decision, 'verdict' | 'because'> {
  const { holdout, examples } = question;
  if (examples.ids.length === 0) return { verdict: 'inconclusive', because: { reason: 'empty-holdout' } };
  if (countClusters(examples) < MINIMUM_CLUSTERS) {
    return {
      verdict: 'inconclusive',
      because: { reason: 'too-few-clusters', detail: `${holdout.clusters} ${holdout.clusterUnit}` },
    };
  }
  const index = (verdict: GateVerdict): number =>
    comparisons.findIndex((one) => one.verdict === verdict && (verdict === 'fail' || mustPass(one)));
  const failed = index('fail');
  if (failed >= 0) return { verdict: 'fail', because: { comparison: failed } };
  const unclear = index('inconclusive');
  if (unclear >= 0) return { verdict: 'inconclusive', because: { comparison: unclear } };
  return { verdict: 'pass', because: { comparison: 0 } };
}

/** Names of the metrics that fit a task. */
export function metricsOf(task: MetricTask): MetricName[] {
  return (Object.keys(METRICS) as MetricName[]).filter((name) => fitsTask(METRICS[name], task));
}
