import { describe, expect, it } from 'vitest';
import { decisionAnswer, promotionAnswer } from '../../../lib/commands/answer.ts';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { Evidence } from '../../../lib/gate/evidence/evidence.ts';
import { toTerminal } from '../../../lib/report/formats/terminal.ts';
import { commandYaml, configure, opened, WEIGHTS } from '../repository.ts';
import { newCandidate, promoted } from '../verbs.ts';

const plain = { width: 100, colour: false, details: true };

describe('evidence', () => {
  it('of a development half names ids, values only where the configuration says so; of a sealed half no row', async () => {
    const workspace = await newCandidate();
    const { context, project } = await opened(workspace);
    const { decision, evidence } = await evaluateGate(context, { project });
    expect(Evidence.parse(evidence)).toMatchObject({
      holdout: decision.holdout.digest,
      candidate: decision.candidate.predictions,
      baseline: decision.baseline.predictions,
      rows: decision.holdout.rows,
    });
    const named = [...(evidence?.changed.worse ?? []), ...(evidence?.changed.better ?? [])];
    expect(named.length).toBeGreaterThan(0);
    expect(named.some((row) => 'values' in row)).toBe(false);
    const told = toTerminal(decisionAnswer(decision, { evidence, explain: true }).blocks, plain);
    expect(told).toContain(named[0]?.id);
    expect(told).toContain('would change it:');

    const gate = { primary: 'roc_auc', guardrails: ['log_loss'], slices: ['region'] };
    await configure(
      workspace,
      commandYaml({ gate, holdout: { last: '60d', examples: true } }, { parameters: WEIGHTS.good }),
    );
    const again = await opened(workspace);
    const shown = await evaluateGate(again.context, { project: again.project, run: decision.candidate.run?.slice(7) });
    expect(shown.evidence?.changed.better[0]?.values).toBeDefined();

    const result = await promoted(workspace);
    expect(result.decision?.holdout.half).toBe('sealed');
    expect(result.evidence?.changed).toMatchObject({ worse: [], better: [] });
    expect(result.evidence?.changed.changed).toBeGreaterThan(0);
    const page = toTerminal(promotionAnswer(result, { explain: true }).blocks, plain).replaceAll(/\s+/g, ' ');
    expect(page).toContain('No row is named');
    expect(page).toContain('5 looks share 2.5 %: this is one of them.');
  }, 60_000);
});
