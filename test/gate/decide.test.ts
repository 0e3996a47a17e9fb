import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../lib/digest.ts';
import { decide } from '../../lib/gate/decide.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { decided, decisive, type Made, makeExamples, questionOf } from './examples.ts';

/** 45 days: Student's t. The baseline's noise is 1; less is better, more is worse. */
const made = (over: Partial<Made> = {}): PairedExamples =>
  makeExamples({ days: 45, rowsPerDay: 60, candidate: 1, baseline: 1, ...over });
const BETTER = made({ candidate: 0.3 });
const WORSE = made({ candidate: 3 });
const UNCLEAR = made({ days: 22, rowsPerDay: 20 });

describe('a changed recipe', () => {
  test('that is better passes', () => {
    const decision = decided(BETTER, { stage: 'production', stays: '1.0.0' });
    expect(decision).toMatchObject({ verdict: 'pass', because: { comparison: 0 }, next: { kind: 'register' } });
    expect(decisive(decision)).toMatchObject({ role: 'primary', requirement: 'better', verdict: 'pass' });
    expect(decisive(decision)?.interval).toMatchObject({ level: 0.95, method: 'cluster-jackknife-t' });
    expect(decisive(decision)?.interval?.degreesOfFreedom).toBeGreaterThan(35);
    expect(decisive(decision)?.interval?.degreesOfFreedom).toBeLessThanOrEqual(44);
  });

  test('that is worse fails, and says to look at the predictions', () => {
    const decision = decided(WORSE, { stage: 'production' });
    expect(decision).toMatchObject({
      verdict: 'fail',
      because: { comparison: 0 },
      next: { kind: 'inspect-predictions' },
    });
    expect(decisive(decision)?.difference).toBeLessThan(-0.05);
  });

  test('that cannot be told apart is inconclusive, and says how many days would do', () => {
    const decision = decided(UNCLEAR, { dateWith: (days) => `day ${days}` });
    const needed = decisive(decision)?.neededClusters ?? 0;
    expect(decision.verdict).toBe('inconclusive');
    expect(decisive(decision)?.reason).toBe('too-wide');
    expect(needed).toBeGreaterThan(22);
    expect(decision.next).toEqual({ kind: 'wait', clusters: needed, date: `day ${needed}` });
  });

  test('with the same predictions is not better: nothing would be gained', () => {
    const same = { ...BETTER, baseline: BETTER.candidate };
    const decision = decided(same);
    expect(decision).toMatchObject({ verdict: 'fail', next: { kind: 'fix-input' } });
    expect(decisive(decision)).toMatchObject({ reason: 'identical', difference: 0, interval: { lower: 0, upper: 0 } });
  });
});

describe('what is required', () => {
  // As good as each other, on so many rows that a margin of 0.05 is out of the question.
  const equal = made({ rowsPerDay: 200, seed: 4 });
  test.each([
    ['the same recipe on newer data need not be better', { sameRecipe: true }, 'not-worse', 'pass'],
    ['require: better asks it of the same recipe too', { sameRecipe: true, require: 'better' }, 'better', 'fail'],
    ['a changed recipe has to be better', { sameRecipe: false }, 'better', 'fail'],
    ['require: not-worse takes that off', { sameRecipe: false, require: 'not-worse' }, 'not-worse', 'pass'],
  ] as const)('%s', (_name, { sameRecipe, ...rules }, requirement, verdict) => {
    const decision = decided(equal, { sameRecipe, rules: { margins: { roc_auc: 0.05 }, ...rules } });
    expect(decision.verdict).toBe(verdict);
    expect(decisive(decision)?.requirement).toBe(requirement);
  });

  test('a guardrail blocks a better primary: every one must be not worse', () => {
    const squeezed = BETTER.candidate.map((score) => Math.min(1, Math.max(0, 0.5 + 3 * (score - 0.5))));
    const decision = decided({ ...BETTER, candidate: squeezed }, { rules: { guardrails: ['log_loss', 'accuracy'] } });
    expect(decision.comparisons.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['roc_auc', 'pass'],
      ['log_loss', 'fail'],
      ['accuracy', 'pass'],
    ]);
    expect(decision).toMatchObject({ verdict: 'fail', because: { comparison: 1 } });
  });

  test('a loss is turned so that + is better, its margin a share of the baseline', () => {
    const [loss] = decided(BETTER, { rules: { primary: 'log_loss' } }).comparisons;
    expect(loss?.difference).toBeCloseTo((loss?.baseline ?? 0) - (loss?.candidate ?? 0), 12);
    expect(loss).toMatchObject({ verdict: 'pass', higherIsBetter: false });
    expect(loss?.margin).toBeCloseTo(0.02 * (loss?.baseline ?? 0), 12);
  });
});

