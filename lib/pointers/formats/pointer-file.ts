import { assayError } from '../../errors.ts';
import type { PointerHash } from '../object-key.ts';
import { dvcFileYaml, parseDvcFile } from './dvc-file.ts';
import { withItem, withKey } from './edit-entry.ts';
import type { CloudVersion, VersionedFile } from './output-entry.ts';
import { outputFields, renderDvcFile } from './render-dvc-file.ts';

/** One output of a `.dvc` file: data that is not in git. */
export interface PointerOutput {
  /** Relative to the pointer's folder (and `wdir` below it), forward slashes. */
  readonly path: string;
  /** `<32 hex>` of a file, `<32 hex>.dir` of a folder. */
  readonly md5: string;
  /** `md5-dos2unix` for pointers of DVC 2, whose entries have no `hash: md5`. */
  readonly hash: PointerHash;
  /** Bytes, where the pointer tells. */
  readonly size?: number;
  /** Files of a folder, where the pointer tells. */
  readonly nfiles?: number;
  readonly isexec: boolean;
  /** Name of the DVC remote that holds it; the default remote when absent. */
  readonly remote?: string;
  /** Where a version-aware remote has it: a folder's files, each with its version, or the version of a file. */
  readonly files?: readonly VersionedFile[];
  readonly cloud?: CloudVersion;
}

export interface Pointer {
  readonly outs: readonly PointerOutput[];
  /** The folder that paths start from, relative to the pointer's own. */
  readonly wdir: string;
}

/**
 * Reads a `.dvc` file whose outputs are addressed by their content; `parseDvcFile` reads those of every kind.
 *
 * @param file its path, for messages
 * @throws E_POINTER_CORRUPT with line and column; E_POINTER_UNSUPPORTED for outputs without an md5, of their own or of all of
 *   their files (external data, imports that were never downloaded)
 */
export function parsePointer(text: string, file: string): Pointer {
  const { outs, wdir } = parseDvcFile(text, file);
  const place = (path: readonly PropertyKey[]) => dvcFileYaml(text, file).place(path);
  if (outs.length === 0) throw assayError('E_POINTER_CORRUPT', { ...place(['outs']), reason: 'outs: there are none' });
  return {
    wdir,
    outs: outs.map((out, index): PointerOutput => {
      const { path, md5, hash, size, nfiles, isexec, remote, files, cloud } = out;
      if (md5 === undefined) {
        const reason = `the output "${path}" has no md5 (it is external, or was never downloaded)`;
        throw assayError('E_POINTER_UNSUPPORTED', { ...place(['outs', index]), reason });
      }
      return {
        path,
        md5,
        hash,
        isexec,
        ...(size === undefined ? {} : { size }),
        ...(nfiles === undefined ? {} : { nfiles }),
        ...(remote === undefined ? {} : { remote }),
        ...(files === undefined ? {} : { files }),
        ...(cloud === undefined ? {} : { cloud }),
      };
    }),
  };
}

/** What changes in a pointer when its data changes. */
export type PointerContent = Pick<PointerOutput, 'path' | 'md5' | 'size' | 'nfiles' | 'isexec'>;
/** The text of a new `.dvc` file with one output, byte for byte what `dvc add` writes. */
export function renderPointer(output: PointerContent): string {
  return renderDvcFile({ outs: [output] });
}

/** What told where the old content is in a cloud. */
const OLD_CONTENT_KEYS = ['files', 'cloud', 'etag', 'checksum', 'version_id'] as const;

/**
 * The text of a pointer with one output's content exchanged or added. Every other byte stays: comments, the order of keys,
 * and what Assay does not know.
 *
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED
 */
export function updatePointer(text: string, output: PointerContent, file: string): string {
  const parse = (now: string) => dvcFileYaml(now, file);
  const index = parseDvcFile(text, file).outs.findIndex((out) => out.path === output.path);
  if (index === -1) {
    return withItem({ text, parse }, ['outs'], outputFields(output));
  }
  const { md5, size, nfiles, isexec } = output;
  const values = { md5, size, nfiles, isexec: isexec || undefined, hash: 'md5' };
  let updated = text;
  const changes = [...Object.entries(values), ...OLD_CONTENT_KEYS.map((key) => [key, undefined] as const)];
  for (const [key, value] of changes) {
    updated = withKey({ text: updated, parse }, { path: ['outs', index], key }, value);
  }
  return updated;
}
