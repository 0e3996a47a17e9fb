import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/digest.ts';
import type { Decision } from '../../../lib/gate/decision.ts';
import {
  EVIDENCE_CLASSES,
  EVIDENCE_LINES,
  EVIDENCE_ROWS,
  Evidence,
  type Findings,
  type FindingsOf,
} from '../../../lib/gate/evidence/evidence.ts';
import { gatherEvidence } from '../../../lib/gate/evidence/gather-evidence.ts';
import type { PairedExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import { createRandom } from '../../../lib/stats/resampling/random.ts';
import { decided, makeExamples } from '../examples.ts';

const binaryExamples = makeExamples({ days: 25, rowsPerDay: 40, candidate: 0.5, baseline: 1 });
const binaryDecision = decided(binaryExamples);

/** A decision's frame for another task: evidence takes the task, the rules' threshold, the half and the digests. */
function framed(task: Decision['task'], half: Decision['holdout']['half'] = 'development'): Decision {
  return { ...binaryDecision, task, holdout: { ...binaryDecision.holdout, half } };
}

function gathered(task: Decision['task'], examples: PairedExamples, values = false): Evidence {
  const evidence = gatherEvidence(framed(task), examples, { values });
  return Evidence.parse(JSON.parse(JSON.stringify(evidence)));
}

function findingsOf<T extends Findings['task']>(evidence: Evidence, task: T): FindingsOf<T> {
  expect(evidence.findings.task).toBe(task);
  return evidence.findings as FindingsOf<T>;
}

/** Examples by hand: one row a cluster. */
function examplesOf(
  labels: readonly number[],
  candidate: readonly number[],
  baseline: readonly number[],
  parts: Partial<PairedExamples> = {},
): PairedExamples {
  return {
    ids: labels.map((_label, row) => `row-${row}`),
    labels: Float64Array.from(labels),
    candidate: Float64Array.from(candidate),
    baseline: Float64Array.from(baseline),
    clusters: Int32Array.from(labels.keys()),
    clusterCount: labels.length,
    slices: new Map(),
    ...parts,
  };
}

describe('evidence of a binary decision', () => {
  // By hand: 1 1 0 0; the candidate ranks all right, the baseline swaps one pair.
  const small = examplesOf([1, 1, 0, 0], [0.9, 0.6, 0.4, 0.1], [0.9, 0.3, 0.7, 0.1]);
  const evidence = gathered('binary', small, true);
  const findings = findingsOf(evidence, 'binary');

  test('names the decision by its digests', () => {
    const { holdout, candidate, baseline } = binaryDecision;
    expect(evidence).toMatchObject({
      holdout: holdout.digest,
      candidate: candidate.predictions,
      baseline: baseline.predictions,
      rows: 4,
    });
  });

  test('counts calls of both sides', () => {
    expect(findings.calls.candidate).toEqual({
      truePositives: 2,
      falsePositives: 0,
      falseNegatives: 0,
      trueNegatives: 2,
    });
    expect(findings.calls.baseline).toEqual({
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 1,
      trueNegatives: 1,
    });
    expect(evidence.changed.calls).toEqual({ toWrong: 0, toRight: 2 });
  });

  test('traces both curves', () => {
    expect(findings.roc?.candidate).toEqual({ x: [0, 0, 0, 0.5, 1], y: [0, 0.5, 1, 1, 1] });
    expect(findings.roc?.baseline).toEqual({ x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1] });
    expect(findings.precisionRecall?.baseline).toEqual({ x: [0.5, 0.5, 1, 1], y: [1, 0.5, 0.666667, 0.5] });
  });

  test('names what changed most, with values only where they are allowed', () => {
    expect(evidence.changed).toMatchObject({ unit: 'row', changed: 2, worse: [] });
    expect(evidence.changed.better).toEqual([
      { id: 'row-1', values: { label: 1, candidate: 0.6, baseline: 0.3 } },
      { id: 'row-2', values: { label: 0, candidate: 0.4, baseline: 0.7 } },
    ]);
    expect(gathered('binary', small).changed.better).toEqual([{ id: 'row-1' }, { id: 'row-2' }]);
  });

  test('never names a row of a sealed half', () => {
    const sealed = gatherEvidence(framed('binary', 'sealed'), small, { values: true });
    expect(sealed?.changed).toEqual({
      unit: 'row',
      changed: 2,
      calls: { toWrong: 0, toRight: 2 },
      worse: [],
      better: [],
    });
    expect(JSON.stringify(sealed)).not.toContain('row-');
  });

  test('tells by slope and intercept how probabilities would have to be set right', () => {
    // Twice the logit is half the slope; three times the odds that are said are ln 3 too many.
    const labels = Array.from({ length: 400 }, (_, row) => (row % 4 === 0 || row % 7 === 0 ? 1 : 0));
    const logits = labels.map((label, row) => 0.8 * label + ((row * 37) % 50) / 25 - 1.5);
    const odds = (scale: number, shift: number) => logits.map((x) => 1 / (1 + Math.exp(-(scale * x + shift))));
    const lineOf = (candidate: readonly number[], baseline: readonly number[]) =>
      findingsOf(gathered('binary', examplesOf(labels, candidate, baseline)), 'binary').calibrationLine;
    const twice = lineOf(odds(1, 0), odds(2, 0));
    expect(twice?.baseline.slope).toBeCloseTo((twice?.candidate.slope ?? 0) / 2, 4);
    const thrice = lineOf(odds(1, 0), odds(1, Math.log(3)));
    expect(thrice?.baseline.intercept).toBeCloseTo((thrice?.candidate.intercept ?? 0) - Math.log(3), 4);
    // No line fits where a score tells the classes apart without fail.
    expect(
      lineOf(
        odds(1, 0),
        labels.map((label) => 0.25 + label / 2),
      ),
    ).toBeUndefined();
  });

  test('has no curves with one class, and no reliability without probabilities', () => {
    const oneClass = findingsOf(gathered('binary', examplesOf([1, 1], [0.2, 0.3], [0.3, 0.2])), 'binary');
    expect(oneClass).not.toHaveProperty('roc');
    expect(oneClass).not.toHaveProperty('precisionRecall');
    const scores = findingsOf(gathered('binary', examplesOf([1, 0], [3, -1], [2, 0])), 'binary');
    expect(scores).not.toHaveProperty('reliability');
    expect(scores.roc).toBeDefined();
  });

  test('is nothing where no number was computed', () => {
    const spent = { ...binaryDecision, comparisons: [] };
    expect(gatherEvidence(spent, binaryExamples, { values: true })).toBeUndefined();
    expect(gatherEvidence(binaryDecision, examplesOf([], [], []), { values: true })).toBeUndefined();
  });

  test('is the same bytes for the same examples', () => {
    expect(digestOf(gathered('binary', binaryExamples))).toBe(digestOf(gathered('binary', binaryExamples)));
  });
});

