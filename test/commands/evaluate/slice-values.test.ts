import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Decision } from '../../../lib/gate/decision.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, write } from '../../git/repository.ts';
import { rowsOf, sigmoid } from '../days.ts';
import { trained } from '../failing.ts';
import { commandYaml, contextOf, files, newWorkspace, type Workspace } from '../repository.ts';

/** Three values in turn, the last of them missing. */
const turns =
  (...values: readonly (string | number | boolean | null)[]) =>
  (index: number) =>
    values[index % values.length];
/** A column of every kind, as JSON Lines: there a number is none of text, and an empty text is none that is missing. */
const COLUMNS: Readonly<Record<string, readonly [(index: number) => unknown, readonly string[]]>> = {
  whole: [turns(3, -1, null), ['(missing)', '-1', '3']],
  half: [turns(1.5, 2, null), ['(missing)', '1.5', '2']],
  truth: [turns(true, false, null), ['(missing)', 'false', 'true']],
  day: [turns('2024-01-01', '2023-12-31', null), ['(missing)', '2023-12-31', '2024-01-01']],
  time: [
    turns('2024-01-01 10:30:00', '2024-01-02 00:00:00', null),
    ['(missing)', '2024-01-01T10:30:00Z', '2024-01-02T00:00:00Z'],
  ],
  code: [turns('007', 'True', null), ['(missing)', '007', 'True']],
  text: [turns('', '(missing)', null), ['""', '"(missing)"', '(missing)']],
};
const NAMES = Object.keys(COLUMNS);
const ROWS = rowsOf().map((row, index) => ({
  ...row,
  ...Object.fromEntries(Object.entries(COLUMNS).map(([name, [of]]) => [name, of(index)])),
}));
const HALF = ROWS.slice(720, 1080);
const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** The slices of each column by a decision, in order. */
function slicesOf(out: string): Record<string, (string | undefined)[]> {
  const { comparisons } = Decision.parse(JSON.parse(out));
  const of = (name: string) => comparisons.flatMap(({ slice }) => (slice?.column === name ? [slice.value] : []));
  return Object.fromEntries(NAMES.map((name) => [name, of(name)]));
}
const EXPECTED = Object.fromEntries(Object.entries(COLUMNS).map(([name, [, values]]) => [name, values]));

/** The same rows in the other format, by way of the engine. */
async function toParquet(folder: string, name: string): Promise<void> {
  const engine = await contextOf({ root: folder }).openEngine([folder]);
  const source = { name, files: [join(folder, `${name}.jsonl`)], format: 'jsonl' } as const;
  await engine.write(source, {}, { path: join(folder, `${name}.parquet`), format: 'parquet' });
  await engine.close();
  await rm(join(folder, `${name}.jsonl`));
}

describe.each(['jsonl', 'parquet'])('slices of columns of a %s file', (format) => {
  it('are called by their own values when two files are compared, missing ones apart', async () => {
    const folder = await newFolder();
    await write(folder, {
      'old.jsonl': jsonl(HALF.map(({ id }) => ({ id, score: 0.5 }))),
      'new.jsonl': jsonl(HALF.map(({ x, z, ...row }) => ({ ...row, score: sigmoid(1.5 * x + 0.6 * z) }))),
    });
    if (format === 'parquet') await toParquet(folder, 'new');
    const args = [
      'compare',
      'old.jsonl',
      `new.${format}`,
      '--label',
      'late',
      '--id',
      'id',
      '--cluster',
      'at',
      '--json',
    ];
    const { out } = await assay(folder, [...args, '--slice', NAMES.join(',')]);
    expect(slicesOf(out)).toEqual(EXPECTED);
  });

  it('and those of a model of assay.yaml', async () => {
    const workspace: Workspace = await newWorkspace(withData(format));
    await write(workspace.root, {
      'data/days.jsonl': jsonl(ROWS),
      'old.jsonl': jsonl(HALF.map(({ id }) => ({ id, score: 0.5 }))),
    });
    if (format === 'parquet') await toParquet(join(workspace.root, 'data'), 'days');
    await trained(workspace);
    const { out } = await assay(workspace.root, ['evaluate-gate', 'late', '--baseline', 'file:old.jsonl', '--json']);
    expect(slicesOf(out)).toEqual(EXPECTED);
  });
});

function withData(format: string): Record<string, string> {
  const config = commandYaml({ gate: { primary: 'roc_auc', slices: NAMES } });
  Object.assign(config.data.days ?? {}, { path: `data/days.${format}` });
  const { 'data/days.csv': _csv, ...rest } = files(config);
  return { ...rest, 'assay.yaml': stringify(config), 'predict.mjs': PREDICT, 'train.mjs': TRAIN };
}

const TRAIN = `import { mkdirSync, writeFileSync } from 'node:fs';
const spec = JSON.parse((await import('node:fs')).readFileSync(process.env.ASSAY_SPEC, 'utf8'));
mkdirSync(spec.output, { recursive: true });
writeFileSync(spec.output + '/model.json', '{}');
`;
const PREDICT = `import { writeFileSync, readFileSync } from 'node:fs';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const ids = readFileSync('old.jsonl', 'utf8').trim().split('\\n').map((line) => JSON.parse(line).id);
writeFileSync(spec.output, ['id,score', ...ids.map((id, n) => id + ',' + (0.4 + (n % 7) / 50))].join('\\n') + '\\n');
`;
