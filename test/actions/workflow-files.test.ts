import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, '..', '..', '.github', 'workflows');

const Step = z.looseObject({ uses: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const Job = z.looseObject({ permissions: z.record(z.string(), z.string()), steps: z.array(Step) });
const Workflow = z.looseObject({
  on: z.looseObject({}),
  permissions: z.looseObject({}),
  jobs: z.record(z.string(), Job),
});
type Workflow = z.infer<typeof Workflow>;

async function workflow(name: string): Promise<Workflow> {
  return Workflow.parse(parse(await readFile(join(FOLDER, name), 'utf8')));
}

/** Reusable workflows; ci.yml and release.yml are this repository's own. */
const REUSABLE = ['drift.yml', 'promote.yml', 'pull-request-counted.yml', 'pull-request.yml', 'retrain.yml'];

/** What runs users' code, or may: their commands, or the actions that start them. */
const RUNS_CODE = /\/actions\/(pull-request|train|evaluate-gate|score|drift-check)@|^bash /;

describe('reusable workflows', () => {
  it('are these', async () => {
    const found = await readdir(FOLDER);
    expect(found.filter((name) => !['ci.yml', 'release.yml'].includes(name)).sort()).toEqual(REUSABLE);
  });

  it.each(REUSABLE)('%s has no permission but its jobs’, and no job that writes runs users’ code', async (name) => {
    const { permissions, jobs } = await workflow(name);
    expect(permissions).toEqual({});
    for (const [job, { permissions: granted, steps }] of Object.entries(jobs)) {
      const writes = Object.values(granted).includes('write');
      const code = steps.filter(({ uses, run }) => RUNS_CODE.test(uses ?? String(run ?? '')));
      expect([job, writes && code.length > 0]).toEqual([job, false]);
    }
  });
});

it.each(REUSABLE)('%s brings folders of tracked data too, as the input of the actions does', async (name) => {
  const { jobs } = await workflow(name);
  const bring = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses?.includes('/pull-data@')));
  expect(bring.map(({ with: inputs }) => inputs?.recursive)).toEqual(['true']);
});

describe('the workflow of counted looks', () => {
  it('computes as the other does, and keeps the numbers for a day', async () => {
    const [plain, counted] = await Promise.all(['pull-request.yml', 'pull-request-counted.yml'].map(workflow));
    const [ours, theirs] = [counted?.jobs.evaluate, plain?.jobs.evaluate];
    const withoutRetention = ours?.steps.map(({ with: inputs, ...step }) => {
      const { 'retention-days': _days, ...rest } = inputs ?? {};
      return inputs === undefined ? step : { ...step, with: rest };
    });
    expect({ ...ours, steps: withoutRetention }).toEqual(theirs);
    expect(counted?.on).toEqual(plain?.on);
    expect(ours?.steps.filter(({ with: inputs }) => inputs?.['retention-days'] === 1)).toHaveLength(1);
    expect(Object.values(ours?.permissions ?? {})).not.toContain('write');
  });

  it('records the look in a job that may write, on the target branch’s files', async () => {
    const { publish } = (await workflow('pull-request-counted.yml')).jobs;
    const { publish: plain } = (await workflow('pull-request.yml')).jobs;
    expect(publish?.permissions).toEqual({ ...plain?.permissions, contents: 'write' });
    expect(publish?.if).toBe(plain?.if);
    const [checkout, ...rest] = publish?.steps ?? [];
    expect(checkout).toMatchObject({
      uses: expect.stringMatching(/^actions\/checkout@/),
      with: { ref: expect.stringContaining('pull_request.base.sha'), 'persist-credentials': false },
    });
    expect(rest.map(({ uses }) => uses)).toEqual(plain?.steps.map(({ uses }) => uses));
  });
});
