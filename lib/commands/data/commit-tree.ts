import { isUtf8 } from 'node:buffer';
import type { Git } from '../../git/git.ts';
import { listFolder, listStaged, readBlobs, type TreeFile } from '../../git/read-objects.ts';
import type { RepositoryTree, TreeEntry } from '../../pointers/repository-tree.ts';
import { textOf } from '../../pointers/text-file.ts';

/** Blobs that were read, by id: commits share most of theirs. What is no text stays bytes until somebody asks for it. */
export type BlobTexts = Map<string, string | Buffer>;

export interface CommitTreeOptions {
  /** Shared between commits. */
  readonly texts?: BlobTexts;
  /** A commit whose files are there too, where the other has none of their name. */
  readonly over?: string | undefined;
}

/** What DVC's index is made of; nothing else of a commit is read. */
const INDEX_FILE = /(^|\/)([^/]+\.dvc|dvc\.yaml|dvc\.lock|\.dvcignore|\.gitignore|params\.(yaml|json)|\.dvc\/config)$/;

/**
 * A commit's files below git's folder, where the project is, as a tree that an index can be read from. Two processes of git for
 * the whole of it, one when another commit had the same files.
 *
 * @throws E_GIT_*; `read` also E_DVC_ENCODING
 */
export async function commitTree(git: Git, commit: string, options: CommitTreeOptions = {}): Promise<RepositoryTree> {
  const own = await listFolder(git, commit);
  const taken = new Set(own.map(({ path }) => path));
  const below = options.over === undefined ? [] : await listFolder(git, options.over);
  return treeOf(git, [...own, ...below.filter(({ path }) => !taken.has(path))], options);
}

/** What is staged below git's folder, the same way. @throws E_GIT_* */
export async function stagedTree(git: Git, options: Pick<CommitTreeOptions, 'texts'> = {}): Promise<RepositoryTree> {
  return treeOf(git, await listStaged(git), options);
}

async function treeOf(
  git: Git,
  files: readonly TreeFile[],
  { texts = new Map() }: Pick<CommitTreeOptions, 'texts'>,
): Promise<RepositoryTree> {
  const ids = new Map(files.map((file) => [file.path, file.id]));
  const wanted = files.filter(({ path, id, mode }) => INDEX_FILE.test(path) && mode !== '120000' && !texts.has(id));
  for (const [id, bytes] of await readBlobs(
    git,
    wanted.map((file) => file.id),
  ))
    texts.set(id, isUtf8(bytes) ? bytes.toString('utf8') : bytes);
  const folders = new Map<string, Map<string, TreeEntry['kind']>>();
  for (const { path, mode } of files) {
    const parts = path.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const parent = parts.slice(0, count - 1).join('/');
      const names = folders.get(parent) ?? new Map<string, TreeEntry['kind']>();
      folders.set(parent, names);
      names.set(parts[count - 1] ?? '', count < parts.length ? 'directory' : mode === '120000' ? 'link' : 'file');
    }
  }
  return {
    list: async (folder) => [...(folders.get(folder) ?? [])].map(([name, kind]) => ({ name, kind })),
    async read(path) {
      const id = ids.get(path);
      if (id === undefined) return undefined;
      // Templates may name any file of parameters.
      const known = texts.get(id) ?? (await readBlobs(git, [id])).get(id);
      if (known === undefined || typeof known === 'string') return known;
      const text = textOf(known, path);
      texts.set(id, text);
      return text;
    },
  };
}
