import { scoreSealed } from '../../lib/commands/evaluate/score-sealed.ts';
import { EXIT_CODE } from '../../lib/exit-code.ts';
import { optional } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model, version, stage. Computes what `promote` decides on, in a job without permission to write. */
export function main(): Promise<void> {
  return runAction('score', async (action) => {
    refusePrivileged(action, 'score');
    const request = {
      project: await action.project(),
      model: optional('model'),
      version: optional('version'),
      stage: optional('stage'),
    };
    const document = await scoreSealed(action.context, request);
    const { candidate, stage, model } = document;
    const text = [
      `${candidate.scores.length} rows of the sealed half scored for ${stage}; nothing was computed from them.`,
    ];
    return {
      document,
      blocks: [{ kind: 'verdict', verdict: 'pass', subject: model, lead: 'Scored', text }],
      verdict: 'pass',
      exitCode: EXIT_CODE.yes,
      outputs: { version: candidate.version ?? '', stage },
      file: 'predictions.json',
    };
  });
}
