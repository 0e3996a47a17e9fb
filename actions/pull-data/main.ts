import { checkedAnswer } from '../../lib/commands/data/checked-answer.ts';
import { dataPullAnswer } from '../../lib/commands/data/data-answer.ts';
import { dataPullCached } from '../../lib/commands/data/transfer/data-pull-cached.ts';
import { runnerCache } from '../actions-cache.ts';
import { dataRequest } from '../data-request.ts';
import { flag } from '../io.ts';
import { mayKeep } from '../may-keep.ts';
import { runAction } from '../run-action.ts';

/** Inputs: targets, remote, recursive, jobs, force, allow-missing, cache. */
export function main(): Promise<void> {
  return runAction('pull-data', async (action) => {
    const request = { ...dataRequest(), force: flag('force'), allowMissing: flag('allow-missing') };
    const runner = flag('cache', true) ? runnerCache : undefined;
    const pulled = await dataPullCached(action.context, request, { runner, keep: await mayKeep(action) });
    const { fetched, present } = pulled.document;
    const outputs = { fetched: String(fetched), present: String(present), cache: pulled.runnerCache };
    return { ...checkedAnswer(dataPullAnswer(pulled)), outputs, file: 'pull-data.json' };
  });
}
