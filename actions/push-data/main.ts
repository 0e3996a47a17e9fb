import { dataAdd } from '../../lib/commands/data/add/data-add.ts';
import { checkedAnswer } from '../../lib/commands/data/checked-answer.ts';
import { dataTransferAnswer } from '../../lib/commands/data/data-answer.ts';
import { typedPaths } from '../../lib/commands/data/git-add-advice.ts';
import { dataPush } from '../../lib/commands/data/transfer/data-push.ts';
import { dataRequest } from '../data-request.ts';
import { list } from '../io.ts';
import { refusePrivileged } from '../refuse-privileged.ts';
import { runAction } from '../run-action.ts';

/** Inputs: add, targets, remote, recursive, jobs. */
export function main(): Promise<void> {
  return runAction('push-data', async (action) => {
    refusePrivileged(action, 'push-data');
    const { context, workspace } = action;
    const request = dataRequest();
    const added = list('add');
    const written = added.length === 0 ? [] : (await dataAdd(context, { targets: added })).written;
    const pushed = await dataPush(context, request);
    const { transferred, present } = pushed.document;
    const pointers = typedPaths(written, { cwd: workspace, start: context.root }).join('\n');
    const outputs = { pushed: String(transferred), present: String(present), pointers };
    return { ...checkedAnswer(dataTransferAnswer(pushed)), outputs, file: 'push-data.json' };
  });
}
