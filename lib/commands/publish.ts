import type { DriftReport } from '../drift/drift-report.ts';
import { assayError } from '../errors.ts';
import type { Check, Forge } from '../forge/forge.ts';
import { type Posted, unpostedWarning } from '../forge/posted.ts';
import type { Evaluation } from '../report/evaluation.ts';
import { type NotEvaluated, notEvaluatedChecks, notEvaluatedComment } from '../report/not-evaluated.ts';
import { type CheckReport, evaluationCheck, promotableCheck } from '../report/pages/check-runs.ts';
import { pullRequestComment } from '../report/pages/comment.ts';
import { driftClosing, driftIssue } from '../report/pages/drift-issue.ts';
import type { ReportLinks } from '../report/words/footer-words.ts';
import type { Context } from './context.ts';
import { repeatCommand } from './repeat-command.ts';

/** The comment's key when none is given; workflows with several gates give each its own. */
export const DEFAULT_KEY = 'gate';

/** Where it is posted. */
export interface PublishPlace {
  readonly key: string;
  /** The commit that the checks are for: the pull request's head, not the merge commit that was evaluated. */
  readonly sha: string;
  /** The pull request, when the event named it. Otherwise it is looked up by the commit, never taken from a file. */
  readonly pullRequest?: number | undefined;
  readonly links: ReportLinks;
}

export interface PublishRequest extends PublishPlace {
  readonly evaluation: Evaluation;
  /** Tells the whole reasoning too, folded. */
  readonly explain?: boolean | undefined;
}

export interface PublishResult {
  readonly comment: Posted;
  readonly checks: readonly Posted[];
  /** What could not be posted, in one sentence; the verdict stands. */
  readonly warning?: string;
}

/** Posts an evaluation: one comment, two checks. Idempotent; a post that fails is a warning, never another verdict. */
export async function publish(context: Context, request: PublishRequest): Promise<PublishResult> {
  const forge = await context.openForge();
  const { evaluation, links, sha, explain } = request;
  const body = pullRequestComment(evaluation, { links, repeat: repeatCommand(evaluation), explain });
  const comment = await postComment(forge, request, body);
  // Without a model nothing can be promoted: a red "promotable" would block a change of documentation for ever.
  const judged = evaluation.decisions.length > 0 || evaluationCheck(evaluation).conclusion === 'failure';
  const reports = [evaluationCheck(evaluation, links), ...(judged ? [promotableCheck(evaluation, links)] : [])];
  const checks: Posted[] = [];
  for (const report of reports) checks.push(await forge.publishCheck(checkOf(report, sha, links)));
  return withWarning(context, { comment, checks });
}

/** Says that nothing was evaluated, and why: one comment, both checks red. What is missing must never look green. */
export async function publishNotEvaluated(
  context: Context,
  request: PublishPlace & { readonly why: NotEvaluated },
): Promise<PublishResult> {
  const forge = await context.openForge();
  const { why, links, sha } = request;
  const comment = await postComment(forge, request, notEvaluatedComment(why, links));
  const checks: Posted[] = [];
  for (const report of notEvaluatedChecks(why, links)) {
    checks.push(await forge.publishCheck(checkOf(report, sha, links)));
  }
  return withWarning(context, { comment, checks });
}

/** Opens or updates the one issue of a model's drift, and closes it when the drift is over. */
export async function publishDrift(context: Context, report: DriftReport, links: ReportLinks): Promise<Posted> {
  const forge = await context.openForge();
  const key = `drift-${report.model.replaceAll(/[^a-z0-9-]/gi, '-')}-${report.stage}`;
  const posted =
    report.verdict === 'fail' || report.verdict === 'warn'
      ? await forge.upsertIssue({ key, ...driftIssue(report, links), labels: ['drift'] })
      : await forge.closeIssue({ key, comment: driftClosing(report, links) });
  const warning = unpostedWarning([posted]);
  if (warning !== undefined) context.log.warning(warning);
  return posted;
}

async function postComment(forge: Forge, { key, sha, pullRequest }: PublishPlace, body: string): Promise<Posted> {
  const issue = pullRequest ?? (await forge.pullRequestOfCommit({ sha }))?.number;
  if (issue === undefined) throw assayError('E_PUBLISH_NO_PULL_REQUEST', { sha });
  return forge.upsertComment({ issue, key, body });
}

function checkOf(report: CheckReport, sha: string, { run }: ReportLinks): Check {
  return { ...report, sha, ...(run === undefined ? {} : { detailsUrl: run }) };
}

function withWarning(
  context: Context,
  result: { readonly comment: Posted; readonly checks: readonly Posted[] },
): PublishResult {
  const warning = unpostedWarning([result.comment, ...result.checks]);
  if (warning === undefined) return result;
  context.log.warning(warning);
  return { ...result, warning };
}
