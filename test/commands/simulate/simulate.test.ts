import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../lib/cli/program.ts';
import { Simulation } from '../../../lib/gate/simulate/simulation.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-simulate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

class Text extends Writable {
  text = '';
  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

async function assay(...args: readonly string[]) {
  const [out, err] = [new Text(), new Text()];
  const code = await runCli(['simulate', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    streams: { out, err },
    columns: 100,
    interactive: false,
    wasmFolder: undefined,
    resolveInstalled: (specifier) => import.meta.resolve(specifier),
  });
  return { code, out: out.text, err: err.text };
}

const SUPPOSED = ['--metric', 'accuracy,log_loss', '--rows', '620', '--clusters', '31', '--positives', '0.3'];

describe('assay simulate', () => {
  it('needs no assay.yaml when metrics and a size are named, and prints one document', async () => {
    const { code, out } = await assay(...SUPPOSED, '--json');
    expect(code).toBe(0);
    const simulation = Simulation.parse(JSON.parse(out));
    expect(simulation.holdout).toMatchObject({ source: 'options', rows: 620, clusters: 31, positives: 0.3 });
    expect(simulation.levels).toEqual({ advisory: 0.025, promotion: 0.005 });
    expect((await assay(...SUPPOSED, '--json')).out).toBe(out);
  });

  it('says plainly what to expect, in a table with bars', async () => {
    const out = (await assay(...SUPPOSED)).out.replaceAll(/\s+/g, ' ');
    expect(out).toMatch(/With 31 days, a model whose accuracy is truly 0\.01 better passes this rule \d+ times/);
    expect(out).toMatch(/gets past this guardrail \d+ times in 100/);
    expect(out).toContain('█');
  });

  it.each([
    [['--metric', 'accuracy', '--rows', '620'], 'E_SIMULATE_SIZE'],
    [['--metric', 'accuracy'], 'E_SIMULATE_SIZE'],
    [[...SUPPOSED, '--icc', '1'], 'E_SIMULATE_OPTION'],
    [[...SUPPOSED, '--positives', '0'], 'E_SIMULATE_OPTION'],
    [['--metric', 'accuracy', '--rows', '10', '--clusters', '31'], 'E_SIMULATE_OPTION'],
    [['--metric', 'accuracy,rmse', '--rows', '620', '--clusters', '31'], 'E_SIMULATE_TASK'],
    [['--metric', 'multiclass_accuracy', '--classes', '1', '--rows', '620', '--clusters', '31'], 'E_SIMULATE_OPTION'],
    [['--metric', 'pinball_loss', '--levels', '0.9,0.1', '--rows', '620', '--clusters', '31'], 'E_SIMULATE_OPTION'],
    [['--metric', 'mrr', '--documents', '1', '--rows', '620', '--clusters', '31'], 'E_SIMULATE_OPTION'],
    [['--metric', 'rmse', '--margin', 'rmse=3', '--rows', '620', '--clusters', '31'], 'E_SIMULATE_SCALE'],
    [['--metric', 'nothing', '--rows', '620', '--clusters', '31'], 'E_COMPARE_RULE'],
    [['--from', 'missing.json'], 'E_DOCUMENT'],
  ])('refuses %j by %s', async (args, code) => {
    const answer = await assay(...args, '--json');
    expect(answer.code).toBe(2);
    expect(JSON.parse(answer.out)).toMatchObject({ code });
  });

  it.each([
    ['multiclass_accuracy', 'multiclass', 'classes of 20.0 %, 20.0 %'],
    ['pinball_loss', 'quantile', 'an RMSE of 0.500 standard deviations'],
    ['ndcg_10', 'ranking', '620 rows in 31 queries on 31 days'],
    ['mase', 'forecast', 'an RMSE of 0.500 standard deviations'],
  ])('draws %s, for a %s task', async (metric, task, words) => {
    const args = ['--metric', metric, '--rows', '620', '--clusters', '31'];
    const { code, out } = await assay(...args, '--json');
    expect(code).toBe(0);
    const simulation = Simulation.parse(JSON.parse(out));
    expect(simulation).toMatchObject({ task, further: [], simulated: [{ metric, judged: 1 }, { metric }] });
    expect(simulation.simulated[0]?.reachableMargin?.promotion).toBeGreaterThan(0);
    expect((await assay(...args)).out.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('says what would do: more days, or a wider margin', async () => {
    const out = (await assay(...SUPPOSED)).out.replaceAll(/\s+/g, ' ');
    expect(out).toMatch(/\d+ days would give 80; allowing 0\.\d+ gives 80 with these\./);
    const short = ['--metric', 'accuracy', '--rows', '240', '--clusters', '12'];
    expect((await assay(...short)).out.replaceAll(/\s+/g, ' ')).toMatch(
      /is promoted 0 times in 100\. Fewer than 20 days never decide anything\. \d+ days would give 80\./,
    );
  });

  it('takes an absolute margin of a regression with the error that it is held against', async () => {
    const args = ['--metric', 'rmse', '--margin', 'rmse=3', '--error', '40', '--rows', '620', '--clusters', '31'];
    const { code, out } = await assay(...args, '--json');
    expect(code).toBe(0);
    expect(Simulation.parse(JSON.parse(out)).simulated[0]?.margin).toBe(3);
  });

  it('takes the standard errors of a comparison that was made', async () => {
    const rows = Array.from({ length: 600 }, (_none, i) => {
      const label = (i * 7) % 10 < 4 ? 1 : 0;
      const noise = ((i * 7919) % 1000) / 1000;
      return { i, day: i % 30, label, one: 0.3 * label + 0.6 * noise, other: 0.32 * label + 0.6 * ((noise + 0.1) % 1) };
    });
    const file = (score: 'one' | 'other') =>
      ['id,day,label,score', ...rows.map((row) => `${row.i},d${row.day},${row.label},${row[score]}`)].join('\n');
    await writeFile(join(folder, 'a.csv'), file('one'));
    await writeFile(join(folder, 'b.csv'), file('other'));
    const [out, err] = [new Text(), new Text()];
    await runCli(['compare', 'a.csv', 'b.csv', '--label', 'label', '--id', 'id', '--cluster', 'day', '--json'], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, RUNNER_TEMP: folder },
      streams: { out, err },
      columns: 100,
      interactive: false,
      wasmFolder: undefined,
      resolveInstalled: (specifier) => import.meta.resolve(specifier),
    });
    await writeFile(join(folder, 'decision.json'), out.text);
    const { code, out: answer } = await assay('--from', 'decision.json', '--json');
    expect(code).toBe(0);
    const simulation = Simulation.parse(JSON.parse(answer));
    expect(simulation.holdout).toMatchObject({ source: 'decision', rows: 600, clusters: 30 });
    const { comparisons } = JSON.parse(out.text) as { comparisons: { interval: { standardError: number } }[] };
    expect(simulation.simulated[0]?.standardError).toBe(comparisons[0]?.interval.standardError);
  });
});
