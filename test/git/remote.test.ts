import { rmSync } from 'node:fs';
import { access, chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureCommit, fetchRefs, hasCommit } from '../../lib/git/fetch-refs.ts';
import { type Git, openGit } from '../../lib/git/git.ts';
import { pushRefs } from '../../lib/git/push-refs.ts';
import { readFileAt } from '../../lib/git/read-objects.ts';
import { listRemoteRefs } from '../../lib/git/remote.ts';
import { resolveCommit } from '../../lib/git/status.ts';
import { withWorktree } from '../../lib/git/worktree.ts';
import { commitFiles, commitWithTags } from '../../lib/git/write-objects.ts';
import {
  cloneOf,
  codeOf,
  commitAll,
  GIT_ENV,
  newFolder,
  newRemoteAndClone,
  newRepository,
  PERSON,
  write,
} from './repository.ts';

const DATE = new Date('2024-05-01T12:00:00Z');
const BRANCH = 'refs/heads/data';

function commitOn(git: Git, parent: string | null, text: string): Promise<string> {
  return commitFiles(git, { parent, changes: new Map([['f', text]]), message: text, author: PERSON, date: DATE });
}

/** A first commit, and an annotated tag `t` on it that no ref leads to. */
async function taggedCommit(git: Git): Promise<{ commit: string; tag: string }> {
  const request = { parent: null, changes: new Map([['f', 'one']]), message: 'one', author: PERSON, date: DATE };
  const made = await commitWithTags(git, request, (commit) => [
    { commit, name: 't', message: 'm', tagger: PERSON, date: DATE },
  ]);
  return { commit: made.commit, tag: made.tags[0] ?? '' };
}

describe('pushRefs', () => {
  it('pushes branch and tag together and is seen by others', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const { commit, tag } = await taggedCommit(clone);
    const items = [
      { source: commit, ref: BRANCH, expected: null },
      { source: tag, ref: 'refs/tags/t' },
    ];
    expect(await pushRefs(clone, 'origin', items)).toEqual({ ok: true });
    expect(await listRemoteRefs(clone, 'origin', [BRANCH, 'refs/tags/*'])).toEqual([
      { ref: BRANCH, id: commit },
      { ref: 'refs/tags/t', id: tag, peeled: commit },
    ]);
    expect(await remote.text(['log', '--format=%s', 'data'])).toBe('one');
  });

  it('pushes what it is asked to from a mirror too, and nothing else', async () => {
    const { remote, clone } = await newRemoteAndClone();
    await clone.run(['config', 'remote.origin.mirror', 'true']);
    await clone.run(['update-ref', 'refs/heads/mine', 'HEAD']);
    const source = await resolveCommit(clone);
    expect(await pushRefs(clone, 'origin', [{ source, ref: BRANCH, expected: null }])).toEqual({ ok: true });
    expect(await remote.text(['for-each-ref', '--format=%(refname)'])).toBe(`${BRANCH}\nrefs/heads/main`);
  });

  it('loses to a faster push and then leaves nothing behind, not even the tag', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const other = await cloneOf(remote);
    const first = await commitOn(clone, null, 'one');
    await pushRefs(clone, 'origin', [{ source: first, ref: BRANCH, expected: null }]);
    const late = await commitOn(other, null, 'late');
    const lost = await pushRefs(other, 'origin', [
      { source: late, ref: BRANCH, expected: null },
      { source: late, ref: 'refs/tags/late' },
    ]);
    expect(lost).toMatchObject({ ok: false, reason: 'race', refs: [BRANCH] });
    expect(await listRemoteRefs(clone, 'origin', ['refs/tags/*'])).toEqual([]);
  });

  it('never moves a ref back or aside, whatever is expected', async () => {
    const { clone } = await newRemoteAndClone();
    const first = await commitOn(clone, null, 'one');
    const second = await commitOn(clone, first, 'two');
    await pushRefs(clone, 'origin', [{ source: second, ref: BRANCH, expected: null }]);
    for (const source of [first, await commitOn(clone, null, 'aside')]) {
      for (const expected of [{ expected: second }, { expected: first }, { expected: null }, {}]) {
        const result = await pushRefs(clone, 'origin', [{ source, ref: BRANCH, ...expected }]);
        expect(result).toMatchObject({ ok: false, reason: 'race' });
      }
    }
    expect((await listRemoteRefs(clone, 'origin', [BRANCH]))[0]?.id).toBe(second);
  });

  it('names a tag that exists', async () => {
    const { clone } = await newRemoteAndClone();
    const first = await commitOn(clone, null, 'one');
    const second = await commitOn(clone, first, 'two');
    await pushRefs(clone, 'origin', [{ source: first, ref: 'refs/tags/t' }]);
    const result = await pushRefs(clone, 'origin', [
      { source: second, ref: BRANCH, expected: null },
      { source: second, ref: 'refs/tags/t' },
    ]);
    expect(result).toMatchObject({ ok: false, reason: 'exists', refs: ['refs/tags/t'] });
    expect(await listRemoteRefs(clone, 'origin', [BRANCH])).toEqual([]);
  });

  it.each(['pre-receive', 'update'])('tells a refusal by the %s hook from a race', async (hook) => {
    const { remote, clone } = await newRemoteAndClone();
    await write(remote.folder, { [`hooks/${hook}`]: '#!/bin/sh\necho "GH006: Protected branch" >&2\nexit 1\n' });
    await chmod(join(remote.folder, `hooks/${hook}`), 0o755);
    const commit = await commitOn(clone, null, 'one');
    const result = await pushRefs(clone, 'origin', [{ source: commit, ref: BRANCH, expected: null }]);
    expect(result).toMatchObject({ ok: false, reason: 'denied', refs: [BRANCH] });
    expect(result.ok ? '' : result.detail).toContain('GH006: Protected branch');
  });

  it('throws without a remote, and when it cannot be reached', async () => {
    const git = await newRepository({ a: '1' });
    const source = await resolveCommit(git);
    expect(await codeOf(pushRefs(git, 'origin', [{ source, ref: BRANCH }]))).toBe('E_GIT_NO_REMOTE');
    await git.run(['remote', 'add', 'origin', join(await newFolder(), 'gone')]);
    expect(await codeOf(pushRefs(git, 'origin', [{ source, ref: BRANCH }]))).toBe('E_GIT_UNREACHABLE');
    expect(await codeOf(listRemoteRefs(git, 'origin', ['refs/heads/*']))).toBe('E_GIT_UNREACHABLE');
  });
});

