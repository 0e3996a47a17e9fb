import { describe, expect, it } from 'vitest';
import { betterRules, planFor, statedChance } from '../../../bench/stats/stated-chance.ts';
import { compareMetric } from '../../../lib/gate/compare/compare-metric.ts';
import { DEFAULT_METRICS } from '../../../lib/gate/default-metrics.ts';
import type { GivenRows } from '../../../lib/gate/evidence/given-rows.ts';
import { repeatRows } from '../../../lib/gate/evidence/given-rows.ts';
import type { HoldoutPlan } from '../../../lib/gate/holdout/holdout-plan.ts';
import { createTaskHoldouts, separationOf } from '../../../lib/gate/holdout/planned-holdout.ts';
import { GateRules } from '../../../lib/gate/rules.ts';
import { simulateGate } from '../../../lib/gate/simulate/simulate-gate.ts';
import { METRICS } from '../../../lib/metrics/metrics.ts';
import { intraclassCorrelation } from '../../../lib/stats/clusters/design-effect.ts';

const TASKS = ['binary', 'multiclass', 'regression', 'quantile', 'ranking', 'forecast'] as const;
type Task = (typeof TASKS)[number];

const apart = separationOf(0.8);
const plan: HoldoutPlan = {
  sizes: new Array<number>(40).fill(6),
  intraclass: 0.05,
  positives: 0.3,
  agreement: 0.9,
  separation: { baseline: apart, candidate: apart },
  deviation: { baseline: 2, candidate: 2 },
  target: { mean: 20, deviation: 4 },
  classes: [0.5, 0.3, 0.2],
  levels: [0.1, 0.5, 0.9],
  documents: 6,
};

/** How much better the candidate is made, so that it passes about half of the time. */
const GAIN: Readonly<Record<Task, number>> = {
  binary: 0.15,
  multiclass: 0.1,
  regression: 0.06,
  quantile: 0.06,
  ranking: 0.4,
  forecast: 0.06,
};

describe.each(TASKS)('%s', (task) => {
  const rules = betterRules(task);
  const equal = planFor(task, plan);

  it('states a chance that is true of candidates which are made better', () => {
    const draws = 400;
    const { stated, passed } = statedChance(task, plan, { gain: GAIN[task], draws, seed: [5, 6], most: 400 });
    expect(stated).toBeGreaterThan(0.2);
    expect(stated).toBeLessThan(0.8);
    // Of the count, and of the truth that the chance is stated at.
    const noise = Math.sqrt((stated * (1 - stated)) / draws);
    expect(Math.abs(passed / draws - stated)).toBeLessThan(3 * noise + 0.03);
  });

  it('draws rows that have a value of the metrics which are usual', () => {
    const [first] = [createTaskHoldouts(task, equal, [1, 2])(0)];
    const { primary, guardrails } = DEFAULT_METRICS[task];
    for (const name of [primary, ...guardrails]) {
      const found = compareMetric(name, 'guardrail', 'not-worse', first, { rules, alpha: 0.025 });
      expect(found.interval?.standardError).toBeGreaterThan(0);
    }
  });
});

describe('labels', () => {
  it('are as frequent as planned and hang together by cluster', () => {
    const sizes = new Array<number>(400).fill(25);
    const { labels, clusters } = createTaskHoldouts('multiclass', { ...plan, sizes, intraclass: 0.3 }, [3, 4])(0);
    for (const [code, share] of [0.5, 0.3, 0.2].entries()) {
      const found = labels.filter((label) => label === code).length / labels.length;
      expect(Math.abs(found - share)).toBeLessThan(0.05);
    }
    const first = labels.map((label) => (label === 0 ? 1 : 0));
    expect(intraclassCorrelation(first, clusters, 400)).toBeGreaterThan(0.1);
  });
});

describe('errors of forecasts', () => {
  it('last for as many days as are forecast ahead, and no longer', () => {
    const sizes = new Array<number>(3000).fill(1);
    const { labels, baseline } = createTaskHoldouts('forecast', { ...plan, sizes, reach: 3 }, [3, 4])(0);
    const errors = baseline.map((value, row) => value - (labels[row] as number));
    const correlation = (lag: number): number => {
      let product = 0;
      let square = 0;
      for (let row = 0; row + lag < errors.length; row++) {
        product += (errors[row] as number) * (errors[row + lag] as number);
        square += (errors[row] as number) ** 2;
      }
      return product / square;
    };
    expect(Math.abs(correlation(1) - 2 / 3)).toBeLessThan(0.08);
    expect(Math.abs(correlation(2) - 1 / 3)).toBeLessThan(0.08);
    expect(Math.abs(correlation(3))).toBeLessThan(0.08);
  });
});

/** 40 days of 15 rows: two large groups, one that is small. */
function givenRows(): GivenRows {
  const rows = 600;
  return {
    digest: `sha256:${'0'.repeat(64)}`,
    labels: Float64Array.from({ length: rows }, (_none, row) => ((row * 7) % 10 < 4 ? 1 : 0)),
    clusters: Int32Array.from({ length: rows }, (_none, row) => Math.floor(row / 15)),
    clusterCount: 40,
    slices: new Map([
      ['group', Array.from({ length: rows }, (_none, row) => (row % 15 === 0 ? 'rare' : `g${row % 2}`))],
    ]),
  };
}

