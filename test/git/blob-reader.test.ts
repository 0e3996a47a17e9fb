import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBlobReader } from '../../lib/git/blob-reader.ts';
import { type Git, openGit } from '../../lib/git/git.ts';
import { listFiles } from '../../lib/git/read-objects.ts';
import { GIT_ENV, newRepository } from './repository.ts';

/** A repository with these files, and how often git was started to read objects. */
async function repository(files: Readonly<Record<string, string>>) {
  const { folder } = await newRepository(files);
  const git = openGit(folder, { env: GIT_ENV });
  const started: string[] = [];
  const watched: Git = {
    ...git,
    stream: (args, options) => {
      started.push(args.join(' '));
      return git.stream(args, options);
    },
  };
  const ids = new Map((await listFiles(git, 'HEAD')).map(({ path, id }) => [path, id]));
  return { folder, watched, started, idOf: (path: string) => ids.get(path) ?? '' };
}

test('blobs that are asked for side by side and one after the other come from one process', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `file-${index}`);
  const { watched, started, idOf } = await repository(Object.fromEntries(names.map((name) => [name, `of ${name}`])));
  const read = createBlobReader(watched);
  const texts = await Promise.all(names.map(async (name) => String(await read(idOf(name)))));
  expect(texts).toEqual(names.map((name) => `of ${name}`));
  expect(String(await read(idOf('file-3')))).toBe('of file-3');
  expect(await Promise.all([read(idOf('file-4')), read(idOf('file-4'))])).toHaveLength(2);
  expect(started).toEqual(['cat-file --batch']);
  // It has ended by now, and the next question starts another.
  await wait(200);
  expect(String(await read(idOf('file-5')))).toBe('of file-5');
  expect(started).toHaveLength(2);
});

test('what is missing or damaged is its own error, and the others are read', async () => {
  const { folder, watched, idOf } = await repository({ good: 'good', bad: 'bad', late: 'late' });
  const bad = join(folder, '.git', 'objects', idOf('bad').slice(0, 2), idOf('bad').slice(2));
  chmodSync(bad, 0o644);
  writeFileSync(bad, 'no object');
  expect(readdirSync(join(folder, '.git', 'objects'))).toContain(idOf('bad').slice(0, 2));
  const read = createBlobReader(watched);
  const outcomes = await Promise.allSettled([read(idOf('bad')), read('f'.repeat(40)), read(idOf('good'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(outcomes[0]).toMatchObject({ reason: { code: 'E_GIT_FAILED' } });
  expect(String(await read(idOf('late')))).toBe('late');
});
