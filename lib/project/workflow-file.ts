import { z } from 'zod';
import { AssayError } from '../errors.ts';
import { type OurUse, parseUse } from './workflow-needs.ts';
import { parseYamlDocument } from './yaml-document.ts';

/** What a job's token may do: by scope, everything at a level, or what the repository's settings say. */
export type Granted = Readonly<Record<string, string>> | 'read-all' | 'write-all' | undefined;

/** A use of one of our actions or workflows. */
export interface WorkflowUse extends OurUse {
  readonly job: string;
  readonly granted: Granted;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What we need to know of a workflow. */
export interface WorkflowFile {
  /** Relative to the repository's top. */
  readonly file: string;
  /** Why it could not be read; then the rest is empty. */
  readonly problem?: string;
  /** Names of the events that start it. */
  readonly events: readonly string[];
  readonly crons: readonly string[];
  readonly uses: readonly WorkflowUse[];
  /** Jobs that check out the code of a pull request's author. */
  readonly checksOutHead: readonly string[];
  /** Folders of assay.yaml, relative to the top, whose pull requests it judges, and whose drift it watches by schedule. */
  readonly judges: readonly string[];
  readonly watches: readonly string[];
}

const Permissions = z.union([z.string(), z.record(z.string(), z.string())]).nullish();
const Inputs = z.record(z.string(), z.unknown()).nullish();
const Workflow = z.looseObject({
  on: z.unknown().optional(),
  permissions: Permissions,
  jobs: z
    .record(
      z.string(),
      z.looseObject({
        uses: z.string().optional(),
        with: Inputs,
        permissions: Permissions,
        steps: z
          .array(z.looseObject({ uses: z.string().optional(), with: Inputs, run: z.unknown().optional() }))
          .nullish(),
      }),
    )
    .nullish(),
});

/** Refs by which a workflow names what a pull request's author pushed. */
const HEAD = /github\.event\.pull_request\.head\.|github\.head_ref|refs\/pull\//;

/** Reads the text of a workflow; whatever is wrong with it becomes its `problem`. */
export function parseWorkflow(text: string, file: string): WorkflowFile {
  const empty = { file, events: [], crons: [], uses: [], checksOutHead: [], judges: [], watches: [] };
  let value: unknown;
  try {
    value = parseYamlDocument(text, file).value;
  } catch (error) {
    if (error instanceof AssayError) return { ...empty, problem: error.message };
    throw error;
  }
  const parsed = Workflow.safeParse(value);
  if (!parsed.success) return { ...empty, problem: parsed.error.issues[0]?.message ?? 'it is no workflow' };
  const { on, permissions, jobs } = parsed.data;
  const uses: WorkflowUse[] = [];
  const checksOutHead: string[] = [];
  for (const [job, body] of Object.entries(jobs ?? {})) {
    const granted = grantedOf(body.permissions ?? permissions);
    for (const one of [body, ...(body.steps ?? [])]) {
      const ours = one.uses === undefined ? undefined : parseUse(one.uses);
      if (ours !== undefined) uses.push({ ...ours, job, granted, inputs: one.with ?? {} });
    }
    const steps = body.steps ?? [];
    if (steps.some((step) => isHeadCheckout(step.uses, step.with ?? {}, step.run))) checksOutHead.push(job);
  }
  const { events, crons } = triggersOf(on);
  const folders = (wanted: (use: WorkflowUse) => boolean) => [...new Set(uses.filter(wanted).map(folderOf))];
  const judging = events.includes('pull_request') || events.includes('workflow_run');
  return {
    file,
    events,
    crons,
    uses,
    checksOutHead,
    judges: judging
      ? folders(({ kind, name }) => (kind === 'workflow' ? JUDGING_WORKFLOWS.has(name) : JUDGES.has(name)))
      : [],
    watches: crons.length > 0 ? folders(({ name }) => name === 'drift.yml' || name === 'drift-check') : [],
  };
}

/** Reusable workflows that judge a pull request; the second records each look. */
export const JUDGING_WORKFLOWS = new Set(['pull-request.yml', 'pull-request-counted.yml']);

/** Actions that judge a pull request: the root action, its parts. */
const JUDGES = new Set(['', 'pull-request', 'evaluate-gate']);

function isHeadCheckout(uses: string | undefined, inputs: Readonly<Record<string, unknown>>, run: unknown): boolean {
  if (uses?.startsWith('actions/checkout@'))
    return HEAD.test(`${String(inputs.ref ?? '')} ${String(inputs.repository ?? '')}`);
  return typeof run === 'string' && /\b(git|gh pr) (checkout|fetch|switch|pull)\b/.test(run) && HEAD.test(run);
}

function grantedOf(permissions: z.output<typeof Permissions>): Granted {
  if (permissions === undefined || permissions === null) return undefined;
  if (typeof permissions !== 'string') return permissions;
  return permissions === 'read-all' || permissions === 'write-all' ? permissions : {};
}

function triggersOf(on: unknown): { readonly events: string[]; readonly crons: string[] } {
  if (typeof on === 'string') return { events: [on], crons: [] };
  if (Array.isArray(on)) return { events: on.map(String), crons: [] };
  const parsed = z.record(z.string(), z.unknown()).safeParse(on);
  if (!parsed.success) return { events: [], crons: [] };
  const schedule = z.array(z.looseObject({ cron: z.string() })).safeParse(parsed.data.schedule);
  return { events: Object.keys(parsed.data), crons: schedule.success ? schedule.data.map(({ cron }) => cron) : [] };
}

function folderOf({ inputs }: WorkflowUse): string {
  const { project } = inputs;
  return typeof project === 'string' ? project.replace(/^\.\/|\/+$/g, '') || '.' : '.';
}

/** Scopes that a use needs and is not granted, each with the level: `checks: write`. Undefined where nothing is said. */
export function missingPermissions(granted: Granted, needs: Readonly<Record<string, string>>): string[] | undefined {
  if (granted === undefined) return undefined;
  if (granted === 'write-all') return [];
  return Object.entries(needs).flatMap(([scope, level]) => {
    const has = granted === 'read-all' ? 'read' : granted[scope];
    return has === 'write' || has === level ? [] : [`${scope}: ${level}`];
  });
}