describe('a server', () => {
  it.each([
    [401, 'E_GIT_AUTH'],
    [403, 'E_GIT_AUTH'],
    [404, 'E_GIT_AUTH'],
    [503, 'E_GIT_UNREACHABLE'],
  ])('that answers %d is %s, without the token in the message', async (status, code) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'www-authenticate': 'Basic realm="git"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const git = await newRepository({ a: '1' });
    await git.run(['remote', 'add', 'origin', `http://user:s3cret@127.0.0.1:${port}/x.git`]);
    const error: unknown = await listRemoteRefs(git, 'origin', ['refs/heads/*']).catch((thrown: unknown) => thrown);
    server.close();
    expect(error).toMatchObject({ code });
    expect(`${error instanceof Error ? `${error.message} ${String(error.cause)}` : error}`).not.toContain('s3cret');
  });

  it('that is not there is unreachable', async () => {
    const git = await newRepository({ a: '1' });
    await git.run(['remote', 'add', 'origin', 'http://127.0.0.1:1/x.git']);
    const push = pushRefs(git, 'origin', [{ source: await resolveCommit(git), ref: BRANCH, expected: null }]);
    expect(await codeOf(push)).toBe('E_GIT_UNREACHABLE');
  });

  it('can be named by its path instead of a name', async () => {
    const { remote, clone } = await newRemoteAndClone();
    expect(await listRemoteRefs(clone, remote.folder, ['refs/heads/*'])).toHaveLength(1);
    expect(await codeOf(listRemoteRefs(clone, 'elsewhere', ['refs/heads/*']))).toBe('E_GIT_NO_REMOTE');
  });
});

