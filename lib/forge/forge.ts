import type { Posted } from './posted.ts';

/** A repository on the forge, as `owner/name` splits. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** The one comment of a key on an issue or a pull request. */
export interface StickyComment {
  readonly issue: number;
  readonly key: string;
  /** Markdown, already escaped and within `commentRoom(key)`: that is the report's work. */
  readonly body: string;
}

export interface Annotation {
  /** Relative to the repository. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title?: string;
  readonly message: string;
}

export type CheckConclusion = 'success' | 'failure' | 'neutral' | 'skipped' | 'action_required';

/** A check on a commit. The same name on the same commit is the same check: it is updated, not repeated. */
export interface Check {
  readonly sha: string;
  readonly name: string;
  readonly conclusion: CheckConclusion;
  /** One line that carries the verdict. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations?: readonly Annotation[];
  readonly detailsUrl?: string;
}

/** The one open issue of a key. */
export interface IssueAlert {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface Dispatch {
  /** The workflow's file name, such as `retrain.yml`, or its number. */
  readonly workflow: string;
  /** A branch or tag. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly headSha: string;
  readonly headRef: string;
  /** `owner/name`; absent when the fork was deleted. */
  readonly headRepository?: string;
  readonly baseSha: string;
  readonly baseRef: string;
  /** Does the head live in another repository (or in none any more)? */
  readonly fork: boolean;
}

/** Which commit's pull request; `head` (`owner:branch`, from a workflow_run event) makes looking for it cheap. */
export interface CommitOfPullRequest {
  readonly sha: string;
  readonly head?: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  /** Bytes of the zip. */
  readonly size: number;
  /** `sha256:…` of the zip, where the forge knows it. */
  readonly digest?: string;
  readonly runId: number;
  readonly headSha: string;
}

export interface ArtifactQuery {
  readonly name: string;
  /** This repository's number, when the caller knows it from the event; asked for otherwise. */
  readonly repositoryId?: number;
}

/**
 * What commands ask of a forge. Methods that post never throw for what the outside world does (no permission, a rate
 * limit, a network that is down): they answer with {@link Posted}. Methods that read throw E_FORGE_* errors.
 */
export interface Forge {
  readonly repository: RepositoryName;
  upsertComment(comment: StickyComment): Promise<Posted>;
  publishCheck(check: Check): Promise<Posted>;
  upsertIssue(issue: IssueAlert): Promise<Posted>;
  /** Closes the open issue of `key` with a comment; there being none is fine. */
  closeIssue(issue: { readonly key: string; readonly comment: string }): Promise<Posted>;
  dispatchWorkflow(dispatch: Dispatch): Promise<Posted>;
  /**
   * When the newest run of a workflow was started, by any event or by the named one; undefined when it never ran.
   * `workflow` as in {@link Dispatch}.
   */
  lastRunOf(workflow: string, event?: string): Promise<Date | undefined>;
  /** The pull request that a commit belongs to, looked up on the forge: a number from an artifact is not to be trusted. */
  pullRequestOfCommit(commit: CommitOfPullRequest): Promise<PullRequest | undefined>;
  pullRequest(number: number): Promise<PullRequest | undefined>;
  /** The commit that a branch points at; undefined when there is no such branch. */
  branchHead(branch: string): Promise<string | undefined>;
  /** The newest artifact of that name that has not expired and that a run of this very repository made. */
  findArtifact(query: ArtifactQuery): Promise<Artifact | undefined>;
  /** Unpacks an artifact into a folder that does not exist yet; the paths of its files in it, sorted. */
  downloadArtifact(artifact: Artifact, folder: string): Promise<readonly string[]>;
}
