import { evaluationAnswer } from '../../commands/answer.ts';
import { settleLooks } from '../../commands/evaluate/settle-looks.ts';
import { pullRequest } from '../../commands/pull-request.ts';
import { repeatCommand } from '../../commands/repeat-command.ts';
import { resolveCommit } from '../../git/status.ts';
import { pullRequestComment } from '../../report/pages/comment.ts';
import { commonOptions, type Invocation } from '../invocation.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';

interface PullRequestOptions extends CommonOptions {
  readonly base?: string;
  readonly comment: boolean;
  readonly explain: boolean;
}

export function addPullRequestVerb({ process, verb, end }: Invocation): void {
  verb('pull-request [models...]', 'what a pull request is told: data checks, training, gate; posts nothing')
    .option('--base <commit>', 'the target branch, whose rules count')
    .option('--explain', 'the whole reasoning, rule by rule: asked, found, why, what would change it', false)
    .option('--comment', "print the pull request's comment, in Markdown", false)
    .action(async (models: string[], options: PullRequestOptions) => {
      const { explain } = options;
      const common = { ...commonOptions(options), details: options.details || explain };
      const code = await runVerb(process, common, async (context, project) => {
        const base = options.base === undefined ? undefined : await resolveCommit(context.git, options.base);
        const computed = await pullRequest(context, {
          project: await project(),
          models: models.length === 0 ? undefined : models,
          base,
        });
        const evaluation = await settleLooks(context, computed, base);
        const answer = evaluationAnswer(evaluation, {}, { explain });
        if (!options.comment) return answer;
        return { ...answer, text: pullRequestComment(evaluation, { repeat: repeatCommand(evaluation), explain }) };
      });
      end(code);
    });
}
