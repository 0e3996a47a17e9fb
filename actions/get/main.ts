import { getAnswer } from '../../lib/commands/answer.ts';
import { get } from '../../lib/commands/registry/get.ts';
import { optional, required } from '../io.ts';
import { runAction } from '../run-action.ts';

/** Inputs: model (MODEL@STAGE, MODEL@1.2.0 or MODEL@latest), path. */
export function main(): Promise<void> {
  return runAction('get', async ({ context, project, workspace }) => {
    const request = {
      project: await project(),
      reference: required('model'),
      output: optional('path'),
      cwd: workspace,
    };
    const found = await get(context, request);
    return { ...getAnswer(found), outputs: { version: found.record.version, path: found.folder } };
  });
}
