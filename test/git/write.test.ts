import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Git, openGit } from '../../lib/git/git.ts';
import { listFiles, readFileAt } from '../../lib/git/read-objects.ts';
import { readStatus, resolveCommit } from '../../lib/git/status.ts';
import { commitFiles, commitWithTags, type FileChange } from '../../lib/git/write-objects.ts';
import { codeOf, GIT_ENV, newFolder, newRepository, PERSON, write } from './repository.ts';

const DATE = new Date('2024-05-01T12:00:00.900Z');
const request = (parent: string | null, changes: [string, FileChange][]) => ({
  parent,
  changes: new Map(changes),
  message: 'Change\n\nKey: value\n',
  author: PERSON,
  date: DATE,
});

describe('commitFiles', () => {
  it('adds, replaces and removes on top of the parent, and touches nothing else', async () => {
    const git = await newRepository({ keep: 'k', old: 'o', gone: 'g' });
    await write(git.folder, { 'elsewhere/large.bin': 'from disk', keep: 'dirty' });
    const before = await readStatus(git);
    const parent = await resolveCommit(git);
    const commit = await commitFiles(
      git,
      request(parent, [
        ['old', 'new'],
        ['a/b/ü', Buffer.from([0, 13, 10])],
        ['large', { file: join(git.folder, 'elsewhere/large.bin') }],
        ['gone', null],
      ]),
    );
    const files = await listFiles(git, commit);
    expect(files.map(({ path }) => path)).toEqual(['a/b/ü', 'keep', 'large', 'old']);
    expect(await readFileAt(git, commit, 'a/b/ü')).toEqual(Buffer.from([0, 13, 10]));
    expect((await readFileAt(git, commit, 'keep'))?.toString()).toBe('k');
    expect((await readFileAt(git, commit, 'large'))?.toString()).toBe('from disk');
    expect(await git.text(['log', '-1', '--format=%P|%an|%ae|%cn|%aI|%(trailers:only)', commit])).toBe(
      `${parent}|Ada|ada@example.org|Ada|2024-05-01T12:00:00+00:00|Key: value\n`,
    );
    expect(await readStatus(git)).toEqual(before);
  });

  it('makes a first commit of nothing but the changes, the same bytes every time', async () => {
    const git = await newRepository({ main: 'm' });
    const once = await commitFiles(
      git,
      request(null, [
        ['b', '2'],
        ['a', '1'],
      ]),
    );
    const again = await commitFiles(
      git,
      request(null, [
        ['a', '1'],
        ['b', '2'],
      ]),
    );
    expect(again).toBe(once);
    expect((await listFiles(git, once)).map(({ path }) => path)).toEqual(['a', 'b']);
    expect(await git.text(['log', '--format=%H', once])).toBe(once);
  });

  it('does not let the configuration change bytes or signatures', async () => {
    const git = await newRepository({ '.gitattributes': '* text eol=crlf\n' });
    for (const [key, value] of [
      ['core.autocrlf', 'true'],
      ['commit.gpgSign', 'true'],
      ['i18n.commitEncoding', 'latin1'],
    ] as const) {
      await git.run(['config', key, value]);
    }
    const commit = await commitFiles(git, { ...request(null, [['a', 'x\r\ny\n']]), message: 'ü\n' });
    expect((await readFileAt(git, commit, 'a'))?.toString()).toBe('x\r\ny\n');
    const raw = await git.text(['cat-file', 'commit', commit]);
    expect(raw).not.toMatch(/^(gpgsig|encoding)/m);
    expect(raw).toContain('ü');
  });

  it.each(['../out', '.git/config', 'a/.GIT/x', 'a\\git~1\\x', '/abs', 'a//b', 'a/', ''])(
    'refuses the path %s',
    async (path) => {
      const git = await newRepository();
      expect(await codeOf(commitFiles(git, request(null, [[path, 'x']])))).toBe('E_GIT_FAILED');
    },
  );

  it('cannot be made to write other header lines by a name', async () => {
    const git = await newRepository();
    const author = { name: 'Eve\nparent 0000', email: 'e<v>e@x' };
    const commit = await commitFiles(git, { ...request(null, [['a', '1']]), author });
    expect(await git.text(['log', '-1', '--format=%an|%ae', commit])).toBe('Eveparent 0000|eve@x');
  });
});

