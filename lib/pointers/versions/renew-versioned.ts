import type { ObjectCache } from '../cache/object-cache.ts';
import { byCodePoint } from '../code-point-order.ts';
import { parseDvcFile, placeOfOutput } from '../formats/dvc-file.ts';
import type { VersionedFile } from '../formats/output-entry.ts';
import type { DirEntry } from '../listings/dir-object.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import { recordVersions } from './record-versions.ts';

/**
 * The text of a cloud-versioned output's pointer with new content, as DVC writes it: files that did not change keep their
 * versions, others get theirs at the next push. Undefined where the pointer becomes an ordinary one: another single file, or
 * a file where a folder was.
 */
export function renewVersioned(
  text: string,
  file: string,
  known: TrackedOutput,
  { md5, entries }: { readonly md5: string; readonly entries?: readonly DirEntry[] },
  cache: ObjectCache,
): string | undefined {
  if (md5 === known.md5) return text;
  if (known.files === undefined || entries === undefined || known.hash !== 'md5') return undefined;
  const before = new Map(known.files.map((entry) => [entry.relpath, entry]));
  const files = [...entries]
    .sort((a, b) => byCodePoint(a.relpath, b.relpath))
    .map(({ relpath, md5: address }): VersionedFile => {
      const old = before.get(relpath);
      if (old?.md5 === address) return old;
      const size = cache.stampOf(address)?.size;
      return { relpath, md5: address, isexec: false, ...(size === undefined ? {} : { size }) };
    });
  const index = placeOfOutput(parseDvcFile(text, file), file, known.path);
  return index === -1 ? undefined : recordVersions(text, file, ['outs', index], { files });
}
