import type { WorkflowRunRecord } from './state.ts';
import { wireRepository } from './wire-repository.ts';
import { repositoryUrl, type Wire, type Wiring, webUrl } from './wiring.ts';

export function wireWorkflowRun(wiring: Wiring, run: WorkflowRunRecord): Wire {
  const url = `${repositoryUrl(wiring)}/actions/runs/${run.id}`;
  const links = ['jobs', 'logs', 'check_suite', 'cancel', 'rerun', 'artifacts'];
  const repository = wireRepository(wiring);
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    head_branch: 'main',
    head_sha: run.headSha,
    path: `.github/workflows/${run.workflow}`,
    display_title: 'A run',
    run_number: run.id,
    event: 'workflow_dispatch',
    status: 'completed',
    conclusion: 'success',
    workflow_id: 1,
    url,
    html_url: `${webUrl(wiring)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    ...Object.fromEntries(links.map((link) => [`${link}_url`, `${url}/${link}`])),
    workflow_url: `${repositoryUrl(wiring)}/actions/workflows/1`,
    head_commit: null,
    repository,
    head_repository: repository,
  };
}
