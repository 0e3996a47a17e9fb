import { lstat, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { crc32 } from 'node:zlib';
import { AssayError, assayError, messageOf } from '../errors.ts';
import { systemCode } from '../system-code.ts';
import { zipDirectory } from './zip-directory.ts';

/** Bounds of what is unpacked; everything is held in memory for a moment. */
export interface ArtifactLimits {
  readonly zipBytes: number;
  readonly fileBytes: number;
  readonly entries: number;
}

const MIB = 2 ** 20;

export const ARTIFACT_LIMITS: ArtifactLimits = { zipBytes: 512 * MIB, fileBytes: 1024 * MIB, entries: 10_000 };

/**
 * Unpacks a zip from an untrusted run into `folder`, all or nothing: it is written beside and renamed, so no link or
 * file that was there before is ever followed or overwritten. Only regular files and folders are made, never links,
 * and nothing is made executable.
 *
 * @returns the paths of the files relative to `folder` (with `/`), sorted
 * @throws E_ARTIFACT_CORRUPT, E_ARTIFACT_UNSAFE, E_ARTIFACT_TOO_LARGE, E_ARTIFACT_FOLDER
 */
export async function unpackArtifact(
  name: string,
  zip: Uint8Array,
  folder: string,
  limits: ArtifactLimits,
): Promise<readonly string[]> {
  if (await exists(folder)) throw assayError('E_ARTIFACT_FOLDER', { folder });
  const files = await filesOf(name, zip, limits);
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    for (const [path, bytes] of files) {
      const target = join(beside, ...path.split('/'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes, { flag: 'wx' });
    }
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    // One entry is a file where another needs a folder, or two differ only in a way that this disk does not tell apart.
    if (isCode(error, 'EEXIST', 'ENOTDIR', 'EISDIR')) {
      throw assayError('E_ARTIFACT_CORRUPT', { name, reason: messageOf(error) }, error);
    }
    throw error;
  }
  return files.map(([path]) => path);
}

async function filesOf(name: string, zip: Uint8Array, limits: ArtifactLimits): Promise<[string, Uint8Array][]> {
  const { unzipSync } = await import('fflate');
  const directory = new Map(zipDirectory(zip).map((entry) => [entry.name, entry]));
  const seen = new Set<string>();
  let bytes = 0;
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(zip, {
      // Called before an entry is unpacked, and no more than the size it states is ever written.
      filter: (entry) => {
        const reason = directory.get(entry.name)?.link === true ? 'is a link' : unsafe(entry.name);
        if (reason !== undefined) throw assayError('E_ARTIFACT_UNSAFE', { name, entry: entry.name, reason });
        if (seen.has(entry.name))
          throw assayError('E_ARTIFACT_UNSAFE', { name, entry: entry.name, reason: 'is there twice' });
        seen.add(entry.name);
        if (seen.size > limits.entries)
          throw assayError('E_ARTIFACT_TOO_LARGE', { name, what: 'entries', limit: limits.entries });
        // A stored entry is copied by its packed size, whatever the other one states.
        bytes += Math.max(entry.size, entry.originalSize);
        if (bytes > limits.fileBytes)
          throw assayError('E_ARTIFACT_TOO_LARGE', { name, what: 'bytes unpacked', limit: limits.fileBytes });
        return !entry.name.endsWith('/');
      },
    });
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw assayError('E_ARTIFACT_CORRUPT', { name, reason: messageOf(error) }, error);
  }
  for (const [path, content] of Object.entries(unpacked)) {
    // The library does not check them.
    if (crc32(content) !== directory.get(path)?.crc32)
      throw assayError('E_ARTIFACT_CORRUPT', { name, reason: `${path} has a wrong checksum` });
  }
  return Object.entries(unpacked).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Why an entry's name may not be written; undefined when it may. The same on every system. */
function unsafe(path: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (path === '' || /[\u0000-\u001f\u007f\\:]/.test(path)) return 'has a character that no path of ours has';
  if (path.startsWith('/')) return 'is an absolute path';
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  if (posix.normalize(trimmed) !== trimmed || trimmed.split('/').includes('..') || trimmed === '.')
    return 'leads out of its folder';
  if (trimmed.split('/').some((part) => part === '__proto__')) return 'has a name that is reserved';
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(systemCode(error) ?? '');
}
