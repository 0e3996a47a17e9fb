import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../lib/digest.ts';
import { compareMetric } from '../../lib/gate/compare/compare-metric.ts';
import { decide } from '../../lib/gate/decide.ts';
import type { Comparison, Decision } from '../../lib/gate/decision.ts';
import { scoresInOrder } from '../../lib/gate/evidence/pair-by-id.ts';
import { clusterCodes, type PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { GateRules, type MetricName } from '../../lib/gate/rules.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { decided, makeExamples, questionOf } from './examples.ts';

/** Each run decides once or twice; at 20 to 39 days it draws two bootstraps of 9,999. */
const RUNS = { seed: 20130701, numRuns: 25 };

const examples = fc
  .record({
    days: fc.constantFrom(15, 19, 20, 30, 39, 40, 60),
    rowsPerDay: fc.constantFrom(5, 20, 40),
    candidate: fc.constantFrom(0.2, 0.8, 1, 1.2, 4),
    baseline: fc.constantFrom(0.5, 1, 1.5),
    dayNoise: fc.constantFrom(0, 1),
    seed: fc.nat(1_000_000),
  })
  .map((made) => {
    const examples = makeExamples(made);
    const origin = Array.from(examples.labels, (_label, row) => ['A', 'B', null][(row * 31 + made.seed) % 3] ?? null);
    return { ...examples, slices: new Map([['origin', origin]]) } satisfies PairedExamples;
  });

const METRICS = ['roc_auc', 'accuracy', 'f1', 'log_loss'] as const;

test('swapping candidate and baseline mirrors the interval', () => {
  fc.assert(
    fc.property(examples, fc.constantFrom<MetricName>(...METRICS), (one, metric) => {
      const rules = GateRules.parse({ primary: metric, margins: { [metric]: 0.01 } });
      const settings = { rules, alpha: 0.025, seed: [3, 4] as const };
      const there = compareMetric(metric, 'primary', 'better', one, settings);
      const swapped = { ...one, candidate: one.baseline, baseline: one.candidate };
      const back = compareMetric(metric, 'primary', 'better', swapped, settings);
      expect(back.difference).toBe(there.difference === undefined ? undefined : 0 - there.difference);
      const { lower, upper } = there.interval ?? {};
      expect([back.interval?.lower, back.interval?.upper]).toEqual(
        lower === undefined || upper === undefined ? [undefined, undefined] : [0 - upper, 0 - lower],
      );
      // Not both can be better.
      expect(there.verdict === 'pass' && back.verdict === 'pass').toBe(false);
    }),
    RUNS,
  );
});

/** The rules of the design in other words: what a reader concludes from the numbers that are shown. */
function readerSays({ requirement, interval, margin }: Comparison): Comparison['verdict'] {
  if (interval === undefined) return 'inconclusive';
  const { lower, upper } = interval;
  const allowed = { 'not-worse': -margin, better: 0, 'no-harm': Number.NEGATIVE_INFINITY, 'above-floor': 0 }[
    requirement
  ];
  const refused = { 'not-worse': -margin, better: margin / 2, 'no-harm': -2 * margin, 'above-floor': 0 }[requirement];
  if (requirement === 'no-harm') return upper < refused ? 'fail' : 'pass';
  if (lower > allowed) return 'pass';
  return upper < refused ? 'fail' : 'inconclusive';
}

function readerConcludes({ comparisons }: Decision): Decision['verdict'] {
  const verdicts = comparisons.map((one) => ({ said: readerSays(one), counts: one.role !== 'slice' }));
  if (verdicts.some(({ said }) => said === 'fail')) return 'fail';
  return verdicts.some(({ said, counts }) => said === 'inconclusive' && counts) ? 'inconclusive' : 'pass';
}

test('every verdict follows from the displayed intervals alone', () => {
  const rules = fc.record({
    primary: fc.constantFrom('roc_auc' as const, 'log_loss' as const),
    guardrails: fc.constantFrom([], ['accuracy' as const], ['log_loss' as const, 'f1' as const]),
    slices: fc.constantFrom([], ['origin'], [{ column: 'origin', critical: true }]),
    floors: fc.constantFrom({}, { roc_auc: 0.7 }),
    margins: fc.constantFrom({}, { roc_auc: 0.05, log_loss: 0.05 }),
  });
  const looks = fc.constantFrom(undefined, { used: 1, budget: 5 });
  fc.assert(
    fc.property(examples, rules, looks, fc.boolean(), (one, rules, looks, sameRecipe) => {
      const decision = decided(one, { rules, sameRecipe, ...(looks === undefined ? {} : { looks }) });
      for (const comparison of decision.comparisons) expect(comparison.verdict).toBe(readerSays(comparison));
      if (decision.holdout.clusters < 20) expect(decision.verdict).toBe('inconclusive');
      else expect(decision.verdict).toBe(readerConcludes(decision));
      if ('comparison' in decision.because) {
        expect(decision.comparisons[decision.because.comparison]?.verdict).toBe(decision.verdict);
      }
    }),
    RUNS,
  );
});

test('adding a constant to all scores changes no decision on the AUC', () => {
  fc.assert(
    fc.property(examples, fc.integer({ min: -64, max: 64 }), fc.integer({ min: -64, max: 64 }), (one, a, b) => {
      // Shifts of the grid of 1/1024 on which the scores lie: exact, so that ties stay ties.
      const shifted = {
        ...one,
        candidate: one.candidate.map((score) => score + a / 1024),
        baseline: one.baseline.map((score) => score + b / 1024),
      };
      const facts = questionOf(one);
      const question = (examples: PairedExamples) => ({ ...facts, examples });
      expect(canonicalJson(decide(question(shifted)))).toBe(canonicalJson(decide(question(one))));
    }),
    RUNS,
  );
});

test('a wider margin never makes "not worse" harder', () => {
  const RANK = { fail: 0, inconclusive: 1, pass: 2 };
  fc.assert(
    fc.property(examples, fc.double({ min: 1.01, max: 4, noNaN: true }), (one, factor) => {
      const at = (margin: number) =>
        decided(one, { sameRecipe: true, rules: { margins: { roc_auc: margin }, slices: ['origin'] } });
      // Rules are part of the seed: the bootstrap of another margin draws other signs. From 40 days on it is not used.
      if (new Set(one.clusters).size < 40) return;
      const [strict, lax] = [at(0.01), at(0.01 * factor)];
      const [before, after] = [strict.comparisons[0], lax.comparisons[0]];
      expect(after?.interval).toEqual(before?.interval);
      expect(RANK[after?.verdict ?? 'fail']).toBeGreaterThanOrEqual(RANK[before?.verdict ?? 'fail']);
    }),
    RUNS,
  );
});

describe('the order of the rows in the files', () => {
  test('changes not one byte: pairing brings them into the order of the ids', () => {
    fc.assert(
      fc.property(examples, fc.nat(), (one, seed) => {
        const random = createRandom([seed, 1]);
        const order = one.ids.map((_id, row) => ({ row, key: random.uint32() })).sort((a, b) => a.key - b.key);
        const ids = order.map(({ row }) => one.ids[row] ?? '');
        const scored = (scores: Float64Array) => ({
          ids,
          scores: Float64Array.from(order, ({ row }) => scores[row] ?? 0),
        });
        const sorted = ids.toSorted();
        const inOrder = (values: Float64Array) => scoresInOrder('x', sorted, scored(values));
        const again: PairedExamples = {
          ids: sorted,
          labels: inOrder(one.labels),
          candidate: inOrder(one.candidate),
          baseline: inOrder(one.baseline),
          ...clusterCodes(inOrder(Float64Array.from(one.clusters))),
          slices: one.slices,
        };
        expect(canonicalJson(decide(questionOf(again)))).toBe(canonicalJson(decide(questionOf(one))));
      }),
      { ...RUNS, numRuns: 10 },
    );
  });
});
