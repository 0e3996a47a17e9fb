import type { ActionContext } from './action-context.ts';

/** Events whose run can be about a stranger's code. Source: GitHub Docs, "Events that trigger workflows". */
const OF_PULL_REQUESTS: readonly string[] = ['pull_request', 'pull_request_target', 'workflow_run'];

/** Whether what this run leaves in a cache may be what later runs begin with: not where a fork's code could have made it. */
export async function mayKeep({ env, event }: Pick<ActionContext, 'env' | 'event'>): Promise<boolean> {
  const name = env.GITHUB_EVENT_NAME ?? '';
  if (!OF_PULL_REQUESTS.includes(name)) return true;
  const started = await event();
  const fork = (started.kind === 'pull_request' || started.kind === 'workflow_run') && started.fork;
  return !fork && name !== 'pull_request_target';
}
