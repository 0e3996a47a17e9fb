import { writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGit } from '../../lib/git/git.ts';
import { gitDetail, gitFailure, withoutCredentials } from '../../lib/git/git-failure.ts';
import { codeOf, commitAll, GIT_ENV, newFolder, newRepository, write } from './repository.ts';

describe('openGit', () => {
  it('tells a missing program, a missing folder and a folder without repository apart', async () => {
    const folder = await newFolder();
    expect(await codeOf(openGit(folder, { env: { PATH: folder } }).run(['status']))).toBe('E_GIT_MISSING');
    writeFileSync(join(folder, 'git'), 'no program', { mode: 0o644 });
    const refused = openGit(folder, { env: { PATH: folder } }).run(['status']);
    await expect(refused).rejects.toMatchObject({
      code: 'E_SYSTEM_REFUSED',
      message: expect.stringMatching(/git EACCES/),
    });
    expect(await codeOf(openGit(join(folder, 'no'), { env: GIT_ENV }).run(['status']))).toBe('E_GIT_NOT_A_REPOSITORY');
    expect(await codeOf(openGit(folder, { env: GIT_ENV }).run(['status']))).toBe('E_GIT_NOT_A_REPOSITORY');
  });

  it('keeps bytes as they are, both ways', async () => {
    const git = await newRepository();
    const bytes = Buffer.from([0, 255, 10, 13, 10, 128]);
    const id = await git.text(['hash-object', '-w', '--no-filters', '--stdin'], { input: bytes });
    expect(await git.run(['cat-file', 'blob', id])).toEqual(bytes);
  });

  it('ignores variables that point git elsewhere', async () => {
    const here = await newRepository({ a: 'here' });
    const other = await newRepository({ a: 'other' });
    const env = {
      ...GIT_ENV,
      GIT_DIR: join(other.folder, '.git'),
      GIT_INDEX_FILE: '/nonexistent',
      GIT_AUTHOR_NAME: 'Eve',
    };
    const git = openGit(here.folder, { env });
    expect(await git.text(['show', 'HEAD:a'])).toBe('here');
  });

  it('reads a commit as it was made, whatever replaces it', async () => {
    const git = await newRepository({ a: 'one' });
    const replaced = await commitAll(git, { a: 'two' }, 'second');
    const other = await commitAll(git, { a: 'three' }, 'third');
    await git.run(['reset', '--quiet', '--hard', replaced]);
    await git.run(['replace', replaced, other]);
    expect(await git.text(['show', 'HEAD:a'])).toBe('two');
    // What replaces it is in use as well.
    expect((await git.text(['rev-list', '--all', '--no-walk'])).split('\n').sort()).toEqual([replaced, other].sort());
  });

  it('runs no hook of the user', async () => {
    const git = await newRepository({ a: '1' });
    await write(git.folder, { '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' });
    await chmod(join(git.folder, '.git/hooks/pre-commit'), 0o755);
    expect(await commitAll(git, { a: '2' }, 'second')).toMatch(/^[0-9a-f]{40}$/);
  });

  it('gives a server ten minutes to work in silence, and ends what stalls for longer', async () => {
    const git = await newRepository();
    expect(await git.text(['config', '--get-regexp', '^http.lowspeed'])).toBe(
      'http.lowspeedlimit 1000\nhttp.lowspeedtime 600',
    );
  });

  it('keeps the error of a stream for whoever reads it later', async () => {
    const folder = await newFolder();
    const stream = openGit(folder, { env: { PATH: folder } }).stream(['cat-file', '--batch']);
    await new Promise((later) => setTimeout(later, 20));
    const read = async () => {
      for await (const _ of stream);
    };
    expect(await codeOf(read())).toBe('E_GIT_MISSING');
  });

  it('ends a stream with an error when git fails, also after it has given bytes', async () => {
    const git = await newRepository({ a: '1' });
    const read = async () => {
      for await (const _ of git.stream(['cat-file', 'blob', '0'.repeat(40)]));
    };
    expect(await codeOf(read())).toBe('E_GIT_FAILED');
  });

  it('stops git when a reader leaves early', async () => {
    const git = await newRepository({ large: 'x'.repeat(5_000_000) });
    let first = 0;
    for await (const chunk of git.stream(['cat-file', 'blob', 'HEAD:large'])) {
      first = (chunk as Buffer).length;
      break;
    }
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(5_000_000);
  });
});

