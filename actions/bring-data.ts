import { dataPullCached } from '../lib/commands/data/transfer/data-pull-cached.ts';
import type { ActionContext } from './action-context.ts';
import { runnerCache } from './actions-cache.ts';
import { mayKeep } from './may-keep.ts';

/** The target that stands for everything that is tracked. */
const ALL = 'all';

/**
 * Brings tracked data before users' commands read them, as the action pull-data does; nothing when there are no targets.
 * Throws what could not be brought.
 */
export async function bringData(action: ActionContext, targets: readonly string[]): Promise<void> {
  if (targets.length === 0) return;
  const request = { targets: targets.includes(ALL) ? [] : targets, recursive: true };
  const { document, error } = await dataPullCached(action.context, request, {
    runner: runnerCache,
    keep: await mayKeep(action),
  });
  if (error !== undefined) throw error;
  action.context.log.info(`brought the tracked data: ${document.fetched} fetched, ${document.present} there already`);
}
