import { resolve } from 'node:path';
import { assayError } from '../errors.ts';
import { type CommitTrees, readTrees } from './commit-trees.ts';
import type { Git } from './git.ts';
import { formatOfId, type NewObject, newObject, type ObjectFormat } from './object-format.ts';
import { withObjectReader } from './object-reader.ts';
import { rewriteTrees } from './rewrite-trees.ts';
import { storeObjects } from './store-objects.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** New content of a file: text, bytes, or those of a file on disk (which is not read into memory). null removes it. */
export type FileChange = string | Uint8Array | { readonly file: string } | null;

export interface CommitRequest {
  /** The commit to build upon; null makes a first commit with nothing but `changes`. */
  readonly parent: string | null;
  /** The parent's folders, where they were read already. */
  readonly trees?: CommitTrees | undefined;
  /** By path from the repository's top. */
  readonly changes: ReadonlyMap<string, FileChange>;
  readonly message: string;
  readonly author: Person;
  readonly date: Date;
}

/** An annotated tag. */
export interface TagRequest {
  /** The commit to tag. */
  readonly commit: string;
  /** Without `refs/tags/`. */
  readonly name: string;
  readonly message: string;
  readonly tagger: Person;
  readonly date: Date;
}

/**
 * Writes a commit and returns its id; no ref, index or work tree is touched. The same request gives the same id.
 * Throws E_GIT_FAILED for a path that git does not take (`..`, `.git`).
 */
export async function commitFiles(git: Git, request: CommitRequest): Promise<string> {
  return (await commitWithTags(git, request, () => [])).commit;
}

/**
 * As `commitFiles`, with annotated tags, on the new commit or on others; their ids come in the order of the requests. Commit and
 * tags are written by one process of git; no ref is made for any of them.
 */
export async function commitWithTags(
  git: Git,
  request: CommitRequest,
  tagsOf: (commit: string) => readonly TagRequest[],
): Promise<{ readonly commit: string; readonly tags: readonly string[] }> {
  const { parent, changes } = request;
  const format = parent === null ? (await git.places()).format : formatOfId(parent);
  const trees = parent === null ? undefined : await treesOf(git, parent, request.trees);
  const { ids, blobs } = await writeBlobs(git, format, changes);
  const { root, objects } = rewriteTrees(
    format,
    trees,
    [...changes.keys()].map((path) => [path, ids.get(path) ?? null]),
  );
  const commit = newObject(format, 'commit', commitBytes(request, root));
  const tags = tagsOf(commit.id).map((tag) => newObject(format, 'tag', tagBytes(tag)));
  await storeObjects(git, format, [...blobs, ...objects, commit, ...tags]);
  return { commit: commit.id, tags: tags.map(({ id }) => id) };
}

async function treesOf(git: Git, parent: string, known: CommitTrees | undefined): Promise<CommitTrees> {
  if (known?.commit === parent) return known;
  const trees = await withObjectReader(git, { lazy: true }, (reader) => readTrees(reader, parent));
  if (trees !== undefined) return trees;
  throw assayError('E_GIT_UNKNOWN_COMMIT', { commit: parent, reason: 'it or one of its folders is not here' });
}

interface WrittenBlobs {
  readonly ids: ReadonlyMap<string, string>;
  /** Those that are not in the repository yet. */
  readonly blobs: readonly NewObject[];
}

/** The blobs of texts and bytes; those of files are written here: one process for all. */
async function writeBlobs(
  git: Git,
  format: ObjectFormat,
  changes: ReadonlyMap<string, FileChange>,
): Promise<WrittenBlobs> {
  const ids = new Map<string, string>();
  const blobs: NewObject[] = [];
  const files: { readonly path: string; readonly file: string }[] = [];
  for (const [path, change] of changes) {
    if (change === null) continue;
    if (typeof change === 'object' && 'file' in change) {
      files.push({ path, file: resolve(git.folder, change.file) });
      continue;
    }
    const blob = newObject(format, 'blob', typeof change === 'string' ? Buffer.from(change) : change);
    ids.set(path, blob.id);
    blobs.push(blob);
  }
  // A path with a line break does not fit into a list of lines.
  const listed = files.filter(({ file }) => !file.includes('\n'));
  if (listed.length > 0) {
    const input = listed.map(({ file }) => `${file}\n`).join('');
    const written = (await git.text([...HASH_OBJECT, '--stdin-paths'], { input })).split('\n');
    for (const [place, { path }] of listed.entries()) ids.set(path, written[place] ?? '');
  }
  for (const { path, file } of files) {
    if (!ids.has(path)) ids.set(path, await git.text([...HASH_OBJECT, '--', file]));
  }
  return { ids, blobs };
}

const HASH_OBJECT = ['hash-object', '-w', '--no-filters'] as const;

/** Source: git's commit.c, `commit_tree_extended`. */
function commitBytes({ parent, message, author, date }: CommitRequest, tree: string): Buffer {
  const who = identity(author, date);
  return objectText(
    [`tree ${tree}`, ...(parent === null ? [] : [`parent ${parent}`]), `author ${who}`, `committer ${who}`],
    message,
  );
}

/** Source: gitformat of tags as `git mktag` asks for it. */
function tagBytes({ commit, name, message, tagger, date }: TagRequest): Buffer {
  return objectText(
    [`object ${commit}`, 'type commit', `tag ${name}`, `tagger ${identity(tagger, date)}`],
    `${message}\n`,
  );
}

function objectText(header: readonly string[], message: string): Buffer {
  const lines = [...header, ''];
  if (lines.some((line) => /[\n\0]/.test(line)) || message.includes('\0')) {
    throw assayError('E_GIT_FAILED', { command: 'commit', status: 'no object', detail: 'a line break or NUL in it' });
  }
  return Buffer.from(`${lines.join('\n')}\n${message}`);
}

/** A person and a moment, as a commit's header has them; git's times are whole seconds. */
function identity({ name, email }: Person, date: Date): string {
  return `${plain(name)} <${plain(email)}> ${Math.floor(date.getTime() / 1000)} +0000`;
}

/**
 * Angle brackets and line breaks would end a name within a header. What git takes off the ends of a name (ident.c,
 * `crud`), apart from the dot, which newer ones leave.
 */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const cleaned = text.replace(/[<>\u0000-\u001f\u007f]/g, '').replace(/^[\s,:;"\\']+|[\s,:;"\\']+$/g, '');
  return cleaned === '' ? 'unknown' : cleaned;
}
