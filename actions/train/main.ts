import { trainAnswer } from '../../lib/commands/answer.ts';
import { train } from '../../lib/commands/train/train.ts';
import { bringRun } from '../bring-run.ts';
import { flag, optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model, force, github-token (to find the run among this repository's artifacts). */
export function main(): Promise<void> {
  return runAction('train', async (action) => {
    refusePrivileged(action, 'train');
    const project = await action.project();
    const request = { project, model: optional('model'), force: flag('force'), bring: bringRun(action) };
    const result = await train(action.context, request);
    const { record, folder } = result.run;
    const metrics = JSON.stringify(record.metrics);
    const outputs = { run: record.key.slice(7), folder, metrics, reused: String(result.reused), model: result.model };
    return { ...trainAnswer(result), outputs, file: 'run.json' };
  });
}
