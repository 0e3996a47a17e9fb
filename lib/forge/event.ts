import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { assayError, messageOf } from '../errors.ts';
import { AboutPullRequest, isOfFork } from './about-pull-request.ts';

/** The repository that the workflow runs in. */
export interface EventRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
}

interface OfPullRequest {
  readonly kind: 'pull_request';
  /** `pull_request_target`: runs with the target's token, so it must never run the head's code. */
  readonly privileged: boolean;
  readonly action: string;
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseSha: string;
  readonly baseRef: string;
  /** The head is in another repository, or in none any more: the token is read-only and the data are not ours. */
  readonly fork: boolean;
  readonly repository: EventRepository;
}

interface OfPush {
  readonly kind: 'push';
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  /** The branch's name; absent for a tag. */
  readonly branch?: string;
  readonly beforeSha: string;
  readonly sha: string;
  readonly deleted: boolean;
  readonly repository: EventRepository;
}

interface OfDispatch {
  readonly kind: 'workflow_dispatch';
  readonly ref: string;
  /** What the person chose; a Map, because the names are theirs. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly repository: EventRepository;
}

interface OfSchedule {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly repository?: EventRepository;
}

interface OfWorkflowRun {
  readonly kind: 'workflow_run';
  readonly action: string;
  readonly runId: number;
  readonly workflow: string;
  /** The event that started that run. */
  readonly event: string;
  /** Null while it has not ended. */
  readonly conclusion: string | null;
  readonly headSha: string;
  /** Null for a run of a tag. */
  readonly headBranch: string | null;
  /** `owner:branch`, for looking the pull request up; absent when the fork is gone. */
  readonly head?: string;
  readonly fork: boolean;
  readonly repository: EventRepository;
}

interface OfAnother {
  readonly kind: 'other';
  readonly event: string;
  /** It is about a pull request (a review, a comment), and the head is in another repository or nobody says where. */
  readonly fork?: true;
  readonly repository?: EventRepository;
}

/** What started the workflow, as far as Assay needs it. */
export type WorkflowEvent = OfPullRequest | OfPush | OfDispatch | OfSchedule | OfWorkflowRun | OfAnother;

/** Bytes of an event file. Source: GitHub caps webhook payloads at 25 MB. */
const EVENT_LIMIT = 32 * 2 ** 20;

const Sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'a commit id');
const Id = z.number().int().positive();

const Repository = z
  .object({
    id: Id,
    name: z.string().min(1),
    owner: z.object({ login: z.string().min(1) }),
    default_branch: z.string().min(1),
  })
  .transform(
    (wire): EventRepository => ({
      id: wire.id,
      owner: wire.owner.login,
      name: wire.name,
      defaultBranch: wire.default_branch,
    }),
  );

const Side = z.object({ ref: z.string(), sha: Sha, repo: z.object({ id: Id }).nullish() });

const PullRequest = z
  .object({
    action: z.string(),
    pull_request: z.object({ number: Id, head: Side, base: Side }),
    repository: Repository,
  })
  .transform(
    ({ action, pull_request: { number, head, base }, repository }): Omit<OfPullRequest, 'privileged'> => ({
      kind: 'pull_request',
      action,
      number,
      headSha: head.sha,
      headRef: head.ref,
      baseSha: base.sha,
      baseRef: base.ref,
      fork: head.repo?.id !== repository.id,
      repository,
    }),
  );

const Push = z
  .object({ ref: z.string(), before: Sha, after: Sha, deleted: z.boolean().default(false), repository: Repository })
  .transform(({ ref, before, after, deleted, repository }): OfPush => {
    const branch = ref.startsWith('refs/heads/') ? { branch: ref.slice('refs/heads/'.length) } : {};
    return { kind: 'push', ref, ...branch, beforeSha: before, sha: after, deleted, repository };
  });

const Inputs = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const Dispatch = z
  .object({ ref: z.string(), inputs: Inputs.nullish(), repository: Repository })
  .transform(({ ref, inputs, repository }): OfDispatch => {
    const given = Object.entries(inputs ?? {}).filter(([, value]) => value !== null);
    return {
      kind: 'workflow_dispatch',
      ref,
      inputs: new Map(given.map(([name, value]) => [name, String(value)])),
      repository,
    };
  });

const Schedule = z
  .object({ schedule: z.string(), repository: Repository.optional() })
  .transform(
    ({ schedule, repository }): OfSchedule => ({ kind: 'schedule', cron: schedule, ...(repository && { repository }) }),
  );

const WorkflowRun = z
  .object({
    action: z.string(),
    workflow_run: z.object({
      id: Id,
      name: z.string().nullish(),
      event: z.string(),
      conclusion: z.string().nullish(),
      head_sha: Sha,
      head_branch: z.string().nullish(),
      head_repository: z.object({ id: Id, owner: z.object({ login: z.string() }) }).nullish(),
    }),
    repository: Repository,
  })
  .transform(({ action, workflow_run: run, repository }): OfWorkflowRun => {
    const from = run.head_repository;
    return {
      kind: 'workflow_run',
      action,
      runId: run.id,
      workflow: run.name ?? '',
      event: run.event,
      conclusion: run.conclusion ?? null,
      headSha: run.head_sha,
      headBranch: run.head_branch ?? null,
      ...(from && run.head_branch ? { head: `${from.owner.login}:${run.head_branch}` } : {}),
      fork: from?.id !== repository.id,
      repository,
    };
  });

const Other = AboutPullRequest.extend({ repository: Repository.optional() }).transform(({ repository, ...about }) => ({
  ...(repository && { repository }),
  ...(isOfFork(about, repository?.id) ? { fork: true as const } : {}),
}));

/**
 * The event behind the running workflow.
 * @param name the event's name (`GITHUB_EVENT_NAME`)
 * @param file its payload (`GITHUB_EVENT_PATH`)
 * @throws E_EVENT_MISSING, E_EVENT_INVALID
 */
export async function readEvent(name: string, file: string): Promise<WorkflowEvent> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > EVENT_LIMIT) throw new Error(`it has ${size} bytes, and an event has at most ${EVENT_LIMIT}`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw assayError('E_EVENT_MISSING', { file: file || '(GITHUB_EVENT_PATH)', reason: messageOf(error) }, error);
  }
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw assayError('E_EVENT_INVALID', { file, event: name, reason: `not JSON: ${messageOf(error)}` }, error);
  }
  return parseEvent(name, payload, file);
}

/**
 * A payload as a typed event. Only what is named here is taken over, so nothing else of an untrusted payload goes on.
 * @throws E_EVENT_INVALID
 */
export function parseEvent(name: string, payload: unknown, file: string): WorkflowEvent {
  const read = <T>(schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(payload);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const key = issue?.path.join('.') || undefined;
    throw assayError('E_EVENT_INVALID', { file, event: name, key, reason: issue?.message ?? 'wrong shape' });
  };
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return { ...read(PullRequest), privileged: name === 'pull_request_target' };
    case 'push':
      return read(Push);
    case 'workflow_dispatch':
      return read(Dispatch);
    case 'schedule':
      return read(Schedule);
    case 'workflow_run':
      return read(WorkflowRun);
    default:
      return { kind: 'other', event: name, ...read(Other) };
  }
}