describe('commitWithTags', () => {
  it('writes annotated tags without a ref, on the new commit and on others', async () => {
    const git = await newRepository({ a: '1' });
    const before = await resolveCommit(git);
    const { commit, tags } = await commitWithTags(git, request(before, [['b', '2']]), (own) =>
      [before, own].map((on) => ({ commit: on, name: 'late#production#1', message: 'm', tagger: PERSON, date: DATE })),
    );
    for (const [place, on] of [before, commit].entries()) {
      expect(await git.text(['cat-file', 'tag', tags[place] ?? ''])).toBe(
        `object ${on}\ntype commit\ntag late#production#1\ntagger Ada <ada@example.org> 1714564800 +0000\n\nm`,
      );
    }
    expect(await git.text(['tag', '--list'])).toBe('');
    await git.run(['fsck', '--strict', '--no-dangling']);
  });

  it('refuses a name that would end its line', async () => {
    const git = await newRepository();
    const named = (name: string) =>
      commitWithTags(git, request(null, [['a', '1']]), (commit) => [
        { commit, name, message: 'm', tagger: PERSON, date: DATE },
      ]);
    expect(await codeOf(named('x\ny'))).toBe('E_GIT_FAILED');
  });
});

describe('what git itself would have written', () => {
  /** The same commit by git's index: the reference for trees, paths and headers. */
  async function byIndex(git: Git, parent: string | null, changes: Map<string, string | null>): Promise<string> {
    const env = { GIT_INDEX_FILE: join(await newFolder(), 'index') };
    await git.run(['read-tree', parent ?? '--empty'], { env });
    for (const [path, text] of changes) {
      if (text === null) await git.run(['update-index', '--force-remove', '--', path], { env });
      else {
        const id = await git.text(['hash-object', '-w', '--stdin'], { input: text });
        await git.run(['update-index', '-z', '--index-info'], { env, input: `100644 ${id}\t${path}\0` });
      }
    }
    const when = '@1714564800 +0000';
    const tree = await git.text(['write-tree'], { env });
    return git.text(['commit-tree', tree, ...(parent === null ? [] : ['-p', parent])], {
      input: 'Change\n\nKey: value\n',
      env: {
        ...{ GIT_AUTHOR_NAME: PERSON.name, GIT_AUTHOR_EMAIL: PERSON.email, GIT_AUTHOR_DATE: when },
        ...{ GIT_COMMITTER_NAME: PERSON.name, GIT_COMMITTER_EMAIL: PERSON.email, GIT_COMMITTER_DATE: when },
      },
    });
  }

  // Few names, so that files take the place of folders and the other way round, and git's order of `a`, `a-`, `a/`, `a0` counts.
  const name = fc.constantFrom('a', 'a-', 'a0', 'a.b', 'é');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const changes = fc.array(fc.tuple(path, fc.option(fc.string({ maxLength: 5 }), { freq: 3 })), { maxLength: 6 });

  it.each(['sha1', 'sha256'])('has the same ids, in a repository of %s', async (format) => {
    const git = openGit(await newFolder(), { env: GIT_ENV });
    await git.run(['init', '--quiet', `--object-format=${format}`]);
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 2 }), async (steps) => {
        let parent: string | null = null;
        for (const step of steps) {
          const wanted = new Map(step);
          const expected = await byIndex(git, parent, wanted);
          expect(await commitFiles(git, request(parent, [...wanted]))).toBe(expected);
          parent = expected;
        }
      }),
      { numRuns: 12, seed: 5 },
    );
    await git.run(['fsck', '--strict', '--no-dangling']);
  });

  it('keeps modes, links, submodules and names that are no UTF-8 of the parent', async () => {
    const git = await newRepository({ 'tool/run.sh': 'x' });
    const blob = await git.text(['hash-object', '-w', '--stdin'], { input: 'b' });
    const entries = [
      `100755 ${blob}\ttool/bin\0`,
      `120000 ${blob}\ttool/link\0`,
      `160000 ${await resolveCommit(git)}\ttool/module\0`,
    ].map((text) => Buffer.from(text));
    const strange = Buffer.concat([Buffer.from(`100644 ${blob}\ttool/`), Buffer.from([0xff, 0xfe, 0])]);
    await git.run(['update-index', '-z', '--index-info'], { input: Buffer.concat([...entries, strange]) });
    await git.run(['commit', '--quiet', '--message', 'all kinds']);
    const parent = await resolveCommit(git);
    const made = new Map([['tool/new', 'n']]);
    expect(await commitFiles(git, request(parent, [...made]))).toBe(await byIndex(git, parent, made));
  });
});
