import { Document } from 'yaml';
import { assayError } from '../errors.ts';
import { dvcFileYaml, parseDvcFile } from './dvc-file.ts';
import type { PointerHash } from './object-key.ts';

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
 * @throws E_POINTER_CORRUPT with line and column; E_POINTER_UNSUPPORTED for outputs without an md5 of their own
 *   (cloud-versioned and external data)
 */
export function parsePointer(text: string, file: string): Pointer {
  const { outs, wdir } = parseDvcFile(text, file);
  const place = (path: readonly PropertyKey[]) => dvcFileYaml(text, file).place(path);
  if (outs.length === 0) throw assayError('E_POINTER_CORRUPT', { ...place(['outs']), reason: 'outs: there are none' });
  return {
    wdir,
    outs: outs.map((out, index): PointerOutput => {
      const { path, md5, hash, size, nfiles, isexec, remote, files } = out;
      if (md5 === undefined || files !== undefined) {
        const reason = `the output "${path}" has no md5 (it is external or cloud-versioned)`;
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
      };
    }),
  };
}

/** What changes in a pointer when its data changes. */
export type PointerContent = Pick<PointerOutput, 'path' | 'md5' | 'size' | 'nfiles' | 'isexec'>;
/** The text of a new `.dvc` file with one output, byte for byte what `dvc add` writes. */
export function renderPointer(output: PointerContent): string {
  return new Document({ outs: [entryOf(output)] }).toString(YAML_STYLE);
}

/**
 * The text of a pointer with one output's content exchanged or added. Comments, the order of keys and everything that
 * Assay does not know stay as they are.
 *
 * @throws E_POINTER_CORRUPT, E_POINTER_UNSUPPORTED
 */
export function updatePointer(text: string, output: PointerContent, file: string): string {
  const { document } = dvcFileYaml(text, file);
  const index = parsePointer(text, file).outs.findIndex((out) => out.path === output.path);
  const entry = entryOf(output);
  if (index === -1) {
    document.addIn(['outs'], document.createNode(entry));
  } else {
    for (const key of CONTENT_KEYS) {
      if (entry[key] === undefined) document.deleteIn(['outs', index, key]);
      else document.setIn(['outs', index, key], entry[key]);
    }
  }
  return document.toString(YAML_STYLE);
}

/** In the order of DVC's dump. */
const CONTENT_KEYS = ['md5', 'size', 'nfiles', 'isexec', 'hash', 'path'] as const;

/** As DVC writes YAML: lists not indented, single quotes where quotes are needed. */
const YAML_STYLE = { indentSeq: false, singleQuote: true, lineWidth: 80 } as const;

function entryOf({
  path,
  md5,
  size,
  nfiles,
  isexec,
}: PointerContent): Partial<Record<string, string | number | boolean>> {
  return {
    md5,
    ...(size === undefined ? {} : { size }),
    ...(nfiles === undefined ? {} : { nfiles }),
    ...(isexec ? { isexec } : {}),
    hash: 'md5',
    path,
  };
}
