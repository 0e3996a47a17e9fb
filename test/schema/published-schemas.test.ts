import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { PUBLISHED, schemaFiles } from '../../.ci/published-schemas.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'registry-schema');

/** Written and read by Assay alone: a build's lock, and what is remembered of files on one machine. */
const PRIVATE = new Set(['native-lock', 'stat-cache']);

test('registry-schema/ is what the schemas in lib/ make: else run "npm run schemas"', async () => {
  const files = schemaFiles();
  expect((await readdir(FOLDER)).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(await readFile(join(FOLDER, name), 'utf8'), name).toBe(text);
});

test('every kind of document in lib/ is published', async () => {
  const sources = await glob('{lib,actions}/**/*.ts', { cwd: ROOT, absolute: true });
  const texts = await Promise.all(sources.map((file) => readFile(file, 'utf8')));
  const kinds = new Set(
    texts.flatMap((text) => [...text.matchAll(/z\.literal\('assay\/([a-z-]+)\/1'\)/g)].map(([, kind = '']) => kind)),
  );
  expect(kinds.size).toBeGreaterThan(10);
  const published = Object.keys(PUBLISHED).filter((kind) => PUBLISHED[kind]?.written === undefined);
  expect(published.sort()).toEqual([...kinds].filter((kind) => !PRIVATE.has(kind)).sort());
});
