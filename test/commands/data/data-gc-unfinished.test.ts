import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../../lib/git/git.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { commitAll, newFolder } from '../../git/repository.ts';
import { writeFiles } from '../../pointers/checkout/work-data.ts';
import { ENVIRONMENT } from '../repository.ts';
import { cached, gc, repository, run } from './data-gc-repository.ts';

/** What no branch names: gc keeps it whatever is asked for. */

test.each(['with commits', 'before the first commit'])(
  'what is staged stays, whatever the work tree has by now: %s',
  async (when) => {
    const { git, root } = await repository();
    if (when !== 'with commits') await git.run(['update-ref', '-d', 'HEAD']);
    writeFileSync(join(root, 'mine.bin'), 'staged');
    await run(root, 'add', 'mine.bin');
    await git.run(['add', 'mine.bin.dvc']);
    writeFileSync(join(root, 'mine.bin'), 'later');
    await run(root, 'add', 'mine.bin');
    await gc(root, { workspace: true });
    expect(cached(root)).toEqual(expect.arrayContaining(['staged', 'later']));
    expect(cached(root)).not.toContain('unused');
  },
);

test('nothing goes where git refuses the repository or finds it broken: what it keeps cannot be known', async () => {
  const { git, root } = await repository();
  rmSync(join(root, 'mine.bin.dvc'));
  const all = cached(root);
  const unsafe = { ...ENVIRONMENT, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  await expect(gc(root, { workspace: true }, unsafe)).rejects.toMatchObject({ code: 'E_GIT_UNSAFE' });
  renameSync(join(root, '.git', 'HEAD'), join(root, '.git', 'HEAD.lost'));
  await expect(gc(root, { workspace: true })).rejects.toMatchObject({ code: 'E_GIT_NOT_A_REPOSITORY' });
  expect(cached(root)).toEqual(all);
  renameSync(join(root, '.git', 'HEAD.lost'), join(root, '.git', 'HEAD'));
  expect((await gc(root, { workspace: true })).cache).toEqual([md5('unused')]);
  rmSync(join(git.folder, '.git'), { recursive: true });
  expect((await gc(root, { workspace: true })).cache).toEqual([md5('mine')]);
});

test('what is stashed stays: older entries, what git did not track, and what a rebase put aside', async () => {
  const { git, root } = await repository();
  // Else the cache is stashed as well.
  await commitAll(git, { '.dvc/.gitignore': '/cache\n/tmp\n' }, 'the cache is not for git');
  await git.run(['branch', 'side']);
  const change = async (path: string, text: string, ...stash: string[]) => {
    writeFiles(root, { [path]: text });
    await run(root, 'add', path);
    await git.run(['stash', ...stash]);
  };
  await change('mine.bin', 'stashed first');
  await change('new.bin', 'not tracked by git', '--include-untracked');
  await change('mine.bin', 'stashed last');
  writeFiles(root, { 'mine.bin': 'in the index alone' });
  await run(root, 'add', 'mine.bin');
  await git.run(['add', 'mine.bin.dvc']);
  writeFiles(root, { 'mine.bin': 'over the index' });
  await run(root, 'add', 'mine.bin');
  await git.run(['stash']);
  await commitAll(git, { 'text.txt': 'here' }, 'here');
  await git.run(['switch', '--quiet', 'side']);
  await commitAll(git, { 'text.txt': 'there' }, 'there');
  writeFiles(root, { 'mine.bin': 'put aside by a rebase' });
  await run(root, 'add', 'mine.bin');
  expect((await git.attempt(['rebase', '--autostash', 'main'])).code).not.toBe(0);
  expect(cached(root)).toContain('unused');
  await gc(root, { workspace: true });
  expect(cached(root)).toEqual(
    [
      ...['stashed first', 'not tracked by git', 'stashed last', 'in the index alone', 'over the index'],
      ...['put aside by a rebase', 'mine', 'one', 'sent', 'two'],
    ].sort(),
  );
});

test("every experiment of DVC's queue stays, not only the newest, and so do those that failed", async () => {
  const { git, root } = await repository();
  await commitAll(git, { '.dvc/.gitignore': '/cache\n/tmp\n' }, 'the cache is not for git');
  // As `dvc exp run --queue` does.
  const queue = async (ref: string, text: string) => {
    writeFiles(root, { 'mine.bin': text });
    await run(root, 'add', 'mine.bin');
    const entry = await git.text(['stash', 'create']);
    await git.run(['update-ref', '--create-reflog', '-m', `commit: dvc-exp:${text}`, ref, entry]);
    await git.run(['reset', '--quiet', '--hard']);
  };
  for (const text of ['queued first', 'queued last']) await queue('refs/exps/celery/stash', text);
  for (const text of ['failed first', 'failed last']) await queue('refs/exps/celery/failed', text);
  await gc(root, { workspace: true });
  expect(cached(root)).toEqual(
    [...['queued first', 'queued last', 'failed first', 'failed last'], ...['mine', 'one', 'sent', 'two']].sort(),
  );
});

test('the other side of a merge or cherry-pick that waits stays, also where no ref has it and in another work tree', async () => {
  const { git, root } = await repository(`[cache]\n    dir = ${join(await newFolder(), 'shared')}\n`);
  const unnamed = async (text: string) => {
    writeFiles(root, { 'mine.bin': text });
    await run(root, 'add', 'mine.bin');
    const commit = await commitAll(git, {}, text);
    await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    return commit;
  };
  const theirs = await unnamed('merged from a pull request');
  const picked = await unnamed('picked');
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '--detach', tree]);
  const gone = async () => (await gc(root, { workspace: true, dry: true })).cache;
  const texts = ['merged from a pull request', 'picked', 'unused'];
  expect(await gone()).toEqual(texts.map((text) => md5(text)).sort());
  await git.run(['merge', '--quiet', '--no-commit', '--no-ff', theirs]);
  expect(await gone()).toEqual([md5('picked'), md5('unused')].sort());
  await git.run(['merge', '--abort']);
  const there = openGit(tree, { env: ENVIRONMENT });
  await commitAll(there, { 'mine.bin.dvc': 'outs: []\n' }, 'in the way');
  expect((await there.attempt(['cherry-pick', picked])).code).not.toBe(0);
  await there.run(['rm', '--quiet', '--force', 'mine.bin.dvc']);
  expect(await gone()).toEqual([md5('merged from a pull request'), md5('unused')].sort());
});