describe('clusters', () => {
  test.each([
    [19, 'inconclusive', undefined],
    [20, 'pass', 'cluster-jackknife-t'],
    [39, 'pass', 'cluster-jackknife-t'],
    [40, 'pass', 'cluster-jackknife-t'],
  ] as const)('%d days: %s by %s', (days, verdict, method) => {
    const decision = decided(made({ days, candidate: 0.2, baseline: 2 }));
    expect(decision.verdict).toBe(verdict);
    expect(decision.comparisons[0]?.interval?.method).toBe(method);
  });

  test('too few to judge wait for the twentieth, whatever the numbers say', () => {
    const decision = decided(made({ days: 19, candidate: 3 }), { dateWith: (days) => `day ${days}` });
    expect(decision.because).toEqual({ reason: 'too-few-clusters', detail: '19 day' });
    expect(decision.next).toEqual({ kind: 'wait', clusters: 20, date: 'day 20' });
    expect(decision.comparisons.every(({ verdict }) => verdict === 'inconclusive')).toBe(true);
  });

  test('groups cannot be waited for: they are labelled', () => {
    const { holdout } = questionOf(UNCLEAR);
    const decision = decided(UNCLEAR, { holdout: { ...holdout, clusterUnit: 'group' } });
    expect(decision.next).toEqual({ kind: 'label-more', clusters: decisive(decision)?.neededClusters });
  });

  test('never says to wait for as many days as there are', () => {
    // Power at the margin is there, and what was seen lies in between: just a little worse than is allowed.
    const close = made({ candidate: 1.05, rowsPerDay: 150, seed: 12 });
    const lower = decided(close).comparisons[0]?.interval?.lower ?? 0;
    const decision = decided(close, { sameRecipe: true, rules: { margins: { roc_auc: -0.99 * lower } } });
    expect(decisive(decision)).toMatchObject({ reason: 'too-wide', verdict: 'inconclusive' });
    expect(decisive(decision)?.neededClusters).toBeLessThanOrEqual(45);
    expect(decision.next).toEqual({ kind: 'wait', clusters: 90 });
  });
});

describe('one class only', () => {
  const examples = { ...BETTER, labels: new Float64Array(BETTER.labels.length) };
  test('has no AUC: inconclusive, the input is to be mended', () => {
    const decision = decided(examples);
    expect(decision).toMatchObject({ verdict: 'inconclusive', next: { kind: 'fix-input' } });
    expect(decisive(decision)).toMatchObject({ reason: 'one-class', clusters: 45 });
    expect(decisive(decision)).not.toHaveProperty('difference');
  });
});

describe('an empty holdout', () => {
  test('passes nothing', () => {
    const none = { ...BETTER, ids: [], labels: new Float64Array(), clusters: new Int32Array(), clusterCount: 0 };
    const decision = decided({ ...none, candidate: new Float64Array(), baseline: new Float64Array() });
    expect(decision).toMatchObject({ verdict: 'inconclusive', because: { reason: 'empty-holdout' } });
  });
});

