import { createHash } from 'node:crypto';

export type Permission = 'actions' | 'checks' | 'contents' | 'issues' | 'pull-requests' | 'statuses';

/** What a token is: whose, of which kind, and what it may write. All of them may read. */
export interface TokenGrant {
  readonly login: string;
  readonly kind: 'installation' | 'person';
  readonly write: readonly Permission[];
}

export interface IssueRecord {
  readonly number: number;
  readonly author: string;
  readonly createdAt: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  pull?: PullRecord;
}

export interface PullRecord {
  headSha: string;
  readonly headRef: string;
  /** Undefined when the fork was deleted. */
  readonly headRepository: { readonly id: number; readonly owner: string } | undefined;
  readonly baseSha: string;
  readonly baseRef: string;
  mergeSha?: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly createdAt: string;
  body: string;
}

export interface CheckRunRecord {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  externalId: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  readonly annotations: Record<string, unknown>[];
}

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly author: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

export interface ArtifactRecord {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  expired: boolean;
  /** Null where the forge does not tell which run made it. */
  readonly run: { readonly id: number; readonly headRepositoryId: number; readonly headSha: string } | null;
  readonly digest: string | null;
  zip: Uint8Array;
}

export interface DispatchRecord {
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly by: string;
}

export interface WorkflowRunRecord {
  readonly id: number;
  /** Its file's name. */
  readonly workflow: string;
  /** What started it. */
  readonly event: string;
  readonly headSha: string;
  readonly createdAt: string;
}

/** Something that goes wrong with requests that match; `before` alone only lets something else happen first. */
export interface Fault {
  readonly method?: string;
  readonly path?: RegExp;
  /** How many requests it meets; once unless said. */
  times?: number;
  readonly before?: (state: ServerState) => void;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The bytes of the answer, as they are. */
  readonly raw?: string;
  /** Closes the connection without an answer; with `after`, once the request has taken effect. */
  readonly hangUp?: 'before' | 'after';
}

/** All that the server knows. Tests may look at and change every part of it. */
export interface ServerState {
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
  readonly tokens: Map<string, TokenGrant>;
  readonly issues: Map<number, IssueRecord>;
  readonly comments: CommentRecord[];
  readonly labels: { readonly id: number; readonly name: string }[];
  readonly checkRuns: CheckRunRecord[];
  readonly statuses: StatusRecord[];
  /** `refs/heads/main` and so on. */
  readonly refs: Map<string, string>;
  /** Each commit's parents: what decides a fast-forward. */
  readonly commits: Map<string, readonly string[]>;
  /** Workflow files that can be dispatched. */
  readonly workflows: Set<string>;
  readonly dispatches: DispatchRecord[];
  readonly workflowRuns: WorkflowRunRecord[];
  readonly artifacts: ArtifactRecord[];
  readonly faults: Fault[];
  /** The next number; ids and times grow together, so that a run of the server repeats. */
  nextId(): number;
  now(): string;
}

/** Tokens that every server knows. */
export const TOKENS = {
  /** A workflow's own token with every permission that Assay asks for. */
  actions: 'ghs_actions',
  /** A workflow's own token in the run of a fork's pull request. */
  fork: 'ghs_fork',
  /** A person's token. */
  person: 'ghp_person',
  /** The token of an app of the user's own. */
  app: 'ghs_app',
} as const;

const EVERYTHING: readonly Permission[] = ['actions', 'checks', 'contents', 'issues', 'pull-requests', 'statuses'];
const START_MS = Date.UTC(2026, 0, 1);

export function newState(owner: string, name: string, actionsLogin: string): ServerState {
  let last = 1_000;
  return {
    repository: { id: 42, owner, name },
    tokens: new Map([
      [TOKENS.actions, { login: actionsLogin, kind: 'installation', write: EVERYTHING }],
      [TOKENS.fork, { login: actionsLogin, kind: 'installation', write: [] }],
      [TOKENS.person, { login: 'octocat', kind: 'person', write: EVERYTHING }],
      [TOKENS.app, { login: 'team-models[bot]', kind: 'installation', write: EVERYTHING }],
    ]),
    issues: new Map(),
    comments: [],
    labels: [],
    checkRuns: [],
    statuses: [],
    refs: new Map(),
    commits: new Map(),
    workflows: new Set(),
    dispatches: [],
    workflowRuns: [],
    artifacts: [],
    faults: [],
    nextId() {
      last += 1;
      return last;
    },
    now: () => new Date(START_MS + last * 1_000).toISOString().replace('.000Z', 'Z'),
  };
}

/** A commit id for a test, from a word. */
export function shaOf(word: string): string {
  return createHash('sha1').update(word).digest('hex');
}

export function addIssue(state: ServerState, issue: Partial<IssueRecord> & { readonly author: string }): IssueRecord {
  state.nextId();
  const number = Math.max(0, ...state.issues.keys()) + 1;
  const record: IssueRecord = {
    number,
    createdAt: state.now(),
    title: 'An issue',
    body: '',
    state: 'open',
    labels: [],
    ...issue,
  };
  state.issues.set(record.number, record);
  return record;
}

/** A pull request into main, from a branch of the same repository unless `fork` names another owner. */
export function addPull(
  state: ServerState,
  pull: { readonly headSha: string; readonly headRef?: string; readonly fork?: string },
): IssueRecord {
  const { repository } = state;
  const headRepository = pull.fork === undefined ? repository : { id: 4_242, owner: pull.fork };
  const headRef = pull.headRef ?? 'feature';
  return addIssue(state, {
    author: pull.fork ?? 'octocat',
    title: 'A pull request',
    pull: { headSha: pull.headSha, headRef, headRepository, baseSha: shaOf('base'), baseRef: 'main' },
  });
}

export function addComment(state: ServerState, issue: number, author: string, body: string): CommentRecord {
  const record = { id: state.nextId(), createdAt: state.now(), issue, author, body };
  state.comments.push(record);
  return record;
}

/** A run of a workflow of this repository; now by the server's time unless `createdAt` says when. */
export function addWorkflowRun(
  state: ServerState,
  run: { readonly workflow: string; readonly createdAt?: string; readonly event?: string },
): WorkflowRunRecord {
  const id = state.nextId();
  const record = { id, event: 'workflow_dispatch', headSha: shaOf(`run ${id}`), createdAt: state.now(), ...run };
  state.workflowRuns.push(record);
  return record;
}

/** An artifact that a run of this repository made, unless `headRepositoryId` names a fork. */
export function addArtifact(
  state: ServerState,
  artifact: {
    readonly name: string;
    readonly zip?: Uint8Array;
    readonly headRepositoryId?: number;
    readonly expired?: boolean;
  },
): ArtifactRecord {
  const zip = artifact.zip ?? new Uint8Array();
  const id = state.nextId();
  const record: ArtifactRecord = {
    id,
    name: artifact.name,
    createdAt: state.now(),
    expired: artifact.expired ?? false,
    run: {
      id: id * 10,
      headRepositoryId: artifact.headRepositoryId ?? state.repository.id,
      headSha: shaOf(`run ${id}`),
    },
    digest: `sha256:${createHash('sha256').update(zip).digest('hex')}`,
    zip,
  };
  state.artifacts.push(record);
  return record;
}
