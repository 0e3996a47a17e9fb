import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { calibrationBins } from '../../lib/metrics/calibration-bins.ts';
import { confusionCounts } from '../../lib/metrics/confusion.ts';
import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import type { Description, Examples, Metric, MetricTask } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { confusionMatrix } from '../../lib/metrics/multiclass-rows.ts';
import { precisionRecallCurve, rocCurve } from '../../lib/metrics/score-curves.ts';
import { agree } from './drawn-examples.ts';

/** scikit-learn's answers, made by test/golden/metrics/generate.py. */
interface Case {
  readonly name: string;
  readonly task: MetricTask;
  readonly labels: number[];
  readonly scores: number[];
  readonly weights?: number[];
  readonly classes?: number;
  readonly levels?: number[];
  readonly queries?: number[];
  readonly expected: Record<string, number>;
  readonly curves?: Record<string, number[] | number[][]>;
}

const file = new URL('../golden/metrics/sklearn.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

function examplesOf({ labels, scores, weights, classes, levels, queries }: Case): Examples {
  return {
    labels: Float64Array.from(labels),
    scores: Float64Array.from(scores),
    threshold: 0.5,
    ...(weights === undefined ? {} : { weights: Float64Array.from(weights) }),
    ...(classes === undefined ? {} : { classes }),
    ...(levels === undefined ? {} : { levels: Float64Array.from(levels) }),
    ...(queries === undefined ? {} : { queries: Int32Array.from(queries) }),
  };
}

const metrics: Readonly<Record<string, Metric>> = METRICS;
const descriptions: Readonly<Record<string, Description>> = DESCRIPTIONS;

function expectNumbers(actual: readonly (number | undefined)[], wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, at) => {
    expect(agree(value ?? Number.NaN, wanted[at] as number, 1e-11), `${at}: ${value} for ${wanted[at]}`).toBe(true);
  });
}

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const examples = examplesOf(one);

  test.each(Object.entries(one.expected))('%s is %d', (name, wanted) => {
    const value = metrics[name]?.estimate(examples)?.value ?? descriptions[name]?.describe(examples);
    expectNumbers([value], [wanted]);
  });

  const { roc, precision_recall, confusion, calibration } = one.curves ?? {};
  if (roc !== undefined) {
    test('the ROC curve', () => {
      const [falsePositiveRates, truePositiveRates, thresholds] = roc as number[][];
      const points = rocCurve(examples) ?? [];
      expectNumbers(
        points.map((point) => point.falsePositiveRate),
        falsePositiveRates ?? [],
      );
      expectNumbers(
        points.map((point) => point.truePositiveRate),
        truePositiveRates ?? [],
      );
      expectNumbers(
        points.slice(1).map((point) => point.threshold),
        thresholds ?? [],
      );
    });
  }
  if (precision_recall !== undefined) {
    test('the precision-recall curve', () => {
      const [precision, recall, thresholds] = (precision_recall as number[][]).map((column) => column.toReversed());
      const points = precisionRecallCurve(examples) ?? [];
      expectNumbers(
        points.map((point) => point.precision),
        precision ?? [],
      );
      expectNumbers(
        points.map((point) => point.recall),
        recall ?? [],
      );
      expectNumbers(
        points.map((point) => point.threshold),
        thresholds ?? [],
      );
    });
  }
  if (confusion !== undefined) {
    test('the confusion matrix', () => {
      if (one.task === 'multiclass') return expectNumbers([...confusionMatrix(examples)], confusion as number[]);
      const calls = confusionCounts(examples);
      expectNumbers(
        [calls.trueNegatives, calls.falsePositives, calls.falseNegatives, calls.truePositives],
        confusion as number[],
      );
    });
  }
  if (calibration !== undefined) {
    test('the calibration curve', () => {
      const [observed, predicted] = calibration as number[][];
      const bins = calibrationBins(examples);
      expectNumbers(
        bins.map((bin) => bin.observed),
        observed ?? [],
      );
      expectNumbers(
        bins.map((bin) => bin.predicted),
        predicted ?? [],
      );
    });
  }
});
