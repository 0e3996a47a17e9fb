import { AssayError } from '../lib/errors.ts';
import type { WorkflowEvent } from '../lib/forge/event.ts';
import type { ActionContext } from './action-context.ts';

/** Events whose run can be about a stranger's code. Source: GitHub Docs, "Events that trigger workflows". */
const OF_PULL_REQUESTS: readonly string[] = [
  ...['pull_request', 'pull_request_target', 'workflow_run'],
  ...['pull_request_review', 'pull_request_review_comment', 'issue_comment'],
];

/**
 * Whether what this run leaves in a cache may be what later runs begin with: not where a fork's code could have made it, nor where
 * the event does not tell, as with a runner on one's own machine that was given none.
 */
export async function mayKeep({ env, event }: Pick<ActionContext, 'env' | 'event'>): Promise<boolean> {
  const name = env.GITHUB_EVENT_NAME ?? '';
  if (!OF_PULL_REQUESTS.includes(name)) return true;
  const started = await event().catch(unreadable);
  if (started === undefined) return false;
  return !('fork' in started && started.fork === true) && name !== 'pull_request_target';
}

function unreadable(error: unknown): WorkflowEvent | undefined {
  if (error instanceof AssayError && error.code.startsWith('E_EVENT_')) return undefined;
  throw error;
}
