import { dvcFileYaml, type ImportSource, parseDvcFile } from './dvc-file.ts';
import { withBlock, withKey } from './edit-entry.ts';
import { type PointerContent, updatePointer } from './pointer-file.ts';
import { importedFileFields, renderDvcFile } from './render-dvc-file.ts';

export interface ImportUpdate {
  /** The new data; undefined where they are not known yet, because only the source was looked at. */
  readonly output: PointerContent | undefined;
  readonly source: Exclude<ImportSource, { kind: 'database' }>;
}

/** What a pointer says of the data themselves. */
const CONTENT_KEYS = ['md5', 'size', 'nfiles', 'isexec', 'files', 'cloud', 'etag', 'checksum', 'version_id'] as const;

/**
 * The text of an import's pointer with its data and its source exchanged. Every other byte stays, as with `updatePointer`;
 * the stage's digest is that of the new content.
 *
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED
 */
export function updateImport(text: string, { output, source }: ImportUpdate, file: string): string {
  const { outs, wdir, frozen } = parseDvcFile(text, file);
  const parse = (now: string) => dvcFileYaml(now, file);
  let updated = text;
  const set = (path: readonly PropertyKey[], key: string, value: string | number | undefined) => {
    updated = withKey({ text: updated, parse }, { path, key }, value);
  };

  if (output === undefined) for (const key of CONTENT_KEYS) set(['outs', 0], key, undefined);
  else {
    // The output's own name: a pointer of ours has one, and it may be below `wdir`.
    const name = outs.length === 1 ? (outs[0]?.path ?? output.path) : output.path;
    updated = updatePointer(updated, { ...output, path: name }, file);
  }
  if (source.kind === 'url') {
    const { md5, etag, checksum, size, nfiles, hash, versionId, files, url } = source;
    const values = { md5, etag, checksum, size, nfiles, version_id: versionId, hash, path: url };
    for (const [key, value] of Object.entries(values)) set(['deps', 0], key, value);
    if (files === undefined) set(['deps', 0], 'files', undefined);
    else
      updated = withBlock({ text: updated, parse }, { path: ['deps', 0], key: 'files' }, files.map(importedFileFields));
  } else {
    set(['deps', 0, 'repo'], 'rev', source.rev);
    set(['deps', 0, 'repo'], 'rev_lock', source.revLock);
  }
  const parsed = parseDvcFile(updated, file);
  const rendered = renderDvcFile({
    outs: parsed.outs,
    wdir,
    frozen,
    import: parsed.import?.kind === 'database' ? source : (parsed.import ?? source),
  });
  const { md5: digest } = parseDvcFile(rendered, file);
  set([], 'md5', digest);
  return updated;
}