/** Refs in a table are of git 2.46 and later; an older one cannot open such a repository. */
const REF_FORMATS = [
  'files',
  ...(/--ref-format/.test(`${spawnSync('git', ['refs', 'migrate', '-h'], { env: ENVIRONMENT }).output}`)
    ? ['reftable']
    : []),
];

test.each(REF_FORMATS)(
  'what a cherry-pick waits with stays where git has its refs as %s, also in another work tree',
  async (format) => {
    const { git, root } = await repository();
    writeFiles(root, { 'mine.bin': 'picked' });
    await run(root, 'add', 'mine.bin');
    const picked = await commitAll(git, {}, 'picked');
    await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    if (format !== 'files') await git.run(['refs', 'migrate', `--ref-format=${format}`]);
    await git.run(['reflog', 'expire', '--expire=now', '--all']);
    const gone = async () => (await gc(root, { workspace: true, dry: true })).cache;
    expect(await gone()).toEqual([md5('picked'), md5('unused')].sort());
    const tree = join(await newFolder(), 'tree');
    await git.run(['worktree', 'add', '--quiet', '--detach', tree]);
    for (const at of [git, openGit(tree, { env: ENVIRONMENT })]) {
      await commitAll(at, { 'mine.bin.dvc': 'outs: []\n' }, 'in the way');
      expect((await at.attempt(['cherry-pick', picked])).code).not.toBe(0);
      await at.run(['rm', '--quiet', '--force', 'mine.bin.dvc']);
      expect(await gone()).toEqual([md5('unused')]);
      await at.run(['cherry-pick', '--quit']);
      await at.run(['reset', '--quiet', '--hard', 'HEAD~1']);
      expect(await gone()).toEqual([md5('picked'), md5('unused')].sort());
    }
  },
);

test('a stashed pipeline that git did not track is read with the parameters that it did', async () => {
  const { git, root } = await repository();
  await commitAll(git, { '.dvc/.gitignore': '/cache\n/tmp\n', 'params.yaml': 'name: unused.bin\n' }, 'parameters');
  const out = `      - path: unused.bin\n        md5: ${md5('unused')}\n        size: 6\n        hash: md5\n`;
  writeFiles(root, {
    'dvc.yaml': 'stages:\n  make:\n    cmd: make\n    outs: ["${' + 'name}"]\n',
    'dvc.lock': `schema: '2.0'\nstages:\n  make:\n    cmd: make\n    outs:\n${out}`,
  });
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([]);
  await git.run(['stash', '--include-untracked']);
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([]);
  await git.run(['stash', 'drop']);
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([md5('unused')]);
});

test('what other work trees of the repository use stays, committed or not', async () => {
  const { git, root } = await repository(`[cache]\n    dir = ${join(await newFolder(), 'shared')}\n`);
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '--detach', tree]);
  writeFiles(tree, { 'there.bin': 'added there', 'folder/x': 'listed there' });
  await run(tree, 'add', 'there.bin', 'folder');
  const { cache: gone } = await gc(root, { workspace: true, dry: true });
  expect(gone).toContain(md5('unused'));
  expect(gone).not.toContain(md5('added there'));
  expect(gone).not.toContain(md5('listed there'));
  writeFileSync(join(tree, 'there.bin.dvc'), 'outs: [');
  await expect(gc(root, { workspace: true, skipFailed: true })).rejects.toMatchObject({ code: 'E_DATA_GC_WORKTREE' });
  rmSync(tree, { recursive: true });
  expect((await gc(root, { workspace: true, dry: true })).cache).toContain(md5('added there'));
});

test("a folder's listing is found in the cache of the work tree that committed it", async () => {
  const { git, root } = await repository();
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '-b', 'side', tree]);
  writeFiles(tree, { 'folder/x': 'listed there' });
  await run(tree, 'add', 'folder');
  await git.run(['-C', tree, 'add', '.']);
  await git.run(['-C', tree, 'commit', '--quiet', '--message', 'folder']);
  expect((await gc(root, { workspace: true })).cache).toEqual([md5('unused')]);
});
