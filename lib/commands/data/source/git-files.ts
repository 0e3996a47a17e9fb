import { assayError } from '../../../errors.ts';
import type { Git } from '../../../git/git.ts';
import { listSizedFolder, listSubmodules, readBlobs, type SizedFile } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import { md5 as md5Of } from '../../../pointers/md5.ts';
import { dvcIgnored } from './dvc-ignored.ts';
import { lfsPointer } from './lfs-pointer.ts';
import { type GitFilePorts, receiveBlob, receiveLfsFile } from './receive-git-file.ts';
import { type Led, LINK, linksOf } from './source-links.ts';

/** Blobs up to this many bytes are read together, this many at a time. */
const SMALL_BYTES = 256 * 1024;
const TOGETHER = 256;

/** What tells DVC of data is no data, below a folder that is brought. Source: dvc/fs/dvc.py `_is_dvc_file`. */
const POINTERS = /(^|\/)([^/]*\.dvc|dvc\.yaml|\.dvcignore)$/;

/** A file that git keeps, now an object of a cache too. */
export interface GitFile {
  /** From the repository's top. */
  readonly path: string;
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  readonly isexec: boolean;
}

/** What git keeps at a path. */
export interface BroughtGitFiles {
  readonly files: readonly GitFile[];
  /** Symbolic links below it that lead to no file that git keeps. */
  readonly links: ReadonlyMap<string, Led>;
  /** Git's submodules below it. */
  readonly submodules: readonly string[];
}

/**
 * Brings what git keeps at `path` of a commit (a file, or everything below a folder) into a cache, as DVC's `get` and
 * `import` do: without pointers and what `.dvcignore` hides. A link to a file that git keeps, too, is that file.
 * Of files of Git LFS the bytes are brought, not what git keeps of them.
 *
 * @throws E_DATA_LFS, E_GIT_*, E_DVC_IGNORE, E_STORE_WRITE
 */
export async function bringGitFiles(
  { git, commit }: { readonly git: Git; readonly commit: string | undefined },
  path: string,
  { cache, stage, linkTexts = false }: GitFilePorts,
): Promise<BroughtGitFiles> {
  const at = commit ?? (await resolveCommit(git));
  const all = await listSizedFolder(git, at);
  const below = all.filter(
    (file) => file.path === path || ((path === '' || file.path.startsWith(`${path}/`)) && !POINTERS.test(file.path)),
  );
  const ignored = await dvcIgnored(git, all);
  const shown = below.filter((file) => file.path === path || !ignored(file.path));
  const { wanted, links } = linkTexts ? { wanted: shown, links: new Map() } : await withoutLinks(git, all, shown);
  const digests = new Map<string, { readonly md5: string; readonly size: number }>();
  const small = new Map(wanted.filter(({ size }) => size <= SMALL_BYTES).map((file) => [file.id, file]));
  const ids = [...small.keys()];
  for (let from = 0; from < ids.length; from += TOGETHER) {
    for (const [id, bytes] of await readBlobs(git, ids.slice(from, from + TOGETHER))) {
      const expected = lfsPointer(bytes);
      if (expected !== undefined) {
        const file = { path: small.get(id)?.path ?? id, pointer: bytes, expected };
        digests.set(id, { md5: await receiveLfsFile(git, file, { cache, stage }), size: expected.size });
        continue;
      }
      const md5 = md5Of(bytes);
      cache.insertBytes(bytes, md5);
      digests.set(id, { md5, size: bytes.length });
    }
  }
  for (const { id, size } of wanted) {
    if (!digests.has(id)) digests.set(id, { md5: await receiveBlob(git, id, { cache, stage }), size });
  }
  const files = wanted.map(({ path: file, id, mode }) => {
    const found = digests.get(id);
    if (found === undefined) throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'no blob', detail: id });
    return { path: file, ...found, isexec: mode === '100755' };
  });
  const modules = all.some((file) => file.path === '.gitmodules') ? await listSubmodules(git, at) : [];
  const within = (file: string) => path === '' || file.startsWith(`${path}/`);
  return { files, links, submodules: modules.map((module) => module.path).filter(within) };
}

/** Files as they are, and links to files in their place. */
async function withoutLinks(
  git: Git,
  all: readonly SizedFile[],
  shown: readonly SizedFile[],
): Promise<{ readonly wanted: readonly SizedFile[]; readonly links: ReadonlyMap<string, Led> }> {
  if (!shown.some(({ mode }) => mode === LINK)) return { wanted: shown, links: new Map() };
  const byPath = new Map(all.map((file) => [file.path, file]));
  const leads = await linksOf(git, all);
  const links = new Map<string, Led>();
  const wanted = shown.flatMap((file) => {
    if (file.mode !== LINK) return [file];
    const led = leads(file.path);
    const target = 'path' in led ? byPath.get(led.path) : undefined;
    if (target !== undefined && target.mode !== LINK) return [{ ...target, path: file.path }];
    links.set(file.path, led);
    return [];
  });
  return { wanted, links };
}
