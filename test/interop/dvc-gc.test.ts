import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../lib/commands/create-context.ts';
import { type DataGcRequest, dataGc, YOUNG_MS } from '../../lib/commands/data/gc/data-gc.ts';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { silentLog, silentProgress } from '../../lib/ports.ts';
import { ENVIRONMENT } from '../commands/repository.ts';
import { readFiles, writeFiles } from '../pointers/checkout/work-data.ts';
import { type DvcRepository, dvcRepository, TIMEOUT_MS, WITHOUT_DVC } from './dvc-repository.ts';

/** Everything that was ever added; each is the text of its file. */
const ALL = ['v1', 'v2', 'v3', 's1', 's2', 'e1', 'e2', 'other', 'unpushed', 'nobody'] as const;
/** What ours keeps whatever is asked for: the work tree, and the tips of branches and of the experiment. */
const TIPS = ['v3', 's2', 'v1', 'e2', 'unpushed'];

describe.skipIf(WITHOUT_DVC !== undefined)(`gc beside DVC's: ${WITHOUT_DVC ?? 'the real one'}`, () => {
  const base = mkdtempSync(join(tmpdir(), 'assay-dvc-gc-'));
  const root = join(base, 'repository');
  const other = join(base, 'other');
  const git = (at: DvcRepository, ...args: string[]) =>
    at.run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args);
  const first = dvcRepository(base, root);

  /** A commit at noon of a day. */
  async function commit(date: string, files: Record<string, string>): Promise<void> {
    writeFiles(root, files);
    await first.ours('add', ...Object.keys(files));
    await git(first, 'add', '--all');
    const env = `GIT_COMMITTER_DATE=${date}T12:00:00Z`;
    await first.run('env', env, 'git', '-c', 'user.name=Ada', '-c', 'user.email=ada@x', 'commit', '-qm', date);
  }

  beforeAll(async () => {
    for (const folder of [root, other]) mkdirSync(folder);
    await git(first, 'init', '--quiet', '--initial-branch=main');
    await first.dvc('init', '--quiet');
    await first.dvc('remote', 'add', '--quiet', '-d', 'team', join(base, 'remote'));
    await first.dvc('cache', 'dir', '--quiet', join(base, 'cache'));
    await commit('2024-01-01', { f: 'v1' });
    await git(first, 'checkout', '--quiet', '-b', 'side');
    await commit('2024-01-15', { g: 's1' });
    await commit('2024-02-15', { g: 's2' });
    await git(first, 'checkout', '--quiet', 'main');
    await commit('2024-02-01', { f: 'v2' });
    await commit('2024-03-01', { f: 'v3' });
    const baseline = (await git(first, 'rev-parse', 'HEAD')).trim();
    await commit('2024-01-02', { e: 'e1' });
    await commit('2024-01-03', { e: 'e2' });
    const ref = `refs/exps/${baseline.slice(0, 2)}/${baseline.slice(2)}/some-trial`;
    await git(first, 'update-ref', ref, 'HEAD');
    await first.ours('push', '--all-commits');
    await git(first, 'reset', '--quiet', '--hard', baseline);
    writeFiles(root, { u: 'unpushed', n: 'nobody' });
    await first.ours('add', 'u', 'n');
    rmSync(join(root, 'n.dvc'));
    const theirs = dvcRepository(base, other);
    await git(theirs, 'init', '--quiet');
    await theirs.dvc('init', '--quiet');
    await theirs.dvc('cache', 'dir', '--quiet', join(base, 'cache'));
    writeFiles(other, { o: 'other' });
    await theirs.ours('add', 'o');
    cpSync(join(base, 'cache'), join(base, 'whole'), { recursive: true });
  }, TIMEOUT_MS);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** What the cache has. */
  const cached = () => {
    const files = readFiles(join(base, 'cache'));
    return ALL.filter((text) => files[objectKey(md5(text))] !== undefined);
  };
  const restore = () => {
    rmSync(join(base, 'cache'), { recursive: true, force: true });
    cpSync(join(base, 'whole'), join(base, 'cache'), { recursive: true });
  };
  /** Nothing is as young as to be kept for that. */
  const context = () =>
    createContext({
      ...{ root, env: ENVIRONMENT, log: silentLog, progress: silentProgress, userLine: () => {} },
      ...{ defaultStore: 'folder', clock: { now: () => new Date(Date.now() + 2 * YOUNG_MS) } },
      resolveInstalled: (specifier) => specifier,
    });

  test.each<[string[], DataGcRequest, readonly string[], readonly string[]]>([
    [['-w'], { workspace: true }, ['v3', 'unpushed'], TIPS],
    [['--rev', 'HEAD~1'], { rev: 'HEAD~1' }, ['v3', 'v2', 'unpushed'], [...TIPS, 'v2']],
    [['--rev', 'HEAD', '-n', '2'], { rev: 'HEAD', num: 2 }, ['v3', 'v2', 'unpushed'], [...TIPS, 'v2']],
    [
      ['-a', '-n', '2'],
      { allBranches: true, num: 2 },
      ['v3', 'v2', 's2', 's1', 'v1', 'unpushed'],
      [...TIPS, 'v2', 's1'],
    ],
    [['--date', '2024-02-01'], { date: '2024-02-01' }, ['v3', 'v2', 's2', 'v1', 'unpushed'], [...TIPS, 'v2']],
    [['--date', '2024-02-10'], { date: '2024-02-10' }, ['v3', 's2', 'v1', 'unpushed'], TIPS],
    [['--all-experiments'], { allExperiments: true }, ['v3', 'e1', 'e2', 'unpushed'], [...TIPS, 'e1']],
    [
      ['-w', '-p', '../other'],
      { workspace: true, projects: ['../other'] },
      ['v3', 'unpushed', 'other'],
      [...TIPS, 'other'],
    ],
    [['-w', '--not-in-remote'], { workspace: true, notInRemote: true }, ['unpushed'], ['unpushed']],
    [['-A'], { allCommits: true }, ['v1', 'v2', 'v3', 's1', 's2', 'unpushed'], [...TIPS, 'v2', 's1', 'e1']],
  ])('%j', { timeout: TIMEOUT_MS }, async (options, request, theirs, ours) => {
    restore();
    await first.dvc('gc', '--quiet', '--force', ...options);
    const left = cached();
    restore();
    const { cache } = await dataGc(context(), { ...request, force: true });
    expect(new Set(left)).toEqual(new Set(theirs));
    expect(new Set(cached())).toEqual(new Set(ours));
    expect(cache).toHaveLength(ALL.length - ours.length);
    // Never less than DVC keeps.
    expect(new Set(cached()).isSupersetOf(new Set(left))).toBe(true);
  });

  test('a commit that cannot be read ends it in both, unless --skip-failed', { timeout: TIMEOUT_MS }, async () => {
    restore();
    await git(first, 'checkout', '--quiet', '-b', 'broken');
    writeFileSync(join(root, 'bad.dvc'), 'outs: [');
    await git(first, 'add', 'bad.dvc');
    await git(first, 'commit', '--quiet', '--message', 'broken');
    await git(first, 'checkout', '--quiet', 'main');
    await expect(first.dvc('gc', '--quiet', '--force', '--all-branches')).rejects.toThrow();
    await expect(dataGc(context(), { allBranches: true, force: true })).rejects.toMatchObject({
      code: 'E_POINTER_CORRUPT',
    });
    expect(cached()).toEqual([...ALL]);
    await first.dvc('gc', '--quiet', '--force', '--all-branches', '--skip-failed');
    const left = cached();
    restore();
    const { skipped } = await dataGc(context(), { allBranches: true, skipFailed: true, force: true });
    expect(skipped).toHaveLength(1);
    expect(new Set(cached())).toEqual(new Set(TIPS));
    expect(new Set(cached()).isSupersetOf(new Set(left))).toBe(true);
  });
});
