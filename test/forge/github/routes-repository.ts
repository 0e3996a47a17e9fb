import { type Call, invalid, NOT_FOUND, page, type Route, refusal, textOf } from './route.ts';
import { wirePull } from './wire-issue.ts';
import { wireBranch, wireMe, wireRef, wireRepository } from './wire-repository.ts';
import { wireWorkflowRun } from './wire-workflow-run.ts';

function isAncestor(call: Call, ancestor: string, of: string): boolean {
  const open = [of];
  const seen = new Set<string>();
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (sha === ancestor) return true;
    if (seen.has(sha)) continue;
    seen.add(sha);
    open.push(...(call.state.commits.get(sha) ?? []));
  }
  return false;
}

function pulls(call: Call) {
  return [...call.state.issues.values()]
    .filter((issue) => issue.pull !== undefined)
    .sort((a, b) => b.number - a.number);
}

export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/user',
    handle: (call) =>
      call.grant.kind === 'installation'
        ? refusal(403, 'Resource not accessible by integration')
        : { status: 200, body: wireMe(call, call.grant.login) },
  },
  { method: 'GET', template: '/repos/{owner}/{repo}', handle: (call) => ({ status: 200, body: wireRepository(call) }) },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/branches/{branch}',
    handle(call) {
      const branch = call.path.branch ?? '';
      const sha = call.state.refs.get(`refs/heads/${branch}`);
      return sha === undefined
        ? refusal(404, 'Branch not found')
        : { status: 200, body: wireBranch(call, branch, sha) };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/git/ref/{ref}',
    handle(call) {
      const ref = `refs/${call.path.ref}`;
      const sha = call.state.refs.get(ref);
      return sha === undefined ? NOT_FOUND : { status: 200, body: wireRef(call, ref, sha) };
    },
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/git/refs',
    writes: ['contents'],
    handle(call) {
      const ref = textOf(call.body.ref);
      const sha = textOf(call.body.sha);
      if (!/^refs\/[^/]+\/./.test(ref)) return refusal(422, 'Reference name must start with refs and have two slashes');
      if (call.state.refs.has(ref)) return refusal(422, 'Reference already exists');
      if (!call.state.commits.has(sha)) return refusal(422, 'Object does not exist');
      call.state.refs.set(ref, sha);
      return { status: 201, body: wireRef(call, ref, sha) };
    },
  },
  {
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/git/refs/{ref}',
    writes: ['contents'],
    handle(call) {
      const ref = `refs/${call.path.ref}`;
      const sha = textOf(call.body.sha);
      const current = call.state.refs.get(ref);
      if (current === undefined) return refusal(422, 'Reference does not exist');
      if (!call.state.commits.has(sha)) return refusal(422, 'Object does not exist');
      if (call.body.force !== true && !isAncestor(call, current, sha))
        return refusal(422, 'Update is not a fast forward');
      call.state.refs.set(ref, sha);
      return { status: 200, body: wireRef(call, ref, sha) };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls',
    handle(call) {
      const state = call.query.get('state') ?? 'open';
      // Gitea has no filter by head.
      const head = call.flavour === 'gitea' ? null : call.query.get('head');
      const found = pulls(call).filter(
        ({ state: is, pull }) =>
          (state === 'all' || is === state) &&
          (head === null || head === `${pull?.headRepository?.owner}:${pull?.headRef}`),
      );
      return page(
        call,
        found.map((issue) => wirePull(call, issue, false)),
      );
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}',
    handle(call) {
      const issue = call.state.issues.get(Number(call.path.pull_number));
      return issue?.pull === undefined ? NOT_FOUND : { status: 200, body: wirePull(call, issue, true) };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    handle(call) {
      const sha = call.path.commit_sha;
      // The commits of a fork are not this repository's: GitHub answers with an empty list for them.
      const found = pulls(call).filter(
        ({ pull }) =>
          pull?.mergeSha === sha || (pull?.headSha === sha && pull?.headRepository?.id === call.state.repository.id),
      );
      return page(
        call,
        found.map((issue) => wirePull(call, issue, false)),
      );
    },
  },
];

const INPUTS_LIMIT = 25;

export const dispatchRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    writes: ['actions'],
    handle(call) {
      const workflow = call.path.workflow_id ?? '';
      if (!call.state.workflows.has(workflow)) return NOT_FOUND;
      const ref = textOf(call.body.ref);
      const { inputs } = call.body;
      if (!call.state.refs.has(`refs/heads/${ref}`)) return refusal(422, `No ref found for: ${ref}`);
      const given = typeof inputs === 'object' && inputs !== null ? { ...inputs } : {};
      if (Object.keys(given).length > INPUTS_LIMIT) return invalid('WorkflowDispatch', 'inputs', 'too many inputs');
      call.state.dispatches.push({ workflow, ref, inputs: given, by: call.grant.login });
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    handle(call) {
      const workflow = call.path.workflow_id ?? '';
      if (!call.state.workflows.has(workflow)) return NOT_FOUND;
      const event = call.query.get('event');
      const found = call.state.workflowRuns
        .filter((run) => run.workflow === workflow && (event === null || run.event === event))
        .reverse();
      return page(
        call,
        found.map((run) => wireWorkflowRun(call, run)),
        (part) => ({ total_count: found.length, workflow_runs: part }),
      );
    },
  },
];
