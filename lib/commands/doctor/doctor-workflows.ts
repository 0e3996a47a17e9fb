import { posix, relative } from 'node:path';
import type { Forge } from '../../forge/forge.ts';
import { longestCronGap } from '../../project/cron-gap.ts';
import type { Project } from '../../project/project.ts';
import {
  JUDGING_WORKFLOWS,
  missingPermissions,
  type WorkflowFile,
  type WorkflowUse,
} from '../../project/workflow-file.ts';
import { ACTION_NEEDS, ACTIONS_VERSION, WORKFLOW_NEEDS } from '../../project/workflow-needs.ts';
import type { Context } from '../context.ts';
import { readWorkflows } from '../read-workflows.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, warn, fail, thrown } = findingsOf('workflows');

/** A schedule may be late by this many of its longest pauses: GitHub drops runs when it is busy. */
const MISSED = 2;

/** Actions that run code of the repository. */
const RUNS_CODE = new Set(['', 'pull-request', 'train', 'evaluate-gate', 'score', 'drift-check']);

/**
 * The workflows of the repository: what their jobs may do, whose code they run, which version of us they use, and whether
 * something judges pull requests and watches drift. The forge, where it is asked, says when a schedule ran last.
 */
export async function workflowFindings(
  context: Context,
  project: Project,
  { top, forge }: { readonly top: string; readonly forge?: Forge | undefined },
): Promise<Finding[]> {
  const workflows = await readWorkflows(top);
  const folder = relative(top, project.root).replaceAll('\\', '/') || '.';
  const findings = workflows.flatMap((workflow) => [...unsafe(workflow), ...ours(workflow)]);
  for (const workflow of workflows) findings.push(...(await overdue(context, workflow, forge)));
  return [...findings, ...absent(workflows, folder, project)];
}

/** A pull request's author must not get a token that may write, whoever wrote the workflow. */
function unsafe({ file, events, checksOutHead, uses, problem }: WorkflowFile): Finding[] {
  if (problem !== undefined) return [warn(file, `it cannot be read: ${problem}`, 'Mend its YAML.')];
  if (!events.includes('pull_request_target')) return [];
  const [job] = checksOutHead;
  const fix = 'Run on pull_request, and post from a job of its own: the reusable workflow pull-request.yml does both.';
  if (job !== undefined) {
    return [
      fail(
        file,
        `pull_request_target, and the job "${job}" checks out the pull request's code: anybody's code gets a token that may write`,
        fix,
      ),
    ];
  }
  const use = uses.find(({ kind, name }) => (kind === 'workflow' ? JUDGING_WORKFLOWS.has(name) : RUNS_CODE.has(name)));
  return use === undefined
    ? []
    : [fail(file, `pull_request_target, and the job "${use.job}" runs the repository's code`, fix)];
}

function ours({ file, uses }: WorkflowFile): Finding[] {
  if (uses.length === 0) return [];
  const problems = uses.flatMap((use) => [...permissionFindings(file, use), ...versionFindings(file, use)]);
  return problems.length > 0
    ? problems
    : [ok(file, `${[...new Set(uses.map(titleOf))].join(', ')}: pinned, with the permissions they need`)];
}

function permissionFindings(file: string, use: WorkflowUse): Finding[] {
  const needs = (use.kind === 'workflow' ? WORKFLOW_NEEDS : ACTION_NEEDS)[use.name];
  if (needs === undefined) return [warn(file, `there is no ${titleOf(use)}`, 'See docs/reference/actions.md.')];
  const wanted = Object.entries(needs)
    .map(([scope, level]) => `${scope}: ${level}`)
    .join(', ');
  const missing = missingPermissions(use.granted, needs);
  if (missing === undefined) {
    const fix = `Say permissions: { ${wanted} } for it.`;
    return [
      warn(file, `the job "${use.job}" has no permissions: what it may do is up to the repository's settings`, fix),
    ];
  }
  if (missing.length > 0) {
    return [
      fail(
        file,
        `the job "${use.job}" (${titleOf(use)}) lacks ${missing.join(', ')}`,
        `Grant permissions: { ${wanted} }.`,
      ),
    ];
  }
  if (use.granted !== 'write-all') return [];
  return [warn(file, `the job "${use.job}" may write everything`, `Grant permissions: { ${wanted} } instead.`)];
}

