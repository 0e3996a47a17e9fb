import { evaluationAnswer } from '../../lib/commands/answer.ts';
import { settleLooks, withholdLooks } from '../../lib/commands/evaluate/settle-looks.ts';
import { pullRequest } from '../../lib/commands/pull-request.ts';
import { evaluationCheck } from '../../lib/report/pages/check-runs.ts';
import { bringData } from '../bring-data.ts';
import { bringRun } from '../bring-run.ts';
import { explainInput, flag, list } from '../io.ts';
import { evaluationOrSaid, publishEvaluation } from '../publish/publish-evaluation.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';
import { runOutputs } from '../run-outputs.ts';
import { isOfFork, targetCommit } from '../target-commit.ts';

/** The root action: validate → train → evaluate-gate, and the comment unless `publish: false`. */
export function main(): Promise<void> {
  return runAction('pull-request', async (action) => {
    refusePrivileged(action, 'pull-request');
    const models = list('models');
    const evaluate = async () => {
      await bringData(action, list('pull-data'));
      return pullRequest(action.context, {
        project: await action.project(),
        models: models.length === 0 ? undefined : models,
        base: await targetCommit(action),
        bring: bringRun(action),
      });
    };
    const posts = flag('publish', true);
    const settle = async () => settleLooks(action.context, await evaluate(), await targetCommit(action));
    // What is handed over may hold what nobody may be shown before its look is recorded.
    const handedOver = posts ? await evaluationOrSaid(action, settle) : await evaluate();
    const evaluation = posts
      ? handedOver
      : withholdLooks(handedOver, (await isOfFork(action)) ? 'look-of-fork' : 'look-pending');
    if (posts) await publishEvaluation(action, evaluation);
    const { annotations } = evaluationCheck(evaluation);
    const outputs = runOutputs(action, evaluation);
    const answer = evaluationAnswer(evaluation, action.links, explainInput());
    return { ...answer, annotations, outputs, file: 'evaluation.json', handedOver };
  });
}