describe('evidence of a multiclass decision', () => {
  const parts = { classes: ['cat', 'dog', 'owl'] };
  const rows = examplesOf(
    [0, 0, 1, 2],
    [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8],
    [0.8, 0.1, 0.1, 0.7, 0.2, 0.1, 0.8, 0.1, 0.1, 0.1, 0.1, 0.8],
    parts,
  );

  test('has both matrices, recall by class worst first, and the mix-ups that changed', () => {
    const evidence = gathered('multiclass', rows, true);
    const findings = findingsOf(evidence, 'multiclass');
    expect(findings.classes).toEqual(['cat', 'dog', 'owl']);
    expect(findings.matrix).toEqual({ candidate: [1, 1, 0, 0, 1, 0, 0, 0, 1], baseline: [2, 0, 0, 1, 0, 0, 0, 0, 1] });
    expect(findings.recall).toEqual([
      { class: 'cat', rows: 2, candidate: 0.5, baseline: 1 },
      { class: 'owl', rows: 1, candidate: 1, baseline: 1 },
      { class: 'dog', rows: 1, candidate: 1, baseline: 0 },
    ]);
    expect(findings.confusions).toEqual([
      { truth: 'cat', called: 'dog', candidate: 1, baseline: 0 },
      { truth: 'dog', called: 'cat', candidate: 0, baseline: 1 },
    ]);
    expect(evidence.changed).toMatchObject({ changed: 2, calls: { toWrong: 1, toRight: 1 } });
    expect(evidence.changed.worse).toEqual([
      { id: 'row-1', values: { label: 'cat', candidate: 'dog 0.70', baseline: 'cat 0.70' } },
    ]);
  });

  test('merges rare classes of many and keeps every row', () => {
    const count = 200;
    const random = createRandom([7, 7]);
    const labels = Array.from({ length: 2_000 }, () => Math.floor(count * random.uniform() ** 3));
    const scores = (): number[] =>
      labels.flatMap((label) =>
        Array.from({ length: count }, (_, j) =>
          j === (random.uniform() < 0.5 ? label : (label * 7) % count) ? 0.9 : 0,
        ),
      );
    const evidence = gathered(
      'multiclass',
      examplesOf(labels, scores(), scores(), { classes: Array.from({ length: count }, (_, j) => `class ${j}`) }),
    );
    const findings = findingsOf(evidence, 'multiclass');
    expect(findings.classes).toHaveLength(EVIDENCE_CLASSES);
    expect(findings.merged).toBe(count - EVIDENCE_CLASSES);
    expect(findings.matrix.candidate).toHaveLength((EVIDENCE_CLASSES + 1) ** 2);
    expect(findings.matrix.candidate.reduce((sum, cell) => sum + cell, 0)).toBe(labels.length);
    expect(findings.recall).toHaveLength(EVIDENCE_LINES);
    expect(JSON.stringify(evidence).length).toBeLessThan(40_000);
  });
});