describe('rules beside primary metric and guardrails', () => {
  const given = givenRows();
  const known: HoldoutPlan = { ...plan, sizes: new Array<number>(40).fill(15), positives: 0.4, given };
  const passed = (extra: object) => {
    const rules = GateRules.parse({ primary: 'roc_auc', require: 'not-worse', margins: { roc_auc: 0.1 }, ...extra });
    const { simulated, further } = simulateGate(rules, 'binary', known, 200);
    return { further, gate: simulated[0]?.planned.gate?.promotion, alone: simulated[0]?.planned.rule.promotion ?? 0 };
  };

  it('keeps the labels of rows that are given, and draws scores', () => {
    const examples = createTaskHoldouts('binary', known, [1, 2])(0);
    expect(examples.labels).toEqual(givenRows().labels);
    expect(
      METRICS.roc_auc.estimate({ labels: examples.labels, scores: examples.candidate, threshold: 0.5 })?.value,
    ).toBeGreaterThan(0.7);
  });

  it('never passes a floor above what the model can do, and always one far below', () => {
    expect(passed({ floors: { roc_auc: 0.95 } }).gate).toBe(0);
    const low = passed({ floors: { roc_auc: 0.55 } });
    expect(low.gate).toBeGreaterThan(0.9);
    expect(low.further).toMatchObject([{ role: 'floor', metric: 'roc_auc', requirement: 'above-floor', judged: 1 }]);
  });

  it('hardly ever finds harm where there is none, and says how many slices are large enough', () => {
    const { further, gate, alone } = passed({ slices: ['group'] });
    expect(further).toHaveLength(1);
    expect(further[0]).toMatchObject({ role: 'slice', column: 'group' });
    expect(further[0]?.judged).toBeCloseTo(2 / 3, 9);
    expect(gate).toBeGreaterThan(alone - 0.06);
  });

  it('never passes a critical slice that is too small to judge', () => {
    const { further, gate } = passed({ slices: [{ column: 'group', critical: true }] });
    expect(gate).toBe(0);
    const rare = further.find(({ value }) => value === 'rare');
    expect(rare).toMatchObject({ role: 'critical-slice', judged: 0, passed: { advisory: 0, promotion: 0 } });
    expect(further.find(({ value }) => value === 'g0')?.judged).toBe(1);
  });

  it('judges fairness, calibration and the mean of several seeds as the gate does', () => {
    const { further, gate } = passed({
      fairness: [{ column: 'group', margin: 0.5 }],
      calibration: { max_ece: 0.5 },
      seeds: 3,
    });
    expect(further.map(({ role }) => role)).toEqual(['fairness', 'calibration']);
    for (const { passed: shares } of further) expect(shares.promotion).toBeGreaterThan(0.9);
    expect(gate).toBeGreaterThan(0.75);
  });
});

describe('a holdout that is too short', () => {
  const short = { ...plan, sizes: new Array<number>(12).fill(30) };
  const rules = GateRules.parse({ primary: 'accuracy', guardrails: ['log_loss'], margins: { accuracy: 0.05 } });

  it('never passes, and is told how many clusters would do', () => {
    const { simulated } = simulateGate(rules, 'binary', short, 200);
    for (const { chances, neededClusters, standardError, reachableMargin } of simulated) {
      expect(chances.every(({ rule, gate }) => rule.advisory === 0 && (gate?.advisory ?? 0) === 0)).toBe(true);
      expect(neededClusters.advisory).toBeGreaterThanOrEqual(20);
      expect(standardError).toBeGreaterThan(0);
      expect(reachableMargin).toBeUndefined();
    }
  });

  it('is repeated with clusters and queries of their own', () => {
    const rows = { ...givenRows(), queries: Int32Array.from({ length: 600 }, (_none, row) => Math.floor(row / 5)) };
    const twice = repeatRows(rows, 2);
    expect(twice.clusterCount).toBe(80);
    expect(twice.labels).toHaveLength(1200);
    expect(new Set(twice.queries).size).toBe(240);
    expect(new Set(twice.clusters).size).toBe(80);
    expect(twice.slices.get('group')).toHaveLength(1200);
  });

  it('has nothing to draw from without any row', () => {
    const { draws, simulated } = simulateGate(rules, 'binary', { ...plan, sizes: [] });
    expect(draws).toBe(0);
    expect(simulated.every(({ chances }) => chances.every(({ rule }) => rule.advisory === 0))).toBe(true);
  });
});

describe('the margin that can be reached', () => {
  it('is the one with which the planned truth passes in four cases of five', () => {
    const rules = GateRules.parse({ primary: 'rmse', require: 'not-worse' });
    const [rule] = simulateGate(rules, 'regression', plan, 100).simulated;
    const margin = rule?.reachableMargin?.promotion ?? 0;
    const planned = simulateGate({ ...rules, margins: { rmse: margin } }, 'regression', plan, 100).simulated[0]
      ?.planned;
    // Other holdouts are drawn for other rules: a hundred of them leave some points.
    expect(planned?.rule.promotion).toBeGreaterThan(0.72);
    expect(planned?.rule.promotion).toBeLessThan(0.88);
  });
});
