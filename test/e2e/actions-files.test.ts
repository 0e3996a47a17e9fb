import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Decision } from '../../lib/gate/decision.ts';
import { csv, rowsOf, sigmoid } from '../commands/days.ts';
import { files, newWorkspace } from '../commands/repository.ts';
import { newFolder, write } from '../git/repository.ts';
import { startRegistry } from '../native/loopback-registry.ts';
import { duckDbTarballs } from '../native/npm-cache.ts';
import { checkout, pushPullRequest } from './fixtures/checkouts.ts';
import { pullRequestEvent } from './fixtures/events.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep } from './fixtures/runner.ts';

const ROWS = rowsOf({ days: 60 });

/** Predictions that know x by so much. */
function predictions(weight: number): string {
  return csv(ROWS.map(({ id, x, z }) => ({ id, score: sigmoid(weight * x + 0.6 * z).toFixed(6) })));
}

describe('evaluate-gate without assay.yaml', () => {
  const inputs = {
    'baseline-predictions': 'production.csv',
    'candidate-predictions': 'candidate.csv',
    label: 'late',
    id: 'id',
    cluster: 'day',
    slices: 'region',
    margins: 'roc_auc=0.02',
    'github-token': '',
  };
  async function folder(candidate: number): Promise<string> {
    const place = await newFolder();
    const labels = ROWS.map(({ id, at, region, late }) => ({ id, day: at.slice(0, 10), region, late }));
    const lines = predictions(1.5).trim().split('\n').slice(1);
    const production = labels.map((label, index) => ({ ...label, score: lines[index]?.split(',')[1] }));
    await write(place, { 'production.csv': csv(production), 'candidate.csv': predictions(candidate) });
    return place;
  }

  it('compares two files of predictions by day, in a folder that is no repository', async () => {
    const workspace = await folder(0.1);
    const result = await runStep({ action: 'evaluate-gate', workspace, inputs });
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
    const decision = Decision.parse(JSON.parse(await readFile(result.outputs.file ?? '', 'utf8')));
    expect(decision).toMatchObject({
      verdict: 'fail',
      holdout: { rows: ROWS.length, clusters: 60, clusterColumn: 'day' },
      comparisons: [{ metric: 'roc_auc', margin: 0.02, verdict: 'fail' }, {}, {}, {}],
    });
    expect(result.summary).toMatch(/ROC AUC/);
    expect(said(result, 'error')).toEqual([result.outputs.sentence]);
  });

  it('with the same predictions twice finds them not worse', async () => {
    const more = { ...inputs, require: 'not-worse' };
    const result = await runStep({ action: 'evaluate-gate', workspace: await folder(1.5), inputs: more });
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
  });

  const wrong: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ['label', { label: '' }, /"label" is not set.*E_INPUT_MISSING/],
    ['id', { id: 'nowhere' }, /nowhere/],
    ['margins', { margins: 'roc_auc=lots' }, /roc_auc=lots.*E_INPUT_VALUE/],
    ['candidate-predictions', { 'candidate-predictions': 'none.csv' }, /none\.csv/],
  ];
  it.each(wrong)('names the input %s when it is wrong', async (_name, change, named) => {
    const result = await runStep({
      action: 'evaluate-gate',
      workspace: await folder(1),
      inputs: { ...inputs, ...change },
    });
    expect(result).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
    expect(said(result, 'error')).toEqual([expect.stringMatching(named)]);
  });
});

describe('validate-data', () => {
  it('passes sound data, and marks what a pull request breaks at its line', async () => {
    const workspace = await newWorkspace();
    const sound = await runStep({ action: 'validate-data', workspace: (await checkout(workspace)).folder });
    expect(sound).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(said(sound, 'error')).toEqual([]);
    expect(sound.summary).toContain('days');
    const rows = rowsOf().map((row, index) => (index === 7 ? { ...row, x: 99 } : row));
    const pull = await pushPullRequest(workspace, 1, { 'data/days.csv': csv(rows) });
    const { folder } = await checkout(workspace, pull.merge);
    const event = pullRequestEvent(pull);
    const broken = await runStep({ action: 'validate-data', workspace: folder, inputs: { datasets: 'days' }, event });
    expect(broken).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
    const [mark] = broken.commands.filter(({ name }) => name === 'error');
    expect(mark).toMatchObject({ properties: { file: 'checks.yaml', line: '4' } });
    expect(mark?.message).toContain('from -10 to 10');
    expect(JSON.parse(await readFile(broken.outputs.file ?? '', 'utf8'))).toMatchObject({ verdict: 'fail' });
  });

  it('finds a project in a folder of the repository, and none outside of it', async () => {
    const place = await newFolder();
    const inside = Object.entries(files()).map(([path, text]) => [join('models/late', path), text]);
    await write(place, Object.fromEntries(inside));
    const at = (project: string) => runStep({ action: 'validate-data', workspace: place, inputs: { project } });
    expect(await at('models/late')).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    for (const project of ['../..', '/etc', 'models']) {
      const result = await at(project);
      expect(result).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
      expect(said(result, 'error')).toHaveLength(1);
    }
  });
});

describe('the native package', () => {
  it('is brought from a registry, checked, unpacked and loaded on first use', async (context) => {
    const originals = await duckDbTarballs();
    if (typeof originals === 'string') return context.skip(`npm's cache does not have the tarball of ${originals}`);
    const registry = await startRegistry((path) => originals.get(path) ?? 404);
    const workspace = await newFolder();
    await write(workspace, files());
    const env = { RUNNER_TOOL_CACHE: await newFolder(), ASSAY_NPM_REGISTRY: registry.url };
    const result = await runStep({ action: 'validate-data', workspace, env });
    await registry.close();
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(registry.requests.sort()).toEqual([...originals.keys()].sort());
  });

  it('that a registry serves with other bytes is refused', async () => {
    const registry = await startRegistry(() => Buffer.from('not the locked tarball'));
    const workspace = await newFolder();
    await write(workspace, files());
    const env = { RUNNER_TOOL_CACHE: await newFolder(), ASSAY_NPM_REGISTRY: registry.url };
    const result = await runStep({ action: 'validate-data', workspace, env });
    await registry.close();
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: 'error' } });
    expect(said(result, 'error')[0]).toMatch(/E_NATIVE_INTEGRITY/);
    expect(registry.requests[0]).toMatch(/^\/npm\/@duckdb\//);
  });

  it('that cannot be had names the setting for a mirror', async () => {
    const workspace = await newFolder();
    await write(workspace, files());
    const result = await runStep({
      action: 'validate-data',
      workspace,
      env: { RUNNER_TOOL_CACHE: await newFolder() },
    });
    expect(result.exitCode).toBe(3);
    expect(said(result, 'error')[0]).toMatch(/E_NATIVE_UNREACHABLE.*ASSAY_NPM_REGISTRY/);
  });
});