describe('gitFailure', () => {
  it('names the command behind settings', () => {
    const failed = { folder: '.', code: 1, stderr: 'fatal: no' };
    expect(gitFailure({ ...failed, args: ['-c', 'a.b=c', '--bare', 'read-tree', 'x'] }).message).toContain(
      'git read-tree',
    );
  });

  const failure = (stderr: string, code = 128) =>
    gitFailure({ folder: '/repo', args: ['-q', 'push'], code, stderr, remote: 'https://u:p4ss@example.org/x' });

  it.each([
    ["fatal: Authentication failed for 'https://example.org/x/'", 'E_GIT_AUTH'],
    ["fatal: could not read Username for 'https://example.org': terminal prompts disabled", 'E_GIT_AUTH'],
    ['git@example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'E_GIT_AUTH'],
    [
      "remote: Permission to a/b.git denied to bot.\nfatal: unable to access 'https://example.org/': The requested URL returned error: 403",
      'E_GIT_AUTH',
    ],
    ["fatal: unable to access 'https://example.org/': Could not resolve host: example.org", 'E_GIT_UNREACHABLE'],
    ["fatal: '/nowhere' does not appear to be a git repository", 'E_GIT_UNREACHABLE'],
    ["fatal: detected dubious ownership in repository at '/repo'", 'E_GIT_UNSAFE'],
    ['fatal: not a git repository (or any of the parent directories): .git', 'E_GIT_NOT_A_REPOSITORY'],
    ["fatal: Unable to create '/repo/.git/shallow.lock': File exists.", 'E_GIT_LOCKED'],
    ["fatal: Unable to create '/repo/.git/index.lock': Permission denied", 'E_GIT_FAILED'],
    ["fatal: ambiguous argument 'HEAD': unknown revision", 'E_GIT_NO_COMMIT'],
    [
      'error: unable to create temporary file: No space left on device\nfatal: failed to write object',
      'E_SYSTEM_REFUSED',
    ],
    ["fatal: Unable to create '/repo/.git/index.lock': Read-only file system", 'E_SYSTEM_REFUSED'],
    ['remote: fatal: write error: No space left on device\nfatal: the remote end gave up', 'E_GIT_FAILED'],
    ['fatal: something new', 'E_GIT_FAILED'],
  ])('reads %j', (stderr, code) => {
    expect(failure(stderr).code).toBe(code);
  });

  it('names the folder that git has to be allowed, as git says it: the top of the work tree', () => {
    const stderr =
      "fatal: detected dubious ownership in repository at '/my repo'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory '/my repo'\n";
    const { fix } = gitFailure({ folder: '/my repo/team', args: ['push'], code: 128, stderr });
    expect(fix).toBe("Allow it with: git config --global --add safe.directory '/my repo'");
  });

  it('names the folder whose disk is full, and the way out', () => {
    const { message, fix } = failure('fatal: unable to write loose object file: No space left on device');
    expect(message).toMatch(/git push in \/repo: ENOSPC: .*No space left on device/);
    expect(fix).toMatch(/^Make room on that disk/);
  });

  it('takes unknown options for an old git', () => {
    expect(failure('error: unknown option `no-write-fetch-head', 129).code).toBe('E_GIT_TOO_OLD');
  });

  it('shows no credentials: not in the message, the fix or the cause', () => {
    const secret = "fatal: unable to access 'https://x-access-token:s3cret@example.org/a': connection refused";
    const error = failure(`${secret}\nAUTHORIZATION: basic s3cret`);
    const everything = `${error.message} ${error.fix} ${String(error.cause)}`;
    expect(everything).not.toContain('s3cret');
    expect(everything).not.toContain('p4ss');
    expect(everything).toContain('https://example.org/');
  });

  it('strips credentials from any URL and leaves the rest', () => {
    expect(withoutCredentials('a https://u:p@h/p b ssh://git@h:22/p ghp_abc123')).toBe(
      'a https://h/p b ssh://h:22/p ghp_***',
    );
    expect(withoutCredentials("access 'https://u:p@ss@h/p': no")).toBe("access 'https://h/p': no");
    expect(withoutCredentials("at 'https://u:p/s@h/p?q': https://h:8/p?token=t ssh://h: no")).toBe(
      "at 'https://…': https://h:8/p ssh://h: no",
    );
    expect(withoutCredentials('mail a@b.c')).toBe('mail a@b.c');
  });

  it('quotes the telling lines, without hints', () => {
    expect(gitDetail('hint: pull first\nerror: failed\nTo https://h/\n')).toBe('error: failed');
  });
});
