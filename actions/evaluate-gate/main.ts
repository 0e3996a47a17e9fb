import { decisionAnswer } from '../../lib/commands/answer.ts';
import { compareFiles } from '../../lib/commands/compare/compare.ts';
import { evaluateGate } from '../../lib/commands/evaluate/evaluate-gate.ts';
import { compareCommand, evaluateCommand } from '../../lib/commands/repeat-command.ts';
import { compareRequest } from '../compare-request.ts';
import { explainInput, optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';
import { targetCommit } from '../target-commit.ts';

/** Two modes: two prediction files (baseline, candidate, label, id …), or a model of assay.yaml (model, run, stage …). */
export function main(): Promise<void> {
  return runAction('evaluate-gate', async (action) => {
    const files = compareRequest(action.workspace);
    if (files !== undefined) {
      const { decision, evidence } = await compareFiles(action.context, files);
      const repeat = compareCommand(files);
      return { ...decisionAnswer(decision, { evidence, repeat, ...explainInput() }), file: 'decision.json' };
    }
    refusePrivileged(action, 'evaluate-gate');
    const request = {
      project: await action.project(),
      model: optional('model'),
      run: optional('run'),
      stage: optional('stage'),
      baseline: optional('baseline'),
      rulesFrom: await targetCommit(action),
    };
    const { decision, evidence, run } = await evaluateGate(action.context, { ...request, refit: true });
    const repeat = evaluateCommand(decision, request);
    return {
      ...decisionAnswer(decision, { evidence, repeat, ...explainInput() }),
      outputs: { run: run.key.slice(7) },
      file: 'decision.json',
      ...(evidence === undefined ? {} : { beside: { evidence } }),
    };
  });
}
