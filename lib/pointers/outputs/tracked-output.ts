import type { AssayError } from '../../errors.ts';
import type { ImportSource } from '../formats/dvc-file.ts';
import type { CloudVersion, VersionedFile } from '../formats/output-entry.ts';
import type { PointerHash } from '../object-key.ts';

/** One output that DVC's files track, with everything that is needed to bring, send or check it. */
export interface TrackedOutput {
  /** Relative to the repository's top, forward slashes. */
  readonly path: string;
  /** The `.dvc` file or `dvc.yaml` that names it, relative to the repository's top. */
  readonly declaredIn: string;
  /** `unknown` where nothing tells: a stage that never ran. */
  readonly kind: 'file' | 'directory' | 'unknown';
  readonly hash: PointerHash;
  /** `<32 hex>` of a file, `<32 hex>.dir` of a folder; absent when it was never committed. */
  readonly md5?: string;
  /** Bytes. */
  readonly size?: number;
  /** Files of a folder. */
  readonly nfiles?: number;
  readonly isexec: boolean;
  /** Name of the DVC remote; the default one when absent. */
  readonly remote?: string;
  /** False: the data belongs to git, not to the cache. */
  readonly cache: boolean;
  /** False: neither pushed nor pulled. */
  readonly push: boolean;
  readonly persist: boolean;
  /** Cloud-versioned folders: their files, each with its version; their bytes lie at their real paths below the remote. */
  readonly files?: readonly VersionedFile[];
  /** Cloud-versioned files. */
  readonly cloud?: CloudVersion;
  /** The stage of a `dvc.yaml`. */
  readonly stage?: string;
  readonly frozen: boolean;
  /** Where an import comes from. What comes from another repository is not pushed to this one's remote. */
  readonly import?: ImportSource;
}

/** An output outside of the repository (`s3://…`): DVC knows it, we leave it alone. */
export interface ExternalOutput {
  readonly url: string;
  readonly declaredIn: string;
}

export interface OutputIndex {
  /** Sorted by path, by code point. */
  readonly outputs: readonly TrackedOutput[];
  readonly external: readonly ExternalOutput[];
  /** Every `dvc.yaml`, also one whose stages have no outputs. In order of the folders. */
  readonly pipelines: readonly string[];
  /** What could not be read or contradicts itself, sorted by file. `requireSound` makes an error of it. */
  readonly problems: readonly IndexProblem[];
  /** Folders that are repositories of DVC themselves (`dvc init --subdir`), with pointers of their own; absent where there are none. */
  readonly repositories?: readonly string[];
}

export interface IndexProblem {
  /** The file that has it, relative to the repository's top. */
  readonly file: string;
  readonly error: AssayError;
}
