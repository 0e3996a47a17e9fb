import { describe, expect, test } from 'vitest';
import { expectedCalibrationError } from '../../lib/metrics/calibration-error.ts';
import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import { logLoss } from '../../lib/metrics/log-loss.ts';
import type { Examples, Metric } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { confusionMatrix } from '../../lib/metrics/multiclass-rows.ts';
import { ndcgMetric } from '../../lib/metrics/ndcg.ts';
import { pinball } from '../../lib/metrics/quantile-loss.ts';
import { rocAuc } from '../../lib/metrics/roc-auc.ts';
import { expectGolden, type GoldenCase, goldenCases, materialize } from '../golden/golden.ts';

const metrics: Readonly<Record<string, Metric>> = METRICS;

/** Cases of a method by their id; a file without cases is a mistake of the test. */
function casesOf(method: string): [string, GoldenCase][] {
  const cases = goldenCases(method);
  if (cases.length === 0) throw new Error(`no cases of ${method}`);
  return cases.map((one) => [one.id, one]);
}

/** Variance of a sum of independent influence values, with the n/(n−1) that DeLong's components carry by class. */
function delongVariance(influence: Float64Array, labels: Float64Array): number {
  let variance = 0;
  for (const label of [0, 1]) {
    const own = influence.filter((_value, row) => labels[row] === label);
    const squares = own.reduce((sum, value) => sum + value * value, 0);
    variance += (own.length / (own.length - 1)) * squares;
  }
  return variance;
}

describe('ROC AUC and its DeLong components', () => {
  test.each(goldenCases('delong').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const labels = materialize(golden.input.labels);
    const sides = ['a', 'b'].map((side) => ({
      labels,
      scores: materialize(golden.input[`scores_${side}`]),
      threshold: 0.5,
    }));
    const [a, b] = sides.map((side) => METRICS.roc_auc.estimate(side));
    expectGolden(golden, 'auc_a', a?.value);
    expectGolden(golden, 'auc_b', b?.value);
    if (a === undefined || b === undefined) throw new Error('no estimate');
    const difference = b.influence.map((value, row) => value - (a.influence[row] as number));
    if ('var_a' in golden.expected) expectGolden(golden, 'var_a', delongVariance(a.influence, labels));
    if ('var_b' in golden.expected) expectGolden(golden, 'var_b', delongVariance(b.influence, labels));
    if ('se_delta' in golden.expected) expectGolden(golden, 'se_delta', Math.sqrt(delongVariance(difference, labels)));
  });
});

// Not offered, so not compared: pr_auc_trapezoid, partial_auc, ks_separation, log_loss_clip_1e-15, mce, spiegelhalter.
describe('scores of probabilities', () => {
  test.each(casesOf('score_metrics'))('%s', (_id, golden) => {
    const labels = materialize(golden.input.labels);
    const scores = materialize(golden.input.scores);
    const examples = { labels, scores, threshold: 0.5 };
    for (const name of ['roc_auc', 'average_precision', 'brier'] as const) {
      const value = METRICS[name].estimate(examples)?.value;
      if (name in golden.expected) expectGolden(golden, name, value);
      else expect(value).toBeUndefined();
    }
    if (typeof golden.expected.roc_auc !== 'number') expect(rocAuc(labels, scores)).toBeNaN();
    if (!('brier' in golden.expected)) return;
    expectGolden(golden, 'log_loss_sklearn', logLoss(labels, scores));
    expectGolden(golden, 'ece_10', METRICS.ece.estimate(examples)?.value);
    expectGolden(golden, 'ece_10', expectedCalibrationError(examples, 10, 'width'));
    expectGolden(golden, 'ece_15', expectedCalibrationError(examples, 15, 'width'));
  });
});

describe('ratios by linearisation', () => {
  const fitting = casesOf('ratio_linearised').filter(([, { options }]) => options.metric !== 'wape');
  test.each(fitting)('%s', (_id, golden) => {
    const name = golden.options.metric === 'fbeta' ? `f${golden.options.beta}` : String(golden.options.metric);
    expectRatio(golden, (labels, scores) => metrics[name]?.estimate({ labels, scores, threshold: 0.5 }));
  });
  test('WAPE', () => {
    const golden = goldenCases('ratio_linearised').find(({ options }) => options.metric === 'wape');
    if (golden === undefined) throw new Error('no case of WAPE');
    expectRatio(golden, (labels, scores) => METRICS.wape.estimate({ labels, scores, threshold: 0.5 }));
  });
});

function expectRatio(golden: GoldenCase, estimate: (labels: Float64Array, scores: Float64Array) => unknown): void {
  const labels = materialize(golden.input.labels);
  const [a, b] = ['a', 'b'].map((side) => estimate(labels, materialize(golden.input[`pred_${side}`]))) as (
    | { value: number; influence: Float64Array }
    | undefined
  )[];
  expectGolden(golden, 'value_a', a?.value ?? Number.NaN);
  expectGolden(golden, 'value_b', b?.value ?? Number.NaN);
  if (a === undefined || b === undefined) return;
  const difference = b.influence.map((value, row) => value - (a.influence[row] as number));
  const clusters = golden.input.clusters === undefined ? [...labels.keys()] : materialize(golden.input.clusters);
  for (const [key, influence] of [
    ['se_a', a.influence],
    ['se_b', b.influence],
    ['se_delta', difference],
  ] as const) {
    const sums = new Map<number, number>();
    influence.forEach((value, row) => {
      const cluster = clusters[row] as number;
      sums.set(cluster, (sums.get(cluster) ?? 0) + value);
    });
    expectGolden(golden, key, Math.sqrt([...sums.values()].reduce((sum, value) => sum + value * value, 0)));
  }
}

