import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { evaluateGate } from '../../lib/commands/evaluate/evaluate-gate.ts';
import { train } from '../../lib/commands/train/train.ts';
import type { AssayError } from '../../lib/errors.ts';
import { write } from '../git/repository.ts';
import { csv, type Row, rowsOf } from './days.ts';
import { commandYaml, copyOf, errorOf, opened, runsIn, type Workspace, type Yaml } from './repository.ts';

/** Runs `verb` in a copy with other files; an error has left nothing: no run, no scratch folder, no ref. */
export async function failing(
  base: Workspace,
  contents: Readonly<Record<string, string>>,
  verb: (workspace: Workspace) => Promise<unknown>,
): Promise<AssayError> {
  const workspace = await copyOf(base);
  await write(workspace.root, contents);
  const state = async () => ({
    runs: await runsIn(workspace),
    scratch: (await readdir(join(workspace.root, '.assay'))).sort(),
    refs: await workspace.remote.text(['for-each-ref']),
    store: await readdir(workspace.store).catch(() => []),
    worktrees: await workspace.git.text(['worktree', 'list', '--porcelain']),
  });
  const before = await state();
  const found = await errorOf(verb(workspace));
  expect(await state()).toEqual(before);
  expect(found.fix).not.toBe('');
  expect(found.message).not.toMatch(/undefined|\[object/);
  return found;
}

export const trained = async (workspace: Workspace) => {
  const { context, project } = await opened(workspace);
  return train(context, { project });
};
/** Judges a run that was made before the files changed. */
export const judged = async (workspace: Workspace, run: string) => {
  const { context, project } = await opened(workspace);
  return evaluateGate(context, { project, run });
};

/** assay.yaml, changed. */
export function yaml(change: (config: Yaml) => void, from: Yaml = commandYaml()): Record<string, string> {
  const config = structuredClone(from);
  change(config);
  return { 'assay.yaml': stringify(config) };
}
/** assay.yaml with another dataset. */
export const dataset = (changes: object) => yaml((config) => Object.assign(config.data.days ?? {}, changes));
/** The data, every row changed. */
export const rows = (change: (row: Row, index: number) => object) => ({ 'data/days.csv': csv(rowsOf().map(change)) });
/** The data, one row changed. */
export const at = (wanted: number, change: object) =>
  rows((row, index) => (index === wanted ? { ...row, ...change } : row));