/** A tag of ours or a commit; a branch changes under the workflow. */
function versionFindings(file: string, use: WorkflowUse): Finding[] {
  if (use.ref !== undefined && /^(v\d+(\.\d+){0,2}|[0-9a-f]{40})$/.test(use.ref)) return [];
  const said = use.ref === undefined ? 'names no version' : `is of "${use.ref}", which is no version`;
  return [
    warn(
      file,
      `${titleOf(use)} in the job "${use.job}" ${said}`,
      `Write @${ACTIONS_VERSION}, or the commit of a release.`,
    ),
  ];
}

function titleOf({ kind, name }: WorkflowUse): string {
  return kind === 'workflow' || name !== '' ? name : 'assay';
}

/** When schedules ran last, of workflows that watch drift. GitHub stops schedules of repositories that sleep for 60 days. */
async function overdue(
  { clock }: Context,
  { file, crons, watches }: WorkflowFile,
  forge: Forge | undefined,
): Promise<Finding[]> {
  const gaps = crons.map(longestCronGap).filter((gap) => gap !== undefined);
  if (forge === undefined || watches.length === 0 || gaps.length === 0) return [];
  try {
    const last = await forge.lastRunOf(posix.basename(file), 'schedule');
    if (last === undefined)
      return [
        warn(
          file,
          'its schedule never ran',
          'It runs on the default branch only: merge it there; then look at the Actions tab.',
        ),
      ];
    const late = clock.now().getTime() - last.getTime() > MISSED * Math.min(...gaps);
    const when = last.toISOString().slice(0, 16).replace('T', ' ');
    return late
      ? [
          warn(
            file,
            `its schedule is overdue: it ran last at ${when} (UTC)`,
            'Enable it again in the Actions tab: schedules stop after 60 days without a commit.',
          ),
        ]
      : [ok(file, `its schedule ran last at ${when} (UTC)`)];
  } catch (error) {
    return [thrown(file, error, 'warn')];
  }
}

function absent(workflows: readonly WorkflowFile[], folder: string, project: Project): Finding[] {
  const findings: Finding[] = [];
  if (!workflows.some(({ judges }) => judges.includes(folder))) {
    findings.push(warn('pull requests', 'no workflow judges pull requests', 'assay init writes one.'));
  }
  findings.push(...uncounted(workflows, folder, project));
  const watched = workflows.some(({ watches }) => watches.includes(folder));
  const [name] = Object.entries(project.config.models).find(([, { drift }]) => drift !== undefined) ?? [];
  if (name !== undefined && !watched) {
    findings.push(
      warn(
        'drift',
        `"${name}" has drift: in assay.yaml, and no workflow with a schedule (cron) checks it`,
        'assay init writes one (docs/guides/drift.md).',
      ),
    );
  }
  return findings;
}

/** Without halves every look has to be recorded, which takes a job that may write. */
function uncounted(workflows: readonly WorkflowFile[], folder: string, project: Project): Finding[] {
  const [name] = Object.entries(project.config.models).find(([, { holdout }]) => !holdout.halves) ?? [];
  const plain = workflows.find(
    ({ judges, uses }) => judges.includes(folder) && uses.some((use) => use.name === 'pull-request.yml'),
  );
  if (name === undefined || plain === undefined) return [];
  const fix = 'Call pull-request-counted.yml in its place, and grant contents: write.';
  return [warn(plain.file, `the holdout of "${name}" has no halves, and this workflow may not record its looks`, fix)];
}
