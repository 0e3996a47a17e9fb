import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** New content of a file: text, bytes, or those of a file on disk (which is not read into memory). null removes it. */
export type FileChange = string | Uint8Array | { readonly file: string } | null;

export interface CommitRequest {
  /** The commit to build upon; null makes a first commit with nothing but `changes`. */
  readonly parent: string | null;
  /** By path from the repository's top. */
  readonly changes: ReadonlyMap<string, FileChange>;
  readonly message: string;
  readonly author: Person;
  readonly date: Date;
}

/**
 * Writes a commit and returns its id; no ref, index or work tree is touched. The same request gives the same id.
 * Throws E_GIT_FAILED for a path that git does not take (`..`, `.git`).
 */
export async function commitFiles(git: Git, request: CommitRequest): Promise<string> {
  return withTemporaryFolder(async (scratch) => {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await git.run(['read-tree', request.parent ?? '--empty'], { env });
    const ids = await writeBlobs(git, scratch, request.changes);
    const removed = [...request.changes].filter(([, change]) => change === null).map(([path]) => `${path}\0`);
    if (removed.length > 0) {
      await git.run(['update-index', '-z', '--force-remove', '--stdin'], { env, input: removed.join('') });
    }
    const added = [...ids].map(([path, id]) => `100644 ${id}\t${path}\0`);
    await addToIndex(git, env, added.join(''));
    const tree = await git.text(['write-tree'], { env });
    return git.text(['commit-tree', tree, ...(request.parent === null ? [] : ['-p', request.parent])], {
      input: request.message,
      env: identity(request.author, request.date),
    });
  });
}

/** git only warns of a path that it does not take, and leaves it out; a commit without it would be wrong. */
async function addToIndex(git: Git, env: Readonly<Record<string, string>>, input: string): Promise<void> {
  const args = ['update-index', '-z', '--index-info'];
  const outcome = await git.attempt(args, { env, input });
  if (outcome.code !== 0 || /^Ignoring path/m.test(outcome.stderr)) {
    throw gitFailure({ folder: git.folder, args, ...outcome });
  }
}

/** Writes the changes' blobs with one process for all (plus one for each path that holds a line break). */
async function writeBlobs(
  git: Git,
  scratch: string,
  changes: ReadonlyMap<string, FileChange>,
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const [path, change] of changes) {
    if (change === null) continue;
    if (typeof change === 'object' && 'file' in change) {
      sources.set(path, resolve(git.folder, change.file));
    } else {
      const copy = join(scratch, `blob-${sources.size}`);
      await writeFile(copy, change);
      sources.set(path, copy);
    }
  }
  const ids = new Map<string, string>();
  const batch = [...sources].filter(([, source]) => !source.includes('\n'));
  if (batch.length > 0) {
    const input = batch.map(([, source]) => `${source}\n`).join('');
    const written = (await git.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input })).split('\n');
    batch.forEach(([path], i) => {
      ids.set(path, written[i] ?? '');
    });
  }
  for (const [path, source] of sources) {
    if (!ids.has(path)) ids.set(path, await git.text(['hash-object', '-w', '--no-filters', '--', source]));
  }
  return ids;
}

export interface TagRequest {
  /** The commit to tag. */
  readonly commit: string;
  /** Without `refs/tags/`. */
  readonly name: string;
  readonly message: string;
  readonly tagger: Person;
  readonly date: Date;
}

/** Writes an annotated tag's object and returns its id; no ref is made. Throws E_GIT_FAILED for a bad name. */
export async function createTagObject(git: Git, request: TagRequest): Promise<string> {
  const { name, email } = request.tagger;
  const lines = [
    `object ${request.commit}`,
    'type commit',
    `tag ${request.name}`,
    `tagger ${plain(name)} <${plain(email)}> ${seconds(request.date)} +0000`,
    '',
    `${request.message}\n`,
  ];
  return git.text(['mktag'], { input: lines.join('\n') });
}

function identity(person: Person, date: Date): Record<string, string> {
  const when = `@${seconds(date)} +0000`;
  return {
    GIT_AUTHOR_NAME: plain(person.name),
    GIT_AUTHOR_EMAIL: plain(person.email),
    GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: plain(person.name),
    GIT_COMMITTER_EMAIL: plain(person.email),
    GIT_COMMITTER_DATE: when,
  };
}

/** git's times are whole seconds. */
function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Angle brackets and line breaks would end a name within a commit's header. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const cleaned = text.replace(/[<>\u0000-\u001f\u007f]/g, '').trim();
  return cleaned === '' ? 'unknown' : cleaned;
}
