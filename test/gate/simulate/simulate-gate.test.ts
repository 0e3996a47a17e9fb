import { describe, expect, it } from 'vitest';
import { createPlannedHoldouts, type HoldoutPlan, separationOf } from '../../../lib/gate/holdout/planned-holdout.ts';
import { GateRules } from '../../../lib/gate/rules.ts';
import { drawsFor } from '../../../lib/gate/simulate/draw-count.ts';
import { simulateGate } from '../../../lib/gate/simulate/simulate-gate.ts';
import { STEPS } from '../../../lib/gate/simulate/simulated-rule.ts';
import { rocAuc } from '../../../lib/metrics/roc-auc.ts';

const apart = separationOf(0.8);
const plan: HoldoutPlan = {
  sizes: new Array<number>(30).fill(20),
  intraclass: 0.05,
  positives: 0.3,
  agreement: 0.9,
  separation: { baseline: apart, candidate: apart },
  deviation: { baseline: 2, candidate: 2 },
};
const rules = GateRules.parse({ primary: 'accuracy', guardrails: ['log_loss'], margins: { accuracy: 0.02 } });

describe('drawn holdouts', () => {
  it('have the share of positives, the area and the error that were planned', () => {
    const holdouts = createPlannedHoldouts({ ...plan, sizes: new Array<number>(400).fill(50), intraclass: 0 }, [1, 2]);
    const { binary, regression } = holdouts(0);
    const share = binary.labels.reduce((sum, label) => sum + label, 0) / binary.labels.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.015);
    expect(Math.abs(rocAuc(binary.labels, binary.baseline) - 0.8)).toBeLessThan(0.015);
    expect(Math.abs(rocAuc(binary.labels, binary.candidate) - 0.8)).toBeLessThan(0.015);
    const square = regression.candidate.reduce((sum, error) => sum + error * error, 0) / regression.labels.length;
    expect(Math.abs(Math.sqrt(square) - 2)).toBeLessThan(0.05);
  });

  it('are a function of seed and number alone', () => {
    const first = createPlannedHoldouts(plan, [1, 2]);
    const once = first(7).binary.candidate.slice();
    first(8);
    expect(first(7).binary.candidate).toEqual(once);
    expect(createPlannedHoldouts(plan, [1, 2])(7).binary.candidate).toEqual(once);
    expect(createPlannedHoldouts(plan, [1, 3])(7).binary.candidate).not.toEqual(once);
  });
});

describe('how many are drawn', () => {
  it.each([
    [100, 2, 1000],
    [4_000, 2, 1000],
    [20_000, 2, 200],
    [100_000, 2, 100],
    [100_000, 4, 50],
    [10_000_000, 2, 30],
  ])('of %d rows with %d passes: %d', (rows, passes, draws) => {
    expect(drawsFor(rows, passes)).toBe(draws);
  });
});

describe('a simulated gate', () => {
  const { draws, simulated } = simulateGate(rules, 'binary', plan);

  it('asks both of the primary metric, and not worse of guardrails', () => {
    expect(draws).toBe(drawsFor(600));
    expect(simulated.map(({ metric, role, requirement }) => [metric, role, requirement])).toEqual([
      ['accuracy', 'primary', 'better'],
      ['accuracy', 'primary', 'not-worse'],
      ['log_loss', 'guardrail', 'not-worse'],
    ]);
    expect(simulateGate({ ...rules, require: 'better' }, 'binary', plan).simulated).toHaveLength(2);
  });

  it('goes from −2 to +2 margins, ever likelier, and no rule alone is harder than all together', () => {
    const noise = 4 * Math.sqrt(0.25 / draws);
    for (const { chances, margin } of simulated) {
      expect(chances.map(({ difference }) => difference)).toEqual(STEPS.map((step) => step * margin));
      chances.forEach(({ rule, gate }, index) => {
        expect(rule.advisory).toBeGreaterThanOrEqual(chances[index - 1]?.rule.advisory ?? 0);
        expect(rule.promotion).toBeLessThanOrEqual(rule.advisory);
        if (gate !== undefined) expect(gate.advisory).toBeLessThanOrEqual(rule.advisory + noise);
      });
    }
  });

  it('counts what the formula says where there are no guardrails to pass', () => {
    const alone = GateRules.parse({
      ...rules,
      guardrails: ['accuracy'],
      margins: { accuracy: 0.02 },
      require: 'better',
    });
    const [primary] = simulateGate(alone, 'binary', plan).simulated;
    const noise = 4 * Math.sqrt(0.25 / draws) + 0.02;
    for (const { rule, gate, difference } of primary?.chances ?? []) {
      // Truly equal with a guardrail on the same metric: the guardrail binds once the truth is far above.
      if (difference > 0.01) continue;
      expect(Math.abs((gate?.advisory ?? 1) - rule.advisory)).toBeLessThan(noise);
    }
  });

  it('says the same again', () => {
    expect(simulateGate(rules, 'binary', plan)).toEqual({ draws, simulated, further: [] });
  });

  it('never passes what has no value', () => {
    const rare = { ...plan, positives: 1e-9 };
    const [primary] = simulateGate(
      GateRules.parse({ primary: 'roc_auc', require: 'better' }),
      'binary',
      rare,
    ).simulated;
    expect(primary?.judged).toBe(0);
    expect(primary?.standardError).toBeUndefined();
    expect(primary?.chances.every(({ rule }) => rule.advisory === 0)).toBe(true);
  });
});
