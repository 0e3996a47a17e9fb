import { posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import type { Git } from '../../../git/git.ts';
import { listSizedFolder, listSubmodules, readBlobs, type SizedFile } from '../../../git/read-objects.ts';
import { resolveCommit } from '../../../git/status.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';

/** Links on the way to a file. Source: path_resolution(7) of Linux. */
const MAX_LINKS = 40;
/** Bytes of a path, and of a link's text: PATH_MAX of Linux. */
const MAX_PATH_BYTES = 4096;
/** Mode of a symbolic link. */
export const LINK = '120000';

/** A commit of a repository that data come from. */
interface SourceCommit {
  readonly git: Git;
  /** HEAD when undefined. */
  readonly commit: string | undefined;
}

/** Where a path leads: another path from the top, or why nowhere in the repository. */
export type Led = { readonly path: string } | { readonly reason: string };

/** Where the symbolic links among a commit's files lead, by their paths. */
export async function linksOf(git: Git, files: readonly SizedFile[]): Promise<(path: string) => Led> {
  const links = files.filter(({ mode, size }) => mode === LINK && size <= MAX_PATH_BYTES);
  const texts = await readBlobs(git, [...new Set(links.map(({ id }) => id))]);
  const byPath = new Map(links.map(({ path, id }) => [path, texts.get(id)?.toString('utf8') ?? '']));
  return (path) => followed(path, byPath);
}

/** As the system resolves a path, but below the repository's top alone. */
function followed(path: string, links: ReadonlyMap<string, string>): Led {
  // The next part last.
  const open = path.split('/').reverse();
  const done: string[] = [];
  let count = 0;
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (done.pop() === undefined) return { reason: 'it leads out of the repository' };
      continue;
    }
    done.push(name);
    const here = done.join('/');
    const text = links.get(here);
    if (here.length + (text?.length ?? 0) > MAX_PATH_BYTES) return { reason: 'it leads through too long a path' };
    if (text === undefined) continue;
    count++;
    if (count > MAX_LINKS) return { reason: 'it leads in a circle' };
    if (text.startsWith('/')) return { reason: 'it leads out of the repository' };
    done.pop();
    open.push(...text.split('/').reverse());
  }
  return { path: done.join('/') };
}

/**
 * Where a path leads at which neither git nor a pointer has anything: through symbolic links, to another path of the
 * repository.
 *
 * @param where the repository as it was named, for messages
 * @throws E_DATA_NOT_TRACKED, E_DATA_LINK for what leads out of it or in a circle, E_DATA_SUBMODULE
 */
export async function pathBehindLinks({ git, commit }: SourceCommit, path: string, where: string): Promise<string> {
  if (/^(\/|\.\.(\/|$))/.test(path)) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  const at = commit ?? (await resolveCommit(git));
  const led = (await linksOf(git, await listSizedFolder(git, at)))(path);
  if ('reason' in led) throw assayError('E_DATA_LINK', { path, where, reason: led.reason });
  const modules = await listSubmodules(git, at);
  const module = modules.find((one) => led.path === one.path || led.path.startsWith(`${one.path}/`));
  if (module !== undefined) {
    const url = await addressOf(git, at, module.path);
    const inside = led.path.slice(module.path.length + 1);
    const address = url === undefined ? {} : { url: withoutSecrets(resolved(url, where)) };
    throw assayError('E_DATA_SUBMODULE', { path, where, module: module.path, commit: module.id, inside, ...address });
  }
  if (led.path === path) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  return led.path;
}

/** What `.gitmodules` of a commit says of a submodule's address. */
async function addressOf(git: Git, commit: string, path: string): Promise<string | undefined> {
  const blob = ['config', '--blob', `${commit}:.gitmodules`];
  const paths = await git.attempt([...blob, '--null', '--get-regexp', '^submodule\\..*\\.path$']);
  const named = paths.stdout.toString('utf8').split('\0');
  const key = named.find((line) => line.slice(line.indexOf('\n') + 1) === path)?.split('\n')[0];
  if (key === undefined) return undefined;
  const url = await git.attempt([...blob, '--get', key.replace(/path$/, 'url')]);
  return url.code === 0 ? url.stdout.toString('utf8').trim() : undefined;
}

/** A relative one starts from the repository's own. Source: gitmodules(5). */
function resolved(url: string, where: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  return where.includes('://') && URL.canParse(where)
    ? new URL(url, `${where.replace(/\/+$/, '')}/`).href
    : posix.join(where, url);
}
