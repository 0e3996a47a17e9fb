import type { FileVersion } from '../../stores/bucket/versioned-store.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { dvcFileYaml } from '../formats/dvc-file.ts';
import { dvcLockYaml } from '../formats/dvc-lock.ts';
import { withBlock, withKey } from '../formats/edit-entry.ts';
import type { CloudVersion, VersionedFile } from '../formats/output-entry.ts';
import { cloudFields, fileFields } from '../formats/render-dvc-file.ts';
import { outputListingIfAny } from '../listings/output-listing.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';

/** What a pointer says of where the bytes of an output are in a cloud. */
export type RecordedVersions =
  | { readonly cloud: CloudVersion; readonly md5?: string; readonly size?: number | undefined }
  /** All files of a folder, sorted by path. */
  | { readonly files: readonly VersionedFile[] };

/**
 * What the pointer of an output has to say after a push: the new versions, beside those that it named already. Undefined for a
 * folder whose files are not known.
 *
 * @param versions by the files' paths below the output, '' for an output that is one file
 */
export function recordedVersions(
  output: TrackedOutput,
  versions: ReadonlyMap<string, FileVersion>,
  remote: string,
  cache: ObjectCache,
): RecordedVersions | undefined {
  const { md5, hash, files } = output;
  const named = (path: string): { cloud?: CloudVersion } => {
    const found = versions.get(path);
    if (found === undefined) return {};
    const { version: versionId, tag } = found;
    return { cloud: { remote, versionId, ...(tag === undefined ? {} : { etag: tag }) } };
  };
  if (md5 === undefined) return undefined;
  const own = named('').cloud;
  if (!md5.endsWith('.dir')) return own === undefined ? undefined : { cloud: own, md5, size: output.size };
  const known: readonly VersionedFile[] | undefined =
    files ??
    outputListingIfAny(cache, { md5, hash })?.map((entry) => {
      const size = cache.stampOf(entry.md5, hash)?.size ?? versions.get(entry.relpath)?.size;
      return { ...entry, isexec: false, ...(size === undefined ? {} : { size }) };
    });
  return known && { files: known.map((file) => ({ ...file, ...named(file.relpath) })) };
}

/** Keys that a folder's `files:` stand for. Source: dvc/output.py, `dumpd`. */
const REPLACED_BY_FILES = ['md5', 'size', 'nfiles'] as const;

/**
 * The text of a `.dvc` file or `dvc.lock` with the versions of one of its entries; every other byte stays, and new keys are where
 * DVC puts them.
 *
 * @param path of the entry in the document: `['outs', 0]`, `['stages', 'train', 'outs', 0]`
 */
export function recordVersions(
  text: string,
  file: string,
  path: readonly PropertyKey[],
  what: RecordedVersions,
): string {
  const parse = (now: string) => (file.endsWith('.dvc') ? dvcFileYaml(now, file) : dvcLockYaml(now, file));
  let updated = text;
  const set = (key: string, value: string | number | undefined) => {
    updated = withKey({ text: updated, parse }, { path, key }, value);
  };
  if ('files' in what) {
    const { document } = parse(text);
    for (const key of REPLACED_BY_FILES) if (document.hasIn([...path, key])) set(key, undefined);
    return withBlock({ text: updated, parse }, { path, key: 'files' }, what.files.map(fileFields));
  }
  // Also another content than before: what an update brought.
  for (const key of ['md5', 'size'] as const) if (what[key] !== undefined) set(key, what[key]);
  return withBlock({ text: updated, parse }, { path, key: 'cloud' }, cloudFields(what.cloud));
}
