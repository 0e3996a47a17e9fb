import { type ApiOptions, openApi } from './api.ts';
import { downloadArtifact, findArtifact } from './artifact.ts';
import { authorOf } from './author.ts';
import { branchHead } from './branch.ts';
import { publishCheck } from './check.ts';
import { upsertComment } from './comment.ts';
import { dispatchWorkflow } from './dispatch.ts';
import type { Forge } from './forge.ts';
import { closeIssue, upsertIssue } from './issue.ts';
import { pullRequest, pullRequestOfCommit } from './pull-request.ts';
import type { ArtifactLimits } from './unpack-artifact.ts';
import { lastRunOf } from './workflow-run.ts';

export interface GitHubOptions extends ApiOptions {
  /** The login that the token writes as. Only the token of an app of the user's own needs it, such as `my-app[bot]`. */
  readonly author?: string;
  readonly artifactLimits?: ArtifactLimits;
}

/**
 * GitHub, GitHub Enterprise Server, or Gitea/Forgejo by the path of its API. Nothing is sent before it is used.
 * @throws E_FORGE_NO_TOKEN, E_FORGE_URL
 */
export async function openGitHub(options: GitHubOptions): Promise<Forge> {
  const api = await openApi(options);
  const author = authorOf(api, options.log, options.author);
  const fetch = options.fetch ?? globalThis.fetch;
  return {
    repository: options.repository,
    upsertComment: (comment) => upsertComment(api, author, comment),
    publishCheck: (check) => publishCheck(api, check),
    upsertIssue: (issue) => upsertIssue(api, author, issue),
    closeIssue: (issue) => closeIssue(api, author, issue),
    dispatchWorkflow: (dispatch) => dispatchWorkflow(api, dispatch),
    lastRunOf: (workflow, event) => lastRunOf(api, workflow, event),
    pullRequest: (number) => pullRequest(api, number),
    pullRequestOfCommit: (commit) => pullRequestOfCommit(api, commit),
    branchHead: (branch) => branchHead(api, branch),
    findArtifact: (query) => findArtifact(api, query),
    downloadArtifact: (artifact, folder) => downloadArtifact(api, fetch, artifact, folder, options.artifactLimits),
  };
}
