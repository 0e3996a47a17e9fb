import { promotionAnswer } from '../../lib/commands/answer.ts';
import { readDocumentFile } from '../../lib/commands/document-file.ts';
import { PredictionsFile } from '../../lib/commands/evaluate/predictions-file.ts';
import { promote } from '../../lib/commands/registry/promote.ts';
import { explainInput, flag, optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model, version, stage, override, reason, predictions (the file of the action `score`). */
export function main(): Promise<void> {
  return runAction('promote', async (action) => {
    refusePrivileged(action, 'promote');
    const file = optional('predictions');
    const result = await promote(action.context, {
      project: await action.project(),
      model: optional('model'),
      version: optional('version'),
      stage: optional('stage'),
      override: flag('override') ? { reason: optional('reason') ?? '' } : undefined,
      predictions: file === undefined ? undefined : await readDocumentFile(action.workspace, file, PredictionsFile),
    });
    const { model, version, stage, promoted } = result;
    const outputs = { model, version, stage, promoted: String(promoted !== undefined) };
    return { ...promotionAnswer(result, explainInput()), outputs, file: 'promotion.json' };
  });
}
