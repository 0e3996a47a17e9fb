import { evaluationAnswer } from '../../lib/commands/answer.ts';
import { pullRequest } from '../../lib/commands/pull-request.ts';
import { evaluationCheck } from '../../lib/report/check-runs.ts';
import { bringRun } from '../bring-run.ts';
import { flag, list } from '../io.ts';
import { evaluationOrSaid, publishEvaluation } from '../publish/publish-evaluation.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';
import { runOutputs } from '../run-outputs.ts';
import { targetCommit } from '../target-commit.ts';

/** The root action: validate → train → evaluate-gate, and the comment unless `publish: false`. */
export function main(): Promise<void> {
  return runAction('pull-request', async (action) => {
    refusePrivileged(action, 'pull-request');
    const models = list('models');
    const evaluate = async () =>
      pullRequest(action.context, {
        project: await action.project(),
        models: models.length === 0 ? undefined : models,
        base: await targetCommit(action),
        bring: bringRun(action),
      });
    const posts = flag('publish');
    const evaluation = posts ? await evaluationOrSaid(action, evaluate) : await evaluate();
    if (posts) await publishEvaluation(action, evaluation);
    const { annotations } = evaluationCheck(evaluation);
    const outputs = runOutputs(action, evaluation);
    return { ...evaluationAnswer(evaluation, action.links), annotations, outputs, file: 'evaluation.json' };
  });
}
