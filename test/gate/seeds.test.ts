import { describe, expect, test } from 'vitest';
import { digestOf } from '../../lib/digest.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { rocAuc } from '../../lib/metrics/roc-auc.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { decided, makeExamples, normal } from './examples.ts';

/** Several trainings of one recipe: the candidate's scores, each with noise of its own as large as declared. */
function trained(noises: readonly number[]): PairedExamples {
  const examples = makeExamples({ days: 60, rowsPerDay: 80, candidate: 0.5, baseline: 1 });
  const seeds = noises.map((noise, seed) => {
    const random = createRandom([seed, 9]);
    return examples.candidate.map((score) => Math.min(1, Math.max(0, score + noise * normal(random))));
  });
  return { ...examples, candidate: seeds[0] ?? examples.candidate, seeds };
}

describe('a candidate trained with several seeds', () => {
  const examples = trained([0, 0.05, 0.1, 0.02, 0.07]);
  const { comparisons } = decided(examples, { rules: { floors: { roc_auc: 0.6 }, guardrails: ['log_loss'] } });
  const [primary, , floor] = comparisons;

  test('is worth the mean of them', () => {
    const areas = (examples.seeds ?? []).map((scores) => rocAuc(examples.labels, scores));
    const mean = areas.reduce((sum, area) => sum + area, 0) / 5;
    expect(primary?.candidate).toBeCloseTo(mean, 12);
    expect(primary?.difference).toBeCloseTo(mean - rocAuc(examples.labels, examples.baseline), 12);
    expect(floor?.candidate).toBeCloseTo(mean, 12);
    const deviation = Math.sqrt(areas.reduce((sum, area) => sum + (area - mean) ** 2, 0) / 4);
    expect(primary?.interval?.seedDeviation).toBeCloseTo(deviation, 12);
  });

  test('is known less well than one training that counts for all', () => {
    const alone = decided(trained([0.05])).comparisons[0]?.interval;
    expect(alone?.method).toBe('cluster-jackknife-t');
    expect(primary?.interval?.method).toBe('seed-and-cluster-jackknife-t');
    expect(primary?.interval?.standardError ?? 0).toBeGreaterThan(alone?.standardError ?? 1);
  });

  test('is not better because one training was lucky', () => {
    const lucky = trained([0, 0.6, 0.6, 0.6, 0.6]);
    expect(decided({ ...lucky, seeds: [lucky.candidate, lucky.candidate] }).verdict).toBe('pass');
    expect(decided(lucky).verdict).not.toBe('pass');
  });

  test('promises no number of days when that is not clear: days do not take away what differs between seeds', () => {
    const unclear = decided(trained([0, 0.3, 0.1, 0.5, 0.2]));
    expect(unclear.comparisons[0]).toMatchObject({ verdict: 'inconclusive', reason: 'too-wide' });
    expect(unclear.comparisons[0]).not.toHaveProperty('neededClusters');
  });

  test('is named training by training in the decision', () => {
    const seeds = (examples.seeds ?? []).map((scores) => ({ predictions: digestOf([...scores]) }));
    expect(decided(examples, { seeds }).seeds).toEqual(seeds);
  });

  test('is looked at in slices and gaps by its mean, too', () => {
    const sliced = {
      ...examples,
      slices: new Map([['side', examples.ids.map((_id, row) => (row % 2 ? 'odd' : 'even'))]]),
    };
    const rules = { slices: ['side'], fairness: [{ column: 'side' }], calibration: { margin: 0.1 } };
    const found = decided(sliced, { rules }).comparisons.filter(({ role }) => role !== 'primary');
    expect(found.map(({ role }) => role)).toEqual(['fairness', 'calibration', 'slice', 'slice']);
    expect(found.map(({ interval }) => interval?.method)).toEqual([
      'gap-jackknife-t',
      ...Array.from({ length: 3 }, () => 'seed-and-cluster-jackknife-t'),
    ]);
    expect(found.every(({ interval }) => (interval?.seedDeviation ?? 0) > 0)).toBe(true);
  });
});

describe('a registered version', () => {
  test('is one training: where the rules ask for several, that is said', () => {
    const { seeds: _none, ...alone } = trained([0.05]);
    const said = (examples: PairedExamples, seeds: number) =>
      decided(examples, { rules: { seeds } }).warnings.filter((warning) => warning.includes('one training'));
    expect(said(alone, 5)).toEqual([expect.stringMatching(/of the 5 seeds/)]);
    expect(said(trained([0.05, 0.1]), 2)).toEqual([]);
  });
});
