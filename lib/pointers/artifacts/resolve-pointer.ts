import { mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { AssayError, assayError, hasCode } from '../../errors.ts';
import { removedAfter } from '../../removed-after.ts';
import type { VersionedStore } from '../../stores/bucket/versioned-store.ts';
import { setMode } from '../../stores/bytes/set-mode.ts';
import { writing } from '../../stores/bytes/writing.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { Store } from '../../stores/store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { expectedObject } from '../expected-object.ts';
import type { VersionedFile } from '../formats/output-entry.ts';
import { type PointerOutput, parsePointer } from '../formats/pointer-file.ts';
import { type DirEntry, parseDirObject } from '../listings/dir-object.ts';
import { objectKey } from '../object-key.ts';
import { pathProblem } from '../relative-paths.ts';
import { MAX_TEXT_BYTES } from '../repository-tree.ts';
import { readTextFile } from '../text-file.ts';
import { describeContent } from './describe-artifact.ts';
import { exists, place } from './place.ts';

/** Files brought at a time. */
const PARALLEL_FILES = 4;
/** What `dvc checkout` gives an executable file, less the umask. */
const EXECUTABLE_MODE = 0o755;

export interface PointerPorts {
  /** The project's folder: data never lands outside it. */
  readonly root: string;
  /** The folder that holds `.dvc`, where the paths of a version-aware remote start; `root` when left out. */
  readonly top?: string;
  /** The local cache, asked first. */
  readonly cache?: Store;
  /** The store of a DVC remote, the default one when no name is given; undefined when there is none. */
  readonly storeFor: (remote: string | undefined) => Store | undefined;
  /** The version-aware remote of an output, and whether versions under a remote's name are its own; undefined for others. */
  readonly versionsFor?: (
    output: PointerOutput,
  ) => { readonly store: VersionedStore; readonly owns: (remote: string) => boolean } | undefined;
}

export interface ResolvedOutput {
  /** Where the data is now: a file or a folder, absolute. */
  readonly path: string;
  readonly state: 'present' | 'brought';
}

/**
 * Sees to it that the data of a `.dvc` pointer is in place and is what the pointer names. What is there already is hashed,
 * never trusted and never overwritten; what is missing is brought from the cache or the store, verified, all or nothing.
 *
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED, E_POINTER_CHANGED, E_POINTER_NO_STORE, E_POINTER_OUTSIDE,
 *   E_DIR_OBJECT_CORRUPT, E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT, E_STORE_READ, E_STORE_WRITE
 */
export async function resolvePointer(pointerPath: string, ports: PointerPorts): Promise<ResolvedOutput[]> {
  const text = readTextFile(pointerPath, pointerPath, MAX_TEXT_BYTES);
  if (text === undefined) throw assayError('E_STORE_READ', { path: pointerPath, reason: 'there is no such file' });
  const pointer = parsePointer(text, pointerPath);
  const folder = resolve(dirname(pointerPath), pointer.wdir);
  const resolved: ResolvedOutput[] = [];
  for (const output of pointer.outs) {
    const path = resolve(folder, output.path);
    await checkInside(path, ports.root, { pointer: pointerPath, path: output.path });
    const there = await exists(path);
    if (there && !(await isSame(path, output))) throw assayError('E_POINTER_CHANGED', { path, pointer: pointerPath });
    if (!there) await bring(output, path, { pointerPath, ports });
    resolved.push({ path, state: there ? 'present' : 'brought' });
  }
  return resolved;
}

async function isSame(path: string, output: PointerOutput): Promise<boolean> {
  try {
    return (await describeContent(path, output.path, { links: 'anywhere', hash: output.hash })).md5 === output.md5;
  } catch (error) {
    if (error instanceof AssayError && error.code.startsWith('E_ARTIFACT_')) return false;
    throw error;
  }
}

interface Bringing {
  readonly pointerPath: string;
  readonly ports: PointerPorts;
}

async function bring(output: PointerOutput, target: string, { pointerPath, ports }: Bringing): Promise<void> {
  const versions = ports.versionsFor?.(output);
  const stores = [ports.cache, versions === undefined ? ports.storeFor(output.remote) : undefined];
  const below = relative(ports.top ?? ports.root, target)
    .split(sep)
    .join('/');
  const fetch = (md5: string, to: string, file?: Pick<VersionedFile, 'relpath' | 'cloud'>) => {
    const expected = expectedObject(md5, output.hash, output.size);
    const sources = stores.flatMap((store) =>
      store === undefined ? [] : [() => store.read(objectKey(md5, output.hash), expected, to)],
    );
    if (versions !== undefined && !md5.endsWith('.dir')) {
      const { relpath = '', cloud = output.cloud } = file ?? {};
      const version = cloud !== undefined && versions.owns(cloud.remote) ? cloud.versionId : undefined;
      const path = relpath === '' ? below : `${below}/${relpath}`;
      sources.push(() => versions.store.read({ path, version }, expected, to));
    }
    return readFirst(sources, pointerPath);
  };
  await place(target, async (temporary) => {
    if (!output.md5.endsWith('.dir')) {
      await fetch(output.md5, temporary);
      if (output.isexec) setMode(temporary, EXECUTABLE_MODE);
      return;
    }
    const entries = output.files === undefined ? await listing(output.md5, fetch) : listed(output.files);
    await writing(target, () => mkdir(temporary));
    await inParallel(entries, PARALLEL_FILES, (entry) =>
      fetch(entry.md5, join(temporary, ...entry.relpath.split('/')), entry),
    );
  });
}

/** An output with an address has files with addresses. */
function listed(files: readonly VersionedFile[]): (DirEntry & Pick<VersionedFile, 'cloud'>)[] {
  return files.flatMap(({ relpath, md5, cloud }) =>
    md5 === undefined ? [] : [{ relpath, md5, ...(cloud === undefined ? {} : { cloud }) }],
  );
}

async function listing(md5: string, fetch: (md5: string, to: string) => Promise<void>): Promise<DirEntry[]> {
  const scratch = await temporaryFolder('dir');
  return removedAfter(scratch, async () => {
    const file = join(scratch, 'listing');
    await fetch(md5, file);
    return parseDirObject(await readFile(file), md5);
  });
}

/** The first source that has the object intact; a missing or damaged one in the cache is made up for by the store. */
async function readFirst(sources: readonly (() => Promise<void>)[], pointer: string): Promise<void> {
  let last: unknown = assayError('E_POINTER_NO_STORE', { pointer });
  for (const read of sources) {
    try {
      await read();
      return;
    } catch (error) {
      const elsewhere = hasCode(error, 'E_STORE_OBJECT_MISSING', 'E_STORE_OBJECT_CORRUPT');
      if (!elsewhere) throw error;
      last = error;
    }
  }
  throw last;
}

/** A committed link or a `..` in a pointer would have us write anywhere: DVC follows both. */
async function checkInside(target: string, root: string, named: { pointer: string; path: string }): Promise<void> {
  const outside = assayError('E_POINTER_OUTSIDE', { ...named, root });
  const below = relative(root, target).split(sep).join('/');
  if (pathProblem([below], 'contained') !== undefined || /^\.dvc(\/|$)/i.test(below)) throw outside;
  let ancestor = dirname(target);
  while (!(await exists(ancestor))) ancestor = dirname(ancestor);
  const real = await realpath(ancestor).catch(() => undefined);
  const realRoot = await realpath(root);
  if (real === undefined || (real !== realRoot && !real.startsWith(realRoot + sep))) throw outside;
}
