import { z } from 'zod';
import { actionNames, readAction, reusableWorkflows } from '../../.ci/docs/action-file.ts';
import { ROOT } from './code-blocks.ts';

/** Actions of others that examples may use, at the major versions that run on node24. */
const OTHERS = [
  'actions/checkout@v7',
  'actions/upload-artifact@v7',
  'actions/download-artifact@v8',
  'actions/setup-python@v6',
  'actions/setup-node@v6',
  'aws-actions/configure-aws-credentials@v6',
];

/** Permission scopes of a workflow token. Source: GitHub Docs, "Workflow syntax", permissions. */
const Scope = z.enum([
  'actions',
  'checks',
  'contents',
  'deployments',
  'id-token',
  'issues',
  'pull-requests',
  'statuses',
]);
const Level = z.enum(['read', 'write', 'none']);
export const Permissions = z.partialRecord(Scope, Level);
type Permissions = z.infer<typeof Permissions>;

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const Step = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  'continue-on-error': z.boolean().optional(),
  uses: z.string().optional(),
  with: Values.optional(),
  run: z.string().optional(),
  env: Values.optional(),
  'working-directory': z.string().optional(),
});
export const Steps = z.array(Step).min(1);
type Step = z.infer<typeof Step>;

const Job = z.strictObject({
  name: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: Values.optional(),
  secrets: z.unknown().optional(),
  permissions: Permissions.optional(),
  environment: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  outputs: z.record(z.string(), z.string()).optional(),
  strategy: z.unknown().optional(),
  'runs-on': z.unknown().optional(),
  'timeout-minutes': z.number().optional(),
  steps: Steps.optional(),
});

export const Workflow = z.strictObject({
  name: z.string().optional(),
  'run-name': z.string().optional(),
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: Permissions.optional(),
  env: Values.optional(),
  defaults: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.infer<typeof Workflow>;

interface Taken {
  readonly inputs: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: readonly string[];
}

/** What may be used, by its address without version: our actions, and our reusable workflows with what they may do. */
export async function ourAddresses() {
  const actions = new Map<string, Taken>();
  for (const folder of ['.', ...(await actionNames(ROOT)).map((name) => `actions/${name}`)]) {
    const { inputs, outputs } = await readAction(ROOT, folder);
    const address = folder === '.' ? 'assay-ml/assay' : `assay-ml/assay/${folder}`;
    actions.set(address, { inputs, outputs: Object.keys(outputs) });
  }
  const workflows = new Map<string, Taken & { readonly needs: Permissions }>();
  for (const [file, workflow] of await reusableWorkflows(ROOT)) {
    const { inputs, outputs } = workflow.on.workflow_call;
    const jobs = Object.values(Workflow.parse(workflow).jobs);
    workflows.set(`assay-ml/assay/.github/workflows/${file}`, {
      inputs,
      outputs: Object.keys(outputs),
      needs: strongest(jobs.map((job) => job.permissions ?? {})),
    });
  }
  return { actions, workflows };
}
type Ours = Awaited<ReturnType<typeof ourAddresses>>;

/** What is wrong with a list of steps: unknown actions, inputs and outputs. */
export function stepProblems(ours: Ours, steps: readonly Step[]): string[] {
  const outputs = new Map<string, readonly string[]>();
  const problems: string[] = [];
  for (const step of steps) {
    for (const [, id = '', name = ''] of JSON.stringify(step).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      if (outputs.get(id)?.includes(name) === false) problems.push(`step "${id}" has no output "${name}"`);
    }
    if (step.uses === undefined) continue;
    const [address = '', version] = step.uses.split('@');
    const action = ours.actions.get(address);
    if (action === undefined) {
      if (!OTHERS.includes(step.uses)) problems.push(`unknown action ${step.uses}`);
      continue;
    }
    if (version !== 'v1') problems.push(`${step.uses} is not of v1`);
    problems.push(...inputProblems(step.uses, action, step.with ?? {}));
    if (step.id !== undefined) outputs.set(step.id, action.outputs);
  }
  return problems;
}

/** What is wrong with a workflow: its steps, the calls of our reusable workflows, and what the caller lets them do. */
export function workflowProblems(ours: Ours, workflow: Workflow): string[] {
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    if (job.uses === undefined) return stepProblems(ours, job.steps ?? []);
    const [address = '', version] = job.uses.split('@');
    const called = ours.workflows.get(address);
    if (called === undefined || version !== 'v1') return [`unknown workflow ${job.uses}`];
    const granted = job.permissions ?? workflow.permissions ?? {};
    const missing = Object.entries(called.needs).filter(
      ([scope, level]) => rank(granted[Scope.parse(scope)]) < rank(level),
    );
    return [
      ...inputProblems(job.uses, called, job.with ?? {}),
      // GitHub does not start a called workflow that asks for more than its caller has.
      ...missing.map(([scope, level]) => `job "${name}" does not grant ${scope}: ${level}`),
    ];
  });
}

function inputProblems(uses: string, { inputs }: Taken, given: Readonly<Record<string, unknown>>): string[] {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
  const missing = Object.keys(inputs).filter((name) => inputs[name]?.required && !Object.hasOwn(given, name));
  return [
    ...unknown.map((name) => `${uses} has no input "${name}"`),
    ...missing.map((name) => `${uses} needs the input "${name}"`),
  ];
}

function rank(level: z.infer<typeof Level> | undefined): number {
  return level === 'write' ? 2 : level === 'read' ? 1 : 0;
}

function strongest(all: readonly Permissions[]): Permissions {
  const needs: Permissions = {};
  for (const [scope, level] of all.flatMap((one) => Object.entries(one))) {
    const key = Scope.parse(scope);
    if (rank(level) > rank(needs[key])) needs[key] = level;
  }
  return needs;
}
