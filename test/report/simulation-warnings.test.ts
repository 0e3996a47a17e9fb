import { expect, it } from 'vitest';
import { GateRules } from '../../lib/gate/rules.ts';
import { levelsOf, simulateGate } from '../../lib/gate/simulate/simulate-gate.ts';
import type { Simulation } from '../../lib/gate/simulate/simulation.ts';
import { simulationWarnings } from '../../lib/report/blocks/simulation-blocks.ts';

/** Scores of both sides lie 1.2 standard deviations apart: an AUC of 0.80. */
const SIDES = { separation: { baseline: 1.2, candidate: 1.2 }, deviation: { baseline: 1, candidate: 1 } };

it('a warning has the chance and the days that the simulation itself shows', () => {
  const rules = GateRules.parse({ primary: 'roc_auc', guardrails: ['log_loss'] });
  const sizes = Array.from({ length: 28 }, (_, day) => 10 + (day % 5) * 8);
  const plan = { sizes, positives: 0.3, agreement: 0.9, intraclass: 0.2, ...SIDES };
  const { simulated, further } = simulateGate(rules, 'binary', plan, 60);
  const simulation: Simulation = {
    schema: 'assay/simulation/1',
    task: 'binary',
    rules,
    levels: levelsOf(rules),
    holdout: { source: 'options', rows: 728, clusters: 28, clusterUnit: 'day' },
    draws: 60,
    simulated,
    further,
    leftOut: [],
  };
  const warnings = simulationWarnings(simulation);
  expect(warnings.length).toBeGreaterThan(1);
  simulated.forEach(({ planned, neededClusters }, index) => {
    expect(warnings[index]).toContain(`passes ${Math.round(100 * planned.rule.promotion)} times in 100; `);
    expect(warnings[index]).toContain(`${neededClusters.promotion} days would give 80`);
  });
});
