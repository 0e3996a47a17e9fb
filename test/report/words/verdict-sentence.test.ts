import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison, Decision } from '../../../lib/gate/decision.ts';
import { judge } from '../../../lib/gate/judge.ts';
import { plainText } from '../../../lib/report/blocks/span.ts';
import { differenceWords } from '../../../lib/report/words/difference-words.ts';
import { sentenceOf, verdictSentence, verdictTitle } from '../../../lib/report/words/verdict-sentence.ts';
import {
  betterDecision,
  compareDecision,
  comparison,
  decision,
  firstDecision,
  unclearDecision,
  worseDecision,
} from '../fixtures/decisions.ts';

const auc = { metric: 'roc_auc', higherIsBetter: true, candidate: 0.75, baseline: 0.75 } as const;

/** A decision that rests on one comparison. */
function on(one: Comparison, over: Partial<Decision> = {}): Decision {
  return decision({ verdict: one.verdict, because: { comparison: 0 }, comparisons: [one], ...over });
}

const wait = { kind: 'wait', clusters: 65, date: '2013-09-05' } as const;

describe('verdictSentence', () => {
  test.each<[string, Decision, string]>([
    [
      'a loss that is too large, as the design says it',
      worseDecision(),
      'Do not promote: log loss worsens by 0.031 (plausible 0.018 to 0.044); 0.010 is allowed. Production stays 1.2.0. ' +
        'Next: look at the changed predictions.',
    ],
    [
      'too little evidence, as the design says it',
      { ...unclearDecision(), next: wait },
      "Can't tell yet: ROC AUC is between 0.012 worse and 0.009 better; 0.010 worse is allowed. Needs about 65 days if " +
        'they are equal; has 28. Production stays 1.2.0. Next: wait; checked again on 5 September.',
    ],
    [
      'better',
      betterDecision(),
      'Good to merge: ROC AUC improves by 0.021 (plausible 0.015 to 0.027) on 26,214 rows over 28 days; 2 more rules ' +
        'hold. Production stays 1.2.0 until it is promoted. Next: merge and register it; promotion to production ' +
        'decides on the sealed half of the holdout.',
    ],
    [
      'a first version',
      firstDecision(),
      'Good to merge: ROC AUC improves by 0.251 (plausible 0.238 to 0.263) over always giving the same answer on 26,214 ' +
        'rows over 28 days; 1 more rule holds. Next: merge and register it; promotion to production decides on the ' +
        'sealed half of the holdout.',
    ],
    [
      'a first version that is no better than a constant',
      (() => {
        const { stays: _none, ...first } = firstDecision();
        const one = comparison({
          ...auc,
          role: 'constant',
          requirement: 'better',
          lower: -0.02,
          upper: 0.004,
          verdict: 'fail',
        });
        return { ...first, verdict: 'fail', comparisons: [one], next: { kind: 'inspect-predictions' } };
      })(),
      'Do not promote: ROC AUC is between 0.020 worse and 0.004 better over always giving the same answer; a first ' +
        'version has to beat that. Production stays empty. Next: look at the changed predictions.',
    ],
    [
      'two files, no stage',
      compareDecision(),
      "Can't tell yet: ROC AUC is between 0.012 worse and 0.009 better; 0.010 worse is allowed. Needs about 65 days if " +
        'they are equal; has 28. Next: wait; checked again on 9 October.',
    ],
    [
      'the same recipe on newer data, not worse',
      on(comparison({ ...auc, lower: -0.0061, upper: 0.0043 }), {
        sameRecipe: true,
        next: { kind: 'promote', stage: 'production' },
      }),
      'Ready for production: ROC AUC is between 0.006 worse and 0.004 better on 26,214 rows over 28 days; 0.010 worse is ' +
        'allowed. Production stays 1.2.0. Next: promote it to production.',
    ],
    [
      'a changed recipe that is not worse and not better',
      on(comparison({ ...auc, requirement: 'better', lower: -0.006, upper: 0.0042, verdict: 'fail' })),
      'Do not promote: ROC AUC is between 0.006 worse and 0.004 better; a changed recipe has to be better. Production ' +
        'stays 1.2.0. Next: look at the changed predictions.',
    ],
    [
      'a changed recipe that may be better',
      on(
        comparison({
          ...auc,
          requirement: 'better',
          lower: -0.002,
          upper: 0.019,
          verdict: 'inconclusive',
          neededClusters: 61,
        }),
        { next: { kind: 'wait', clusters: 61 } },
      ),
      "Can't tell yet: ROC AUC is between 0.002 worse and 0.019 better; a changed recipe has to be better. Needs about 61 " +
        'days if it is 0.010 better; has 28. Production stays 1.2.0. Next: wait until there are about 61 days.',
    ],
    [
      'enough days for equal sides, and still unclear',
      on(comparison({ ...auc, lower: -0.013, upper: -0.001, verdict: 'inconclusive', neededClusters: 24 }), {
        next: { kind: 'wait', clusters: 24, date: '2014-01-05' },
      }),
      "Can't tell yet: ROC AUC worsens by 0.007 (plausible 0.001 to 0.013); 0.010 is allowed. Its 28 days would be " +
        'enough if they are equal; what was seen lies in between. Production stays 1.2.0. Next: wait; checked again on 5 ' +
        'January 2014.',
    ],
    [
      'a floor that is not reached',
      on(
        comparison({
          ...auc,
          role: 'floor',
          requirement: 'above-floor',
          margin: 0.7,
          candidate: 0.612,
          lower: -0.12,
          upper: -0.056,
          verdict: 'fail',
        }),
      ),
      'Do not promote: ROC AUC is 0.612 (plausible 0.580 to 0.644); at least 0.700 is required. Production stays 1.2.0. ' +
        'Next: look at the changed predictions.',
    ],
    [
      'a cap on a loss that is not shown',
      on(
        comparison({
          role: 'floor',
          requirement: 'above-floor',
          margin: 0.55,
          candidate: 0.541,
          lower: -0.006,
          upper: 0.024,
          verdict: 'inconclusive',
        }),
        {
          next: { kind: 'wait', clusters: 60 },
        },
      ),
      "Can't tell yet: log loss is 0.541 (plausible 0.526 to 0.556); at most 0.550 is required. Production stays 1.2.0. " +
        'Next: wait until there are about 60 days.',
    ],
    [
      'harm in a slice',
      on(
        comparison({
          ...auc,
          role: 'slice',
          requirement: 'no-harm',
          slice: { column: 'carrier', value: 'HA' },
          lower: -0.072,
          upper: -0.024,
          verdict: 'fail',
        }),
        { next: { kind: 'inspect-slice', column: 'carrier', value: 'HA' } },
      ),
      'Do not promote: ROC AUC where carrier is HA worsens by 0.048 (plausible 0.024 to 0.072); 0.020 is allowed in a ' +
        'slice. Production stays 1.2.0. Next: look at the changed predictions where carrier is HA.',
    ],
    [
      'a critical slice that is too small',
      on(
        comparison({
          ...auc,
          role: 'critical-slice',
          slice: { column: 'origin', value: 'LGA' },
          rows: 150,
          verdict: 'inconclusive',
          reason: 'too-few-rows',
        }),
        { next: { kind: 'wait', clusters: 56 } },
      ),
      "Can't tell yet: ROC AUC where origin is LGA cannot be judged: origin LGA has only 150 rows. Production stays " +
        '1.2.0. Next: wait until there are about 56 days.',
    ],
    [
      'identical predictions',
      on(comparison({ ...auc, requirement: 'better', lower: 0, upper: 0, verdict: 'fail', reason: 'identical' })),
      'Do not promote: ROC AUC is the same on both sides, on all 26,214 rows; a changed recipe has to be better. ' +
        'Production stays 1.2.0. Next: look at the changed predictions.',
    ],
    [
      'one class only',
      on(comparison({ metric: 'roc_auc', verdict: 'inconclusive', reason: 'one-class' }), {
        next: { kind: 'fix-input' },
      }),
      "Can't tell: ROC AUC has no value here: every label in the holdout is the same. Production stays 1.2.0. Next: " +
        'bring labelled examples of both classes, or check the target column.',
    ],
    [
      'too few days',
      decision({
        verdict: 'inconclusive',
        because: { reason: 'too-few-clusters', detail: '14 day' },
        holdout: { ...decision().holdout, clusters: 14 },
        next: { kind: 'wait', clusters: 28, date: '2013-09-17' },
      }),
      "Can't tell yet: the holdout has 14 days; at least 20 are needed to judge. Production stays 1.2.0. Next: wait; " +
        'checked again on 17 September.',
    ],
    [
      'no rows',
      decision({
        verdict: 'inconclusive',
        because: { reason: 'empty-holdout' },
        comparisons: [],
        next: { kind: 'wait', clusters: 20 },
      }),
      "Can't tell yet: the holdout has no labelled rows yet. Production stays 1.2.0. Next: wait until there are about 20 " +
        'days.',
    ],
    [
      'spent looks',
      decision({
        verdict: 'inconclusive',
        because: { reason: 'looks-spent' },
        looks: { used: 5, budget: 5 },
        next: { kind: 'new-window', date: '2013-10-01' },
      }),
      "Can't tell yet: all 5 looks at these held-back examples are used. Production stays 1.2.0. Next: wait for new data; " +
        'the next window opens on 1 October.',
    ],
    [
      'a reason that a newer gate gave',
      decision({
        verdict: 'inconclusive',
        because: { reason: 'moon-phase', detail: 'waxing' },
        next: { kind: 'new-window' },
      }),
      "Can't tell yet: moon phase: waxing. Production stays 1.2.0. Next: wait for new data; a new window of it has looks " +
        'of its own.',
    ],
    [
      'groups instead of days',
      on(
        comparison({
          ...auc,
          lower: -0.0122,
          upper: 0.0092,
          verdict: 'inconclusive',
          clusters: 812,
          neededClusters: 2_100,
        }),
        {
          holdout: { ...decision().holdout, clusterUnit: 'group', clusterColumn: 'user_id', clusters: 812 },
          next: { kind: 'label-more', clusters: 2_100 },
        },
      ),
      "Can't tell yet: ROC AUC is between 0.012 worse and 0.009 better; 0.010 worse is allowed. Needs about 2,100 groups " +
        'if they are equal; has 812. Production stays 1.2.0. Next: label more examples, until there are about 2,100 ' +
        'groups by user_id.',
    ],
  ])('%s', (_name, given, expected) => {
    expect(verdictSentence(given)).toBe(expected);
  });

  test.each<[string, Partial<Comparison> & { lower: number; upper: number }, string]>([
    ['better', { lower: 0.004, upper: 0.012 }, 'Better'],
    ['not worse', { lower: -0.004, upper: 0.012 }, 'Not worse'],
    ['worse', { lower: -0.04, upper: -0.012, verdict: 'fail' }, 'Worse'],
    ['not better', { lower: -0.004, upper: 0.003, verdict: 'fail', requirement: 'better' }, 'Not better'],
  ])('without a stage the lead says %s', (_name, over, lead) => {
    const { stage: _stage, ...rest } = on(comparison({ ...auc, ...over }));
    expect(sentenceOf(rest).lead).toBe(lead);
  });

  test('a title is the verdict without what to do', () => {
    expect(verdictTitle(worseDecision())).toBe(
      'Do not promote: log loss worsens by 0.031 (plausible 0.018 to 0.044); 0.010 is allowed',
    );
  });

  test('names are kept on one line, and nothing in them moves the text around', () => {
    const hostile = on(
      comparison({
        ...auc,
        role: 'slice',
        requirement: 'no-harm',
        slice: { column: 'a\nb', value: '\u202edne' },
        lower: -0.1,
        upper: -0.05,
        verdict: 'fail',
      }),
    );
    expect(verdictSentence(hostile)).toContain('where a b is ⟨U+202E⟩dne worsens');
  });
});

