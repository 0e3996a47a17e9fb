import { ACTIONS_ADDRESS, ACTIONS_VERSION, type Permissions, WORKFLOW_NEEDS } from './workflow-needs.ts';

/** What a repository's workflow has to know. */
export interface WorkflowPlan {
  /** Name of the file, such as `assay.yml`. */
  readonly file: string;
  /** Folder of assay.yaml, relative to the repository's top; `.` is the top. */
  readonly project: string;
  /** Branch that versions are registered from. */
  readonly branch: string;
  /** Names of the models; the jobs are run for each where there are several. */
  readonly models: readonly string[];
  /** Stages of all models, the last one meant where none is chosen. */
  readonly stages: readonly string[];
  /** Shell commands that prepare the environment of train and predict commands. */
  readonly setup?: string | undefined;
  /** Tracked data that no dataset's pointer names. */
  readonly pullData?: string | undefined;
  /** A model's holdout has no halves: every look of a pull request is recorded. */
  readonly counted: boolean;
  /** The model has `drift:`. */
  readonly drift: boolean;
}

/**
 * One workflow for the whole way: a pull request is judged, the main branch is registered, a person promotes, a schedule
 * watches. Each job is a call of a reusable workflow and is granted what that one asks for, nothing more.
 */
export function renderWorkflow(plan: WorkflowPlan): string {
  const { file, project, branch, models, stages, drift } = plan;
  const name = workflowName(file);
  const shared = sharedInputs(plan);
  const each = eachModel(plan);
  const stage = stages.length > 1 ? expression('inputs.stage') : (stages[0] ?? 'production');
  const chosen: Inputs = [
    ...(models.length > 1 ? [['model', expression('inputs.model')] as const] : []),
    ['version', expression('inputs.version')],
    ['stage', stage],
    ['environment', stage],
  ];
  const key: Inputs = project === '.' ? [] : [['key', name]];
  const jobs = [
    job('gate', plan.counted ? 'pull-request-counted.yml' : 'pull-request.yml', {
      when: 'pull_request',
      inputs: [...shared, ...key],
    }),
    job('register', 'retrain.yml', { ...each, when: 'push' }),
    job('promote', 'promote.yml', {
      when: 'workflow_dispatch',
      concurrency: `${name}-promote`,
      inputs: [...shared, ...chosen],
    }),
    ...(drift
      ? [
          job('drift', 'drift.yml', {
            ...each,
            when: 'schedule',
            inputs: [...each.inputs, ['retrain', retrainFile(file)]],
          }),
        ]
      : []),
  ];
  return `# Pull requests are judged, ${branch.replace(/[^\w./-]/g, '?')} is registered, a person promotes${drift ? ', a schedule watches' : ''}. Written by assay init.
name: ${name}

on:
  pull_request:
  push:
    branches: [${scalar(branch)}]
    paths-ignore: ["**.md"]
${drift ? SCHEDULE : ''}  workflow_dispatch:
    inputs:
      version: { description: "Version to promote, such as 1.0.0", type: string, required: true }
${choice('stage', 'Stage to promote it to', stages)}${choice('model', 'Model that it is of', models)}
permissions: {} # each job has its own

jobs:
${jobs.join('\n')}`;
}

/**
 * The workflow that drift starts, and anybody by hand: the recipe of the main branch on the newest data, judged and
 * registered. A file of its own, because the time of its newest run is what the next proposal waits for.
 */
export function renderRetrainWorkflow(plan: WorkflowPlan): string {
  const each = eachModel(plan);
  return `# The recipe of the main branch on the newest data, started by drift or by hand. Written by assay init.
name: ${workflowName(retrainFile(plan.file))}

on:
  workflow_dispatch:
    inputs:
      reason: { description: Why, type: string, default: by hand }

permissions: {} # each job has its own

jobs:
${job('retrain', 'retrain.yml', { ...each, inputs: [...each.inputs, ['reason', expression('inputs.reason')]] })}`;
}

/** `assay.yml` → `assay-retrain.yml`. */
export function retrainFile(file: string): string {
  return file.replace(/(\.ya?ml)$/, '-retrain$1');
}

function workflowName(file: string): string {
  return file.replace(/\.ya?ml$/, '');
}

const SCHEDULE =
  '  schedule:\n    - cron: "23 5 * * 1" # Mondays, UTC; never on the hour, when the scheduler drops jobs\n';

type Inputs = readonly (readonly [string, string])[];

interface Job {
  readonly inputs: Inputs;
  /** Name of the event that it is for; any when left out. */
  readonly when?: string;
  /** Models that the job runs for, one after the other's beginning. */
  readonly matrix?: readonly string[];
  readonly concurrency?: string;
}

function sharedInputs({ project, setup, pullData }: WorkflowPlan): Inputs {
  return [
    ...(project === '.' ? [] : [['project', project] as const]),
    ...(setup === undefined ? [] : [['setup', setup] as const]),
    ...(pullData === undefined ? [] : [['pull-data', pullData] as const]),
  ];
}

/** The inputs of a job that every model has. */
function eachModel(plan: WorkflowPlan): Job {
  const shared = sharedInputs(plan);
  if (plan.models.length < 2) return { inputs: shared };
  return { matrix: plan.models, inputs: [...shared, ['model', expression('matrix.model')]] };
}

/** An input with a list to choose from; none where there is nothing to choose. */
function choice(name: string, description: string, options: readonly string[]): string {
  if (options.length < 2) return '';
  const list = options.map(scalar).join(', ');
  return `      ${name}: { description: ${description}, type: choice, options: [${list}], default: ${scalar(options.at(-1) ?? '')} }\n`;
}

function job(name: string, workflow: string, { inputs, when, matrix, concurrency }: Job): string {
  const lines = [
    `  ${name}:`,
    ...(when === undefined ? [] : [`    if: github.event_name == '${when}'`]),
    `    permissions: ${permissionsText(WORKFLOW_NEEDS[workflow] ?? {})}`,
    ...(matrix === undefined
      ? []
      : [`    strategy: { fail-fast: false, max-parallel: 1, matrix: { model: [${matrix.map(scalar).join(', ')}] } }`]),
    ...(concurrency === undefined ? [] : [`    concurrency: { group: ${concurrency} } # one at a time`]),
    `    uses: ${ACTIONS_ADDRESS}/.github/workflows/${workflow}@${ACTIONS_VERSION}`,
    ...(inputs.length === 0 ? [] : ['    with:', ...inputs.map(([key, value]) => `      ${key}: ${scalar(value)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function permissionsText(permissions: Permissions): string {
  return `{ ${Object.entries(permissions)
    .map(([scope, level]) => `${scope}: ${level}`)
    .join(', ')} }`;
}

/** What the runner puts a value in the place of. */
function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** A YAML scalar: plain where that is surely text, else in double quotes, which JSON's are. */
function scalar(text: string): string {
  return /^(?:[A-Za-z][\w./ -]*[\w]|\$\{\{ [\w.]+ \}\})$/.test(text) && !/^(true|false|yes|no|on|off|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
