import type { ActionContext } from './action-context.ts';
import { optional } from './io.ts';

/** The commit whose rules count: the input's, else the target branch's on a pull request. */
export async function targetCommit({ event, env }: ActionContext): Promise<string | undefined> {
  const named = optional('rules-from');
  if (named !== undefined || env.GITHUB_EVENT_NAME !== 'pull_request') return named;
  const started = await event();
  return started.kind === 'pull_request' ? started.baseSha : undefined;
}

/** The target branch's commit by the event, which no file can forge; undefined where it tells of none. */
export async function baseOf({ event }: ActionContext): Promise<string | undefined> {
  const started = await event();
  return started.kind === 'pull_request' ? started.baseSha : undefined;
}

/** Whether the run is of a pull request from another repository: its token may write nothing, and no job of it posts. */
export async function isOfFork({ event, env }: ActionContext): Promise<boolean> {
  if (env.GITHUB_EVENT_NAME !== 'pull_request') return false;
  const started = await event();
  return started.kind === 'pull_request' && started.fork;
}