describe('evidence of a regression', () => {
  const truth = Array.from({ length: 200 }, (_, row) => row / 10);
  const rows = examplesOf(
    truth,
    truth.map((value) => value + 1),
    truth.map((value, row) => value + (row % 2 === 0 ? 2 : -2)),
  );

  test('has errors, bias and a histogram that holds every row', () => {
    const findings = findingsOf(gathered('regression', rows), 'regression');
    expect(findings.bias.candidate).toBeCloseTo(1, 5);
    expect(findings.bias.baseline).toBeCloseTo(0, 5);
    expect(findings.errors).toHaveLength(6);
    for (const { candidate, baseline } of findings.errors) {
      expect(candidate).toBeCloseTo(1, 5);
      expect(baseline).toBeCloseTo(2, 5);
    }
    const { edges, candidate, baseline } = findings.residuals;
    expect(edges).toHaveLength(candidate.length + 1);
    expect(edges[0]).toBeCloseTo(-2, 5);
    expect(edges.at(-1)).toBeCloseTo(2, 5);
    for (const counts of [candidate, baseline]) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(findings.predictedVersusTrue.candidate.x[0]).toBeCloseTo(1.95, 5);
    expect(findings.predictedVersusTrue.candidate.y[0]).toBeCloseTo(0.95, 5);
  });

  test('has no bars where all residuals are alike', () => {
    const exact = examplesOf([1, 2, 3], [1, 2, 3], [1, 2, 3]);
    const evidence = gathered('regression', exact);
    expect(findingsOf(evidence, 'regression').residuals).toEqual({ edges: [], candidate: [], baseline: [] });
    expect(findingsOf(evidence, 'regression').normalErrors).toBeUndefined();
    expect(evidence.changed.changed).toBe(0);
  });

  test('holds both sides against normal errors', () => {
    const uneven = { ...rows, candidate: rows.candidate.map((value, row) => value + (row === 0 ? 50 : row % 3)) };
    const { candidate, baseline } = findingsOf(gathered('regression', uneven), 'regression').normalErrors ?? {};
    // One error is far out; half of the baseline's are +2 and half −2, which is one standard deviation each.
    expect(Math.max(...(candidate?.y ?? []))).toBeGreaterThan(10);
    expect(baseline?.y.at(0)).toBeCloseTo(-1, 2);
    expect(baseline?.y.at(-1)).toBeCloseTo(1, 2);
  });

  test('a forecast counts series by whose error is smaller', () => {
    const series = Int32Array.from(truth.keys(), (row) => Math.floor(row / 100));
    const forecast = { ...rows, series, scales: Float64Array.of(1, 1) };
    const evidence = gatherEvidence(framed('forecast'), forecast, { values: false });
    expect(evidence?.findings).toMatchObject({ task: 'forecast', series: { better: 2, same: 0, worse: 0 } });
  });
});

test('evidence of quantiles is coverage and loss by level', () => {
  // Levels 0.1 and 0.9 of truths 0 … 9: the candidate says 0.5 and 8.5, the baseline 3.5 and 4.5.
  const labels = Array.from({ length: 10 }, (_, row) => row);
  const rows = examplesOf(
    labels,
    labels.flatMap(() => [0.5, 8.5]),
    labels.flatMap(() => [3.5, 4.5]),
    { levels: Float64Array.of(0.1, 0.9) },
  );
  const { levels } = findingsOf(gathered('quantile', rows), 'quantile');
  expect(levels.map(({ below }) => below)).toEqual([
    { candidate: 0.1, baseline: 0.4 },
    { candidate: 0.9, baseline: 0.5 },
  ]);
  // By hand, level 0.1 at 0.5: 0.9·0.5 for the 0, 0.1·(0.5 + 1.5 + … + 8.5) for the others, over 10.
  expect(levels[0]?.pinball.candidate).toBeCloseTo((0.45 + 0.1 * 40.5) / 10, 6);
});

describe('evidence of a ranking', () => {
  // Three queries of two documents; only the first of each is relevant; the third has nothing relevant.
  const rows = examplesOf([1, 0, 1, 0, 0, 0], [2, 1, 1, 2, 1, 2], [1, 2, 2, 1, 1, 2], {
    queries: Int32Array.of(0, 0, 1, 1, 2, 2),
  });

  test('is the change of NDCG by query', () => {
    const evidence = gathered('ranking', rows, true);
    const findings = findingsOf(evidence, 'ranking');
    expect(findings.queries).toEqual({ better: 1, same: 0, worse: 1 });
    expect(findings.gains.queries.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(evidence.changed).toEqual({
      unit: 'query',
      changed: 2,
      worse: [{ id: 'row-2', values: { label: 1, candidate: 0.63093, baseline: 1 } }],
      better: [{ id: 'row-0', values: { label: 1, candidate: 1, baseline: 0.63093 } }],
    });
  });
});

test('names at most a few rows, those that changed most, in order', () => {
  const count = 500;
  const labels = Array.from({ length: count }, () => 0);
  const candidate = labels.map((_label, row) => ((row * 37) % count) / count);
  const { worse, better } = gathered('binary', examplesOf(labels, candidate, labels), true).changed;
  expect(better).toEqual([]);
  expect(worse).toHaveLength(EVIDENCE_ROWS);
  const largest = candidate.toSorted((a, b) => b - a).slice(0, EVIDENCE_ROWS);
  expect(worse.map(({ values }) => values?.candidate)).toEqual(largest);
});
