import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataStatusOutput, type LayersOutput } from '../../lib/commands/data/data-outputs.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';
import { dvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

const ALL = ['--granular', '--unchanged', '--untracked-files', '--not-in-remote'];

describe.skipIf(WITHOUT_DVC !== undefined)(`data status: ${WITHOUT_DVC ?? "beside DVC's own"}`, () => {
  const base = mkdtempSync(join(tmpdir(), 'assay-dvc-data-status-'));
  const root = join(base, 'repository');
  const cache = join(root, '.dvc', 'cache');
  const { run, dvc, ours } = dvcRepository(base, root);
  const git = (...args: string[]) => run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args);
  const at = (path: string) => join(root, path);
  const layers = async (...args: string[]) =>
    DataStatusOutput.parse(await ours('status', ...args)).layers ?? expect.fail('no layers');

  /** Both answers in DVC's words, in one order. */
  async function both(...args: string[]) {
    const theirs = JSON.parse(await dvc('data', 'status', '--json', ...args)) as object;
    return { theirs: inOrder(theirs), ours: inOrder(dvcWords(await layers(...args))) };
  }

  beforeAll(async () => {
    mkdirSync(root);
    await git('init', '--quiet', '--initial-branch=main');
    await dvc('init', '--quiet');
    await dvc('remote', 'add', '--quiet', '--default', 'team', join(base, 'remote'));
    const data = { 'data/a': 'a', 'data/b': 'b', 'data/c': 'c', 'data/below/d': 'd', 'data/below/e': 'e' };
    writeFiles(root, { ...data, 'one.txt': 'one', 'two é.txt': 'two', 'apart/three.bin': 'three', 'apart/four': '4' });
    await dvc('add', '--quiet', 'data', 'one.txt', 'two é.txt', 'apart/three.bin');
  }, TIMEOUT_MS);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** Each goes on from the one before. */
  const steps: [name: string, change: () => unknown][] = [
    ['nothing committed yet', () => {}],
    ['all as committed', () => git('add', '--all').then(() => git('commit', '--quiet', '-m', 'data'))],
    ['pushed', () => dvc('push', '--quiet')],
    [
      'edited, renamed, removed and new files',
      () => {
        writeFileSync(at('data/a'), 'edited');
        renameSync(at('data/b'), at('data/moved'));
        rmSync(at('data/c'));
        writeFiles(root, { 'data/below/new': 'new', 'loose/file': 'loose', 'loose ü': 'x' });
        writeFileSync(at('two é.txt'), 'another');
      },
    ],
    ['kept in pointers', () => dvc('add', '--quiet', 'data')],
    ['gone', () => [at('data'), at('one.txt')].map((path) => rmSync(path, { recursive: true }))],
    [
      'a new output and one without its pointer',
      async () => {
        await dvc('checkout', '--quiet', 'data', 'one.txt');
        writeFileSync(at('late.bin'), 'late');
        await dvc('add', '--quiet', 'late.bin');
        rmSync(at('one.txt.dvc'));
      },
    ],
  ];

  test(
    'tells the same as DVC at every step',
    async () => {
      for (const [name, change] of steps) {
        await change();
        for (const args of [['--unchanged'], ALL, ['--granular', 'data/below', 'apart']]) {
          const { theirs, ours: mine } = await both(...args);
          expect(mine, `${name}: ${args.join(' ')}`).toEqual(theirs);
        }
      }
    },
    TIMEOUT_MS,
  );

  test(
    'knows the files of a folder from the work tree when the cache has lost its listing, where DVC knows of nothing',
    async () => {
      await git('add', '--all');
      await git('commit', '--quiet', '-m', 'more');
      const address = /md5: (\S+\.dir)/.exec(readFileSync(at('data.dvc'), 'utf8'))?.[1] ?? '';
      rmSync(join(cache, objectKey(address, 'md5')));
      rmSync(join(base, 'site'), { recursive: true });
      rmSync(join(root, '.dvc', 'tmp'), { recursive: true });
      const { theirs, ours: mine } = await both('--granular', '--unchanged', 'data');
      expect(theirs).toMatchObject({ not_in_cache: ['data/'], uncommitted: { unknown: expect.anything() } });
      expect(mine).toEqual({
        not_in_cache: ['data/'],
        unchanged: ['data/', 'data/a', 'data/below/d', 'data/below/e', 'data/below/new', 'data/moved'],
      });
      writeFileSync(at('data/a'), 'once more');
      expect((await layers('--granular', 'data')).uncommitted).toEqual({
        ...{ added: [], deleted: [], renamed: [], modified: ['data/'] },
        unknown: ['data/a', 'data/below/d', 'data/below/e', 'data/below/new', 'data/moved'],
      });
    },
    TIMEOUT_MS,
  );

  test(
    'looks into remote and cache for the files of a folder too, where DVC takes the listing for them',
    async () => {
      await dvc('add', '--quiet', 'data');
      await dvc('push', '--quiet');
      const object = objectKey('b6d767d2f8ed5d21a44b0e5886680cb9', 'md5');
      writeFileSync(at('data/below/d'), '22');
      await dvc('add', '--quiet', 'data');
      await dvc('push', '--quiet');
      rmSync(join(base, 'remote', object));
      rmSync(join(cache, object));
      const { theirs, ours: mine } = await both('--not-in-remote', 'data');
      expect(theirs).not.toHaveProperty('not_in_remote');
      expect(mine).toMatchObject({ not_in_remote: ['data/'], not_in_cache: ['data/'] });
      expect(await layers('--not-in-remote', '--granular')).toMatchObject({
        notInRemote: ['data/below/d'],
        notInCache: ['data/below/d'],
      });
    },
    TIMEOUT_MS,
  );
});

/** Empty lists and the lists of nothing left out, as DVC does. */
function dvcWords(layers: LayersOutput): object {
  const { notInCache, notInRemote, committed, uncommitted, untracked, unchanged } = layers;
  const changes = ({ renamed, ...rest }: LayersOutput['committed']) =>
    filled({ ...rest, renamed: renamed.map(({ from, to }) => ({ old: from, new: to })) });
  return filled({
    ...{ not_in_cache: notInCache, not_in_remote: notInRemote, untracked, unchanged },
    ...{ committed: changes(committed), uncommitted: changes(uncommitted) },
  });
}

function filled(of: Record<string, unknown>): Record<string, unknown> {
  const some = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Object.keys(Object(value)).length > 0);
  return Object.fromEntries(Object.entries(of).filter(([, value]) => some(value)));
}

/** DVC's lists come in no order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map((one) => JSON.stringify(one))
      .sort()
      .map((one) => JSON.parse(one) as unknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inOrder(one)]));
}
