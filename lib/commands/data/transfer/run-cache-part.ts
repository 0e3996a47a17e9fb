import type { Context } from '../../context.ts';
import type { RunsOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import type { DataTransferRequest } from './data-push.ts';

/**
 * Sends or brings the run cache where a transfer is asked to, and tells it as a part of that one's document. What does it is
 * loaded only then.
 *
 * @throws as `dataRunCache`
 */
export async function runCachePart(
  context: Context,
  workspace: DataWorkspace,
  direction: 'push' | 'fetch',
  request: Pick<DataTransferRequest, 'runCache' | 'remote' | 'jobs'>,
): Promise<{ readonly runs?: RunsOutput }> {
  if (request.runCache !== true) return {};
  const { dataRunCache } = await import('./data-run-cache.ts');
  return { runs: await dataRunCache(context, workspace, direction, request) };
}