describe('fetchRefs and ensureCommit', () => {
  it('brings a commit by its id into a shallow clone, alone', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const old = await resolveCommit(clone);
    await commitAll(clone, { a: '2' }, 'two');
    await commitAll(clone, { a: '3' }, 'three');
    await clone.run(['push', '--quiet', 'origin', 'main']);
    const shallow = await cloneOf(remote, '--depth=1');
    expect(await hasCommit(shallow, old)).toBe(false);
    await ensureCommit(shallow, 'origin', old);
    expect((await readFileAt(shallow, old, 'code.py'))?.toString()).toBe('print(1)\n');
    expect(await hasCommit(shallow, await clone.text(['rev-parse', 'HEAD~1']))).toBe(false);
    expect(await codeOf(ensureCommit(shallow, 'origin', 'e'.repeat(40)))).toBe('E_GIT_UNKNOWN_COMMIT');
  });

  it('waits for another process that holds the ref, but not for ever', async () => {
    const { clone } = await newRemoteAndClone();
    const lock = join(clone.folder, '.git', 'refs', 'kept.lock');
    await writeFile(lock, '');
    const items = [{ source: 'refs/heads/main', into: 'refs/kept' }];
    expect(await codeOf(fetchRefs(clone, 'origin', items))).toBe('E_GIT_LOCKED');
    const fetched = fetchRefs(clone, 'origin', items);
    setTimeout(() => rmSync(lock), 150);
    await fetched;
    expect(await resolveCommit(clone, 'refs/kept')).toBe(await resolveCommit(clone));
  });

  it('sets local refs over what they were and fetches nothing else', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const { tag } = await taggedCommit(clone);
    await pushRefs(clone, 'origin', [
      { source: tag, ref: 'refs/tags/t' },
      { source: tag, ref: 'refs/tags/other' },
    ]);
    const third = await cloneOf(remote, '--no-tags');
    await third.run(['tag', 't', 'HEAD']);
    await fetchRefs(third, 'origin', [{ source: 'refs/tags/t', into: 'refs/tags/t' }]);
    expect(await third.text(['rev-parse', 'refs/tags/t'])).toBe(tag);
    expect(await third.text(['tag', '--list'])).toBe('t');
    await expect(access(join(third.folder, '.git/FETCH_HEAD'))).rejects.toThrow();
    expect(await codeOf(fetchRefs(third, 'origin', [{ source: 'refs/heads/none' }]))).toBe('E_GIT_FAILED');
  });
});

describe('withWorktree', () => {
  it('gives the commit in a folder of its own and takes it away, also after a failure', async () => {
    const git = await newRepository({ a: 'old', 'below/b': 'b' });
    const old = await resolveCommit(git);
    await commitAll(git, { a: 'new' }, 'second');
    const seen: string[] = [];
    const body = async (folder: string) => {
      seen.push(folder);
      await write(folder, { scratch: 'left over' });
      return readFile(join(folder, 'a'), 'utf8');
    };
    expect(await withWorktree(git, 'origin', old, body)).toBe('old');
    await expect(
      withWorktree(git, 'origin', old, async (folder) => {
        await body(folder);
        throw new Error('inside');
      }),
    ).rejects.toThrow('inside');
    // Asked from below the top, it is the folder of that name.
    const below = openGit(join(git.folder, 'below'), { env: GIT_ENV });
    expect(await withWorktree(below, 'origin', old, (folder) => readdir(folder))).toEqual(['b']);
    for (const folder of seen) await expect(access(folder)).rejects.toThrow();
    expect((await git.text(['worktree', 'list', '--porcelain'])).match(/^worktree /gm)).toHaveLength(1);
  });

  it('brings a commit that is not here, and says so where nobody has it', async () => {
    const { remote, clone } = await newRemoteAndClone();
    const old = await resolveCommit(clone);
    await commitAll(clone, { 'code.py': 'print(2)\n' }, 'two');
    await clone.run(['push', '--quiet', 'origin', 'main']);
    const shallow = await cloneOf(remote, '--depth=1');
    const read = (folder: string) => readFile(join(folder, 'code.py'), 'utf8');
    expect(await hasCommit(shallow, old)).toBe(false);
    expect(await withWorktree(shallow, 'origin', old, read)).toBe('print(1)\n');
    expect(await codeOf(withWorktree(shallow, 'origin', 'e'.repeat(40), read))).toBe('E_GIT_UNKNOWN_COMMIT');
  });
});
