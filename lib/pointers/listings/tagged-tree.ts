import { byCodePoint } from '../code-point-order.ts';
import { md5 } from '../md5.ts';
import { pythonJson } from './python-json.ts';

/** A file of a folder, by what a service calls its bytes. */
export interface TaggedFile {
  /** Below the folder, forward slashes. */
  readonly relpath: string;
  /** As DVC writes it. */
  readonly tag: string | undefined;
}

/**
 * What DVC notes of a folder of object storage that it imported: the address of its listing by entity tags, `<32 hex>.dir`.
 * Undefined where the service names no tags. Source: dvc_data/hashfile/tree.py, `Tree.digest`.
 */
export function taggedTreeAddress(files: readonly TaggedFile[]): string | undefined {
  const entries: { etag: string; relpath: string }[] = [];
  for (const { relpath, tag } of files) {
    if (tag === undefined) return undefined;
    entries.push({ etag: tag, relpath });
  }
  entries.sort((a, b) => byCodePoint(a.relpath, b.relpath));
  return `${md5(pythonJson(entries))}.dir`;
}