describe('differenceWords', () => {
  test.each<[Partial<Comparison> & { lower?: number; upper?: number }, Record<string, string>]>([
    [
      { ...auc, candidate: 0.74996, lower: -0.00996, upper: 0.004 },
      { range: '0.00996 worse to 0.00400 better', allowed: '0.01000 worse', difference: '0.00298 worse' },
    ],
    [{ ...auc, lower: 0.0002, upper: 0.0402 }, { range: '0.0002 to 0.0402 better' }],
    [{ ...auc, lower: -0.02, upper: 0.02, difference: 0.00001 }, { difference: 'about equal' }],
    [
      { ...auc, lower: 0, upper: 0, difference: 0 },
      { difference: 'equal', range: 'equal' },
    ],
    [
      { metric: 'rmse', candidate: 1_250.4, baseline: 1_380.2, margin: 27.6, lower: 60, upper: 199.6 },
      { candidate: '1,250', baseline: '1,380', allowed: '28 worse', range: '60 to 200 better' },
    ],
    [
      { ...auc, verdict: 'inconclusive', reason: 'too-few-rows' },
      { allowed: '0.01 worse', candidate: '0.750' },
    ],
  ])('%j', (over, expected) => {
    expect(differenceWords(comparison(over))).toMatchObject(expected);
  });

  test('what is displayed is judged as the numbers themselves are, and never shows a negative zero', () => {
    const requirement = fc.constantFrom('better' as const, 'not-worse' as const, 'no-harm' as const);
    const size = fc.double({ min: -0.05, max: 0.05, noNaN: true }).map((value) => Math.round(value * 1e7) / 1e7);
    fc.assert(
      fc.property(requirement, size, size, fc.constantFrom(0.01, 0.0083, 0.02, 0.5), (asked, a, b, margin) => {
        const [lower, upper] = a < b ? [a, b] : [b, a];
        const words = differenceWords(comparison({ ...auc, requirement: asked, lower, upper, margin }));
        const shown = parseRange(words.range ?? '');
        const shownMargin = Number(words.allowedLoss ?? words.margin) / (asked === 'no-harm' ? 2 : 1);
        expect(words.range).not.toMatch(/[-−]/);
        if (asked !== 'better') expect(judge(asked, shown, shownMargin)).toBe(judge(asked, { lower, upper }, margin));
        expect(Math.sign(shown.lower) + 0).toBe(Math.sign(lower) + 0);
      }),
      { numRuns: 500 },
    );
  });
});

/** Reads a displayed range back. */
function parseRange(text: string): { lower: number; upper: number } {
  const both = /^([\d.]+) to ([\d.]+) (worse|better)$/.exec(text);
  if (both !== null) {
    const [low, high] = [Number(both[1]), Number(both[2])];
    return both[3] === 'worse' ? { lower: -high, upper: -low } : { lower: low, upper: high };
  }
  const across = /^([\d.]+) worse to ([\d.]+) better$/.exec(text);
  return across === null ? { lower: 0, upper: 0 } : { lower: -Number(across[1]), upper: Number(across[2]) };
}

test('every part of a sentence is a sentence or nothing', () => {
  for (const one of [betterDecision(), worseDecision(), unclearDecision(), firstDecision(), compareDecision()]) {
    const { finding, needs, stays, next } = sentenceOf(one);
    for (const part of [finding, needs, stays, next]) expect(plainText(part)).toMatch(/^$|\.$/);
  }
});
