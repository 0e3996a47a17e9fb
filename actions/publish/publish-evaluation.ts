import { DEFAULT_KEY, type PublishPlace, publish, publishNotEvaluated } from '../../lib/commands/publish.ts';
import { AssayError } from '../../lib/errors.ts';
import type { Evaluation } from '../../lib/report/evaluation.ts';
import type { NotEvaluated } from '../../lib/report/not-evaluated.ts';
import type { ActionContext } from '../action-context.ts';
import { explainInput, optional } from '../io.ts';

/** What a pull request is told when Assay itself broke: its message may quote data, which only the log may hold. */
const DEFECT: NotEvaluated = {
  code: 'E_INTERNAL',
  message: 'Assay itself failed',
  fix: 'Report it as a defect of Assay, with the log of the run.',
};

/** Posts an evaluation where the event says it belongs: the pull request's comment, the checks of its head commit. */
export async function publishEvaluation(action: ActionContext, evaluation: Evaluation): Promise<void> {
  const place = await placeOf(action, evaluation.commit);
  if (place !== undefined) await publish(action.context, { ...place, evaluation, ...explainInput() });
}

/**
 * Runs what computes or reads an evaluation. When that fails, the pull request is told that it was not evaluated, and
 * the error goes on: a failed post never takes its place.
 */
export async function evaluationOrSaid(action: ActionContext, body: () => Promise<Evaluation>): Promise<Evaluation> {
  try {
    return await body();
  } catch (error) {
    try {
      const place = await placeOf(action);
      const why = error instanceof AssayError ? error : DEFECT;
      if (place !== undefined) await publishNotEvaluated(action.context, { ...place, why });
    } catch (unposted) {
      if (!(unposted instanceof AssayError)) throw unposted;
      action.context.log.warning(`nothing is posted: ${unposted.message} (${unposted.code})`);
    }
    throw error;
  }
}

/** Where to post, by the event; undefined, with a warning, where there is no token. */
async function placeOf(
  { context, event, links, env }: ActionContext,
  evaluated?: string,
): Promise<PublishPlace | undefined> {
  if (optional('github-token') === undefined) {
    context.log.warning('no github-token: nothing is posted; the verdict is in the job summary');
    return undefined;
  }
  const started = await event();
  const here = { key: optional('key') ?? DEFAULT_KEY, links };
  if (started.kind === 'pull_request') return { ...here, sha: started.headSha, pullRequest: started.number };
  if (started.kind === 'workflow_run') return { ...here, sha: started.headSha };
  const sha = env.GITHUB_SHA ?? evaluated;
  return sha === undefined ? undefined : { ...here, sha };
}
