import { driftAnswer, evaluationAnswer } from '../../lib/commands/answer.ts';
import { readDocumentFile } from '../../lib/commands/document-file.ts';
import { settleLooks } from '../../lib/commands/evaluate/settle-looks.ts';
import { publishDrift } from '../../lib/commands/publish.ts';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { explainInput, optional } from '../io.ts';
import { runAction } from '../run-action.ts';
import { baseOf } from '../target-commit.ts';
import { proposeRetraining } from './propose-retraining.ts';
import { evaluationOrSaid, publishEvaluation } from './publish-evaluation.ts';
import { takeUpEvaluation } from './take-up.ts';

/**
 * Inputs: evaluation or drift (the file of the computing job), key, job-result, job-error, retrain-workflow. Runs nobody's
 * code.
 */
export function main(): Promise<void> {
  return runAction('publish', async (action) => {
    const drift = optional('drift');
    if (drift !== undefined) {
      const report = await readDocumentFile(action.workspace, drift, DriftReport);
      await publishDrift(action.context, report, action.links);
      const dispatched = await proposeRetraining(action, report);
      // The alarm is the issue: a job that only posts it has done its work.
      return { ...driftAnswer(report), verdict: 'pass', outputs: { dispatched: String(dispatched) } };
    }
    const evaluation = await evaluationOrSaid(action, async () =>
      settleLooks(action.context, await takeUpEvaluation(action), await baseOf(action)),
    );
    await publishEvaluation(action, evaluation);
    return { ...evaluationAnswer(evaluation, action.links, explainInput()), verdict: 'pass' };
  });
}
