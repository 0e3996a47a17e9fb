import { rollbackAnswer } from '../../lib/commands/answer.ts';
import { rollback } from '../../lib/commands/registry/rollback.ts';
import { optional, required } from '../io.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model, stage, to, reason. */
export function main(): Promise<void> {
  return runAction('rollback', async ({ context, project }) => {
    const request = {
      model: optional('model'),
      stage: optional('stage'),
      to: optional('to'),
      reason: required('reason'),
    };
    const result = await rollback(context, { project: await project(), ...request });
    const { model, stage, rolledBack, held } = result;
    return { ...rollbackAnswer(result), outputs: { model, stage, version: rolledBack?.version ?? held } };
  });
}