describe('the sealed half', () => {
  const { holdout } = questionOf(BETTER);
  const sealed = { holdout: { ...holdout, half: 'sealed' as const }, stage: 'production' };

  test('divides alpha by the budget of looks, and widens the interval by that', () => {
    const advisory = decided(BETTER, { stage: 'production' });
    const look = decided(BETTER, { ...sealed, looks: { used: 2, budget: 5 } });
    expect(look.comparisons[0]?.interval?.level).toBeCloseTo(0.99, 12);
    expect(look.comparisons[0]?.interval?.lower).toBeLessThan(advisory.comparisons[0]?.interval?.lower ?? 0);
    expect(look.next).toEqual({ kind: 'promote', stage: 'production' });
    expect(look.looks).toEqual({ used: 2, budget: 5 });
  });
});

describe('the next step of a pass', () => {
  test.each([
    [undefined, 'whole', { kind: 'merge' }],
    ['production', 'development', { kind: 'register' }],
    ['production', 'sealed', { kind: 'promote', stage: 'production' }],
    ['production', 'whole', { kind: 'promote', stage: 'production' }],
  ] as const)('stage %s, half %s', (stage, half, next) => {
    const { holdout } = questionOf(BETTER);
    const question = { holdout: { ...holdout, half }, ...(stage === undefined ? {} : { stage }) };
    expect(decided(BETTER, question).next).toEqual(next);
  });
});

describe('the record', () => {
  test('the same question has the same bytes, the bootstrap included', () => {
    const question = questionOf(made({ days: 25 }), { rules: { guardrails: ['log_loss'] } });
    expect(canonicalJson(decide(question))).toBe(canonicalJson(decide(question)));
  });

  test('names its rules by digest', () => {
    const one = questionOf(made({ days: 25 }));
    expect(decide(one).rulesDigest).toBe(digestOf(one.rules));
  });
});

describe('scores turned round', () => {
  test.each(['candidate', 'baseline'] as const)('of the %s are told, with its AUC', (side) => {
    const turned = { ...BETTER, [side]: BETTER[side].map((score) => 1 - score) };
    const { warnings } = decided(turned, { warnings: ['before'] });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toBe('before');
    expect(warnings[1]).toMatch(new RegExp(`the ${side}'s scores rank backwards \\(ROC AUC 0\\.[0-3]`));
  });

  test('a model that is merely useless, or two that both rank backwards, are not', () => {
    const turned = { candidate: BETTER.candidate.map((s) => 1 - s), baseline: BETTER.baseline.map((s) => 1 - s) };
    expect(decided({ ...BETTER, ...turned }).warnings).toEqual([]);
    expect(decided(made({ candidate: 1e6 })).warnings).toEqual([]);
  });
});

describe('regression', () => {
  const labels = BETTER.labels.map((label, row) => label + (row % 7) / 7);
  const near = labels.map((label, row) => label + 0.1 * ((row % 5) - 2));
  const far = labels.map((label, row) => label + 0.3 * ((row % 5) - 2));
  test.each(['rmse', 'mae'] as const)('%s: smaller errors pass, larger fail', (primary) => {
    const question = { task: 'regression' as const, rules: { primary } };
    const examples = { ...BETTER, labels, candidate: near, baseline: far };
    expect(decided(examples, question).verdict).toBe('pass');
    expect(decided({ ...examples, candidate: far, baseline: near }, question).verdict).toBe('fail');
  });

  test('a perfect candidate has no NaN anywhere', () => {
    const examples = { ...BETTER, labels, candidate: labels, baseline: labels };
    const decision = decided(examples, { task: 'regression', sameRecipe: true, rules: { primary: 'rmse' } });
    expect(decisive(decision)).toMatchObject({ candidate: 0, baseline: 0, margin: 0, reason: 'identical' });
    expect(decision).toMatchObject({ verdict: 'inconclusive', next: { kind: 'fix-input' } });
  });
});
