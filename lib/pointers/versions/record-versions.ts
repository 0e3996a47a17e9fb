import type { Document } from 'yaml';
import type { FileVersion } from '../../stores/bucket/versioned-store.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { dvcFileYaml } from '../formats/dvc-file.ts';
import { dvcLockYaml } from '../formats/dvc-lock.ts';
import { editBlock, editKey } from '../formats/edit-entry.ts';
import type { CloudVersion, VersionedFile } from '../formats/output-entry.ts';
import { cloudFields, fileFields } from '../formats/render-dvc-file.ts';
import type { SafeYaml } from '../formats/safe-yaml.ts';
import type { YamlValue } from '../formats/yaml-style.ts';
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
  const parse = (now: string): SafeYaml => (file.endsWith('.dvc') ? dvcFileYaml(now, file) : dvcLockYaml(now, file));
  const change = (now: string, edit: (yaml: SafeYaml) => string | undefined, instead: (document: Document) => void) => {
    const yaml = parse(now);
    const edited = edit(yaml);
    if (edited !== undefined) return edited;
    // Text in another form than DVC's: comments stay, the layout may change.
    instead(yaml.document);
    return yaml.document.toString({ indentSeq: false, singleQuote: true, lineWidth: 80 });
  };
  const [key, value]: [string, YamlValue] =
    'cloud' in what ? ['cloud', cloudFields(what.cloud)] : ['files', what.files.map(fileFields)];
  let updated = text;
  if ('cloud' in what) {
    // Also another content than before: what an update brought.
    for (const [name, content] of [
      ['md5', what.md5],
      ['size', what.size],
    ] as const) {
      if (content === undefined) continue;
      const now = updated;
      updated = change(
        now,
        (yaml) => editKey(now, yaml, path, name, content),
        (whole) => whole.setIn([...path, name], content),
      );
    }
  }
  if (key === 'files') {
    const { document } = parse(text);
    for (const old of REPLACED_BY_FILES.filter((name) => document.hasIn([...path, name]))) {
      const now = updated;
      updated = change(
        now,
        (yaml) => editKey(now, yaml, path, old, undefined),
        (whole) => void whole.deleteIn([...path, old]),
      );
    }
  }
  return change(
    updated,
    (yaml) => editBlock(updated, yaml, path, key, value),
    (document) => document.setIn([...path, key], document.createNode(value)),
  );
}
