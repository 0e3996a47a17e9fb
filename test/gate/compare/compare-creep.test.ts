import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/digest.ts';
import type { ProvenSide } from '../../../lib/gate/compare/compare-creep.ts';
import { decided, decisive, makeExamples } from '../examples.ts';

/** The candidate and the baseline are as noisy as each other; what was proven better once is `proven`. */
function contest(candidate: number, proven: number) {
  const made = { days: 60, rowsPerDay: 150, candidate, baseline: candidate, seed: 3 };
  const examples = makeExamples(made);
  const older = makeExamples({ ...made, baseline: proven });
  // The same seed draws the same truth and noise: only how much of the noise the third side hears differs.
  expect(older.labels).toEqual(examples.labels);
  const side = {
    kind: 'version',
    label: '1.0.0',
    version: '1.0.0',
    predictions: digestOf([...older.baseline]),
  } as const;
  return { examples, proven: { side, scores: older.baseline } satisfies ProvenSide };
}

describe('the creep guard', () => {
  const rules = { require: 'not-worse', margins: { roc_auc: 0.02 } } as const;

  test('stops a step that is small in itself, but the last of many', () => {
    const { examples, proven } = contest(1.6, 0.6);
    const decision = decided(examples, { proven, rules });
    expect(decision.comparisons.map(({ role, verdict }) => [role, verdict])).toEqual([
      ['primary', 'pass'],
      ['creep', 'fail'],
    ]);
    expect(decision).toMatchObject({ verdict: 'fail', because: { comparison: 1 }, proven: proven.side });
    expect(decisive(decision)).toMatchObject({ against: '1.0.0', requirement: 'not-worse', margin: 0.04 });
  });

  test('lets pass what is within twice the margin of it', () => {
    const { examples, proven } = contest(1, 1);
    expect(decided(examples, { proven, rules }).verdict).toBe('pass');
  });

  test.each([
    ['switched off', { rules: { ...rules, creep: false } }],
    [
      'a first version has no such version',
      { baseline: { kind: 'constant', label: 'constant model', predictions: digestOf(1) } as const },
    ],
  ])('is not asked: %s', (_why, over) => {
    const { examples, proven } = contest(1.6, 0.6);
    expect(decided(examples, { proven, rules, ...over }).comparisons.map(({ role }) => role)).not.toContain('creep');
  });

  test('of a loss is a share of the proven version, twice', () => {
    const { examples, proven } = contest(1, 0.8);
    const decision = decided(examples, { proven, rules: { primary: 'log_loss', require: 'not-worse' } });
    const creep = decision.comparisons.find(({ role }) => role === 'creep');
    expect(creep?.margin).toBeCloseTo(0.04 * (creep?.baseline ?? 0), 12);
  });
});
