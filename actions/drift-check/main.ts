import { driftAnswer } from '../../lib/commands/answer.ts';
import { driftCheck } from '../../lib/commands/drift-check.ts';
import { optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';
import { lastProposal } from './last-proposal.ts';

/** Inputs: model, stage, last-proposal, retrain-workflow. Computes only; `publish` opens the issue and starts the retraining. */
export function main(): Promise<void> {
  return runAction('drift-check', async (action) => {
    refusePrivileged(action, 'drift-check');
    const report = await driftCheck(action.context, {
      project: await action.project(),
      model: optional('model'),
      stage: optional('stage'),
      lastProposal: await lastProposal(action),
    });
    const outputs = { version: report.version, retrain: String(report.retrain.proposed) };
    return { ...driftAnswer(report), outputs, file: 'drift.json' };
  });
}
