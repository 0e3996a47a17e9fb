import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collect, numbersOf } from '../../lib/engine/collect.ts';
import { openDuckDb } from '../../lib/engine/duckdb-engine.ts';
import { truthQuery } from '../../lib/engine/label-query.ts';
import { newFolder, write } from '../git/repository.ts';

it.each([
  ['late', 'yes', 'text', ['yes', 'no', '', 'yes'], [1, 0, Number.NaN, 1]],
  [`it's "late"; --`, `o'clock`, 'text', [`o'clock`, 'never', '', `o'clock`], [1, 0, Number.NaN, 1]],
  ['kind', '2', 'number', ['1', '2', '', '2'], [0, 1, Number.NaN, 1]],
] as const)('labels in %s are true where they are %s', async (label, value, kind, texts, expected) => {
  const folder = await newFolder();
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = texts.map((text, row) => `${row},${text === '' ? '' : quoted(text)}`);
  await write(folder, { 'a.csv': `${[`row,${quoted(label)}`, ...rows].join('\n')}\n` });
  const duckdb = createRequire(import.meta.url)('@duckdb/node-api');
  const engine = await openDuckDb(duckdb, { tempDirectory: join(folder, 'tmp'), allowedDirectories: [folder] });
  try {
    const sql = truthQuery(label, value, kind);
    const source = { name: 'a', files: [join(folder, 'a.csv')], format: 'csv', sql } as const;
    expect(await engine.describe(source)).toMatchObject([{ name: 'row' }, { name: label, type: 'boolean' }]);
    expect([...numbersOf(await collect(engine.stream(source)), label)]).toEqual(expected);
  } finally {
    await engine.close();
  }
});
