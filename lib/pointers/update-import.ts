import type { Document } from 'yaml';
import { dvcFileYaml, type ImportSource, parseDvcFile } from './dvc-file.ts';
import { editKey } from './edit-entry.ts';
import { type PointerContent, updatePointer } from './pointer-file.ts';
import { renderDvcFile } from './render-dvc-file.ts';

export interface ImportUpdate {
  readonly output: PointerContent;
  readonly source: Exclude<ImportSource, { kind: 'database' }>;
}

/**
 * The text of an import's pointer with its data and its source exchanged. Every other byte stays, as with `updatePointer`;
 * the stage's digest is that of the new content.
 *
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED
 */
export function updateImport(text: string, { output, source }: ImportUpdate, file: string): string {
  const { outs, wdir, frozen } = parseDvcFile(text, file);
  // The output's own name: a pointer of ours has one, and it may be below `wdir`.
  const name = outs.length === 1 ? (outs[0]?.path ?? output.path) : output.path;
  const content = { ...output, path: name };
  let updated = updatePointer(text, content, file);
  const set = (path: readonly PropertyKey[], key: string, value: string | number | undefined) => {
    updated =
      editKey(updated, dvcFileYaml(updated, file), path, key, value) ??
      rewritten(updated, file, (document) => {
        if (value === undefined) document.deleteIn([...path, key]);
        else document.setIn([...path, key], value);
      });
  };
  if (source.kind === 'url') {
    const { md5, etag, checksum, size, nfiles, hash } = source;
    for (const [key, value] of Object.entries({ md5, etag, checksum, size, nfiles, hash }))
      set(['deps', 0], key, value);
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

function rewritten(text: string, file: string, change: (document: Document) => void): string {
  const { document } = dvcFileYaml(text, file);
  change(document);
  return document.toString({ indentSeq: false, singleQuote: true, lineWidth: 80 });
}
