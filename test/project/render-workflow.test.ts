import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  renderRetrainWorkflow,
  renderWorkflow,
  retrainFile,
  type WorkflowPlan,
} from '../../lib/project/render-workflow.ts';
import { parseWorkflow } from '../../lib/project/workflow-file.ts';
import { ACTION_NEEDS, WORKFLOW_NEEDS } from '../../lib/project/workflow-needs.ts';
import { ROOT } from '../docs/code-blocks.ts';
import { ourAddresses, Workflow, workflowProblems } from '../docs/workflow-problems.ts';

const PLAN: WorkflowPlan = {
  file: 'assay.yml',
  project: '.',
  branch: 'main',
  models: ['late'],
  stages: ['production'],
  drift: true,
  counted: false,
};
const ours = await ourAddresses();

/** Runs a written workflow for an event: the jobs whose condition holds. */
function jobsFor(text: string, event: string): string[] {
  const { jobs } = Workflow.parse(parse(text));
  return Object.entries(jobs).flatMap(([name, job]) =>
    job.if === undefined || job.if === `github.event_name == '${event}'` ? [name] : [],
  );
}

describe('the workflows', () => {
  it.each([
    ['of one model', PLAN],
    ['of several models and stages', { ...PLAN, models: ['a', 'b'], stages: ['staging', 'production'] }],
    [
      'of a folder',
      {
        ...PLAN,
        file: 'assay-x.yml',
        project: 'services/x y',
        setup: 'pip install -r "services/x y/r.txt"',
        pullData: 'data',
      },
    ],
    ['of a holdout without halves', { ...PLAN, counted: true }],
    ['of a strange branch', { ...PLAN, branch: '# "release": 1', drift: false }],
  ] as const)('%s call what there is with what it takes and may do', (_what, plan) => {
    for (const text of [renderWorkflow(plan), renderRetrainWorkflow(plan)]) {
      const workflow = Workflow.parse(parse(text));
      expect(workflowProblems(ours, workflow)).toEqual([]);
      expect(workflow.permissions).toEqual({});
      for (const job of Object.values(workflow.jobs)) {
        // Not a scope more than what is called asks for.
        expect(job.permissions).toEqual(ours.workflows.get((job.uses ?? '').split('@')[0] ?? '')?.needs);
      }
    }
    expect(Workflow.parse(parse(renderWorkflow(plan))).on).toMatchObject({ push: { branches: [plan.branch] } });
  });

  it('do for each event what it is for', () => {
    const text = renderWorkflow(PLAN);
    expect(['pull_request', 'push', 'workflow_dispatch', 'schedule'].map((event) => jobsFor(text, event))).toEqual([
      ['gate'],
      ['register'],
      ['promote'],
      ['drift'],
    ]);
    expect(renderWorkflow({ ...PLAN, drift: false })).not.toContain('cron');
    const { judges, watches } = parseWorkflow(text, 'assay.yml');
    expect({ judges, watches }).toEqual({ judges: ['.'], watches: ['.'] });
    expect(text).toContain(`retrain: ${retrainFile('assay.yml')}\n`);
    expect(parse(renderRetrainWorkflow(PLAN)).name).toBe('assay-retrain');
  });

  it('let a person choose where there is a choice', () => {
    const { on } = Workflow.parse(
      parse(renderWorkflow({ ...PLAN, models: ['a', 'b'], stages: ['staging', 'production'] })),
    );
    expect(on).toMatchObject({
      workflow_dispatch: {
        inputs: {
          stage: { options: ['staging', 'production'], default: 'production' },
          model: { options: ['a', 'b'] },
        },
      },
    });
  });
});

describe('what is needed of a token', () => {
  it('by a reusable workflow is what its jobs ask for', () => {
    const needs = [...ours.workflows].map(([address, workflow]) => [address.split('/').at(-1), workflow.needs]);
    expect(WORKFLOW_NEEDS).toEqual(Object.fromEntries(needs));
  });

  it('by an action is among what its page says', async () => {
    const names = [...ours.actions.keys()].map((address) =>
      address.replace('assay-ml/assay', '').replace('/actions/', ''),
    );
    expect(Object.keys(ACTION_NEEDS).sort()).toEqual(names.sort());
    for (const [name, needs] of Object.entries(ACTION_NEEDS)) {
      const page = await readFile(join(ROOT, 'actions', name === '' ? 'pull-request' : name, 'README.md'), 'utf8');
      for (const [scope, level] of Object.entries(needs)) expect(page).toContain(`${scope}: ${level}`);
    }
  });
});
