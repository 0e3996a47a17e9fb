import { AssayError } from '../../lib/errors.ts';
import type { ActionContext } from '../action-context.ts';
import { optional } from '../io.ts';

/**
 * ISO time from which the cool-down counts: the input's, else that of the newest run of the workflow that retrains. A
 * forge that does not tell costs the cool-down, and a warning, not the report.
 */
export async function lastProposal({ context }: ActionContext): Promise<string | undefined> {
  const named = optional('last-proposal');
  const workflow = optional('retrain-workflow');
  if (named !== undefined || workflow === undefined) return named;
  try {
    const forge = await context.openForge();
    return (await forge.lastRunOf(workflow))?.toISOString();
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    context.log.warning(`there is no cool-down: ${error.message} (${error.code}). ${error.fix}`);
    return undefined;
  }
}