describe('errors of regressions', () => {
  test.each(casesOf('regression_metrics'))('%s', (_id, golden) => {
    const labels = materialize(golden.input.y);
    const scores = materialize(golden.input.pred);
    const examples: Examples = { labels, scores, threshold: 0.5 };
    for (const name of ['rmse', 'mae', 'mse', 'mape', 'wape'] as const) {
      expectGolden(golden, name, METRICS[name].estimate(examples)?.value);
    }
    expectGolden(golden, 'smape_0_2', METRICS.smape.estimate(examples)?.value);
    expectGolden(golden, 'median_ae', DESCRIPTIONS.median_absolute_error.describe(examples));
    expectGolden(golden, 'max_error', DESCRIPTIONS.max_error.describe(examples));
    expectGolden(golden, 'bias', DESCRIPTIONS.bias.describe(examples));
    // A constant target: scikit-learn says 0 or 1, the note says to treat it as undefined.
    const r2 = METRICS.r2.estimate(examples)?.value;
    if ('r2_note' in golden.expected) expect(r2).toBeUndefined();
    else expectGolden(golden, 'r2', r2);
    for (const level of [0.1, 0.5, 0.9]) {
      const loss = METRICS.pinball_loss.estimate({ ...examples, levels: Float64Array.of(level) })?.value;
      expectGolden(golden, `pinball_${level}`, loss);
    }
    if (typeof golden.expected.rmse_se_linearised === 'number') {
      const influence = METRICS.rmse.estimate(examples)?.influence ?? new Float64Array();
      const squares = influence.reduce((sum, value) => sum + value * value, 0);
      expectGolden(golden, 'rmse_se_linearised', Math.sqrt(squares));
    }
  });
  test('pinball counts what is missed by the level', () => {
    expect(pinball(0.9, 3, 1)).toBeCloseTo(1.8, 12);
    expect(pinball(0.9, 1, 3)).toBeCloseTo(0.2, 12);
  });
});

// Not offered for many classes, so not compared: balanced_accuracy, mcc, kappa, fbeta.
describe('calls of many classes', () => {
  test.each(casesOf('classification_metrics'))('%s', (_id, golden) => {
    const labels = materialize(golden.input.labels);
    const called = materialize(golden.input.pred);
    const classes = Math.max(...labels, ...called) + 1;
    const scores = Float64Array.from({ length: classes * labels.length }, (_none, cell) =>
      called[Math.floor(cell / classes)] === cell % classes ? 1 : 0,
    );
    const examples: Examples = { labels, scores, threshold: 0.5, classes };
    expectGolden(golden, 'accuracy', METRICS.multiclass_accuracy.estimate(examples)?.value);
    for (const average of ['macro', 'micro', 'weighted']) {
      for (const kind of ['precision', 'recall', 'f1']) {
        const name = `${kind}_${average}`;
        expectGolden(golden, name, metrics[name]?.estimate(examples)?.value);
      }
    }
    const order = golden.expected.class_order as number[];
    const matrix = confusionMatrix(examples);
    const wanted = golden.expected.confusion as number[][];
    expect(order.map((row) => order.map((column) => matrix[row * classes + column]))).toEqual(wanted);
  });
});

// Not offered, so not compared: roc_auc_ovo_macro, ece_confidence_10.
describe('probabilities of many classes', () => {
  test.each(casesOf('multiclass_metrics'))('%s', (_id, golden) => {
    const probabilities = golden.input.probs as number[][];
    const examples: Examples = {
      labels: materialize(golden.input.labels),
      scores: Float64Array.from(probabilities.flat()),
      threshold: 0.5,
      classes: probabilities[0]?.length ?? 0,
    };
    const names = {
      log_loss: 'multiclass_log_loss',
      roc_auc_ovr_macro: 'roc_auc_macro',
      roc_auc_ovr_weighted: 'roc_auc_weighted',
      brier_multiclass_sum: 'multiclass_brier',
      top2_accuracy: 'top_2_accuracy',
    } as const;
    for (const [key, name] of Object.entries(names)) expectGolden(golden, key, METRICS[name].estimate(examples)?.value);
  });
});

// Not offered, so not compared: ignore_ties, where the order of rows would decide.
describe('rankings by query', () => {
  test.each(casesOf('ranking_metrics'))('%s', (_id, golden) => {
    const relevance = golden.input.relevance as number[][];
    const examples: Examples = {
      labels: Float64Array.from(relevance.flat()),
      scores: Float64Array.from((golden.input.scores as number[][]).flat()),
      threshold: 0.5,
      queries: Int32Array.from(relevance.flatMap((documents, query) => documents.map(() => query))),
    };
    for (const [key, k] of [
      ['ndcg@3_tie_averaged', 3],
      ['ndcg@5_tie_averaged', 5],
      ['ndcg_tie_averaged', Number.POSITIVE_INFINITY],
    ] as const) {
      expectGolden(golden, key, ndcgMetric('ndcg', { k }).estimate(examples)?.value);
    }
  });
});
