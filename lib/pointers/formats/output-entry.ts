import { z } from 'zod';
import { compact } from '../compact.ts';
import { dirAddress, renderDirObject } from '../listings/dir-object.ts';
import { MD5_ADDRESS, type PointerHash } from '../object-key.ts';
import { pathProblem } from '../relative-paths.ts';

/** Where a cloud keeps one version of a file (version-aware remotes). */
export interface CloudVersion {
  /** The DVC remote's name; '' where nothing tells it, as `dvc update` leaves the new files of a folder. */
  readonly remote: string;
  readonly versionId?: string;
  /** As the cloud tells it; case matters. */
  readonly etag?: string;
  /** Bytes. */
  readonly size?: number;
}

/** One file of a cloud-versioned folder. */
export interface VersionedFile {
  /** Below the folder, forward slashes. */
  readonly relpath: string;
  /** 32 hex digits. */
  readonly md5?: string;
  /** Bytes. */
  readonly size?: number;
  readonly isexec: boolean;
  readonly cloud?: CloudVersion;
}

/** One entry under `outs:` of a `.dvc` file or a `dvc.lock`. */
export interface OutputEntry {
  /** As written: relative to the file's folder (and `wdir`), or a URL. */
  readonly path: string;
  /** `<32 hex>` of a file, `<32 hex>.dir` of a folder; of a cloud-versioned folder made from its files, as DVC does. */
  readonly md5?: string;
  /** Checksums of data outside of the repository. */
  readonly etag?: string;
  readonly checksum?: string;
  /** `md5-dos2unix` for entries of DVC 2, which have no `hash: md5`. */
  readonly hash: PointerHash;
  /** Bytes. */
  readonly size?: number;
  /** Files of a folder. */
  readonly nfiles?: number;
  readonly isexec: boolean;
  readonly cloud?: CloudVersion;
  readonly files?: readonly VersionedFile[];
  /** Name of the DVC remote; the default one when absent. */
  readonly remote?: string;
  /** Whether the data is kept in the cache; what is not belongs to git. */
  readonly cache: boolean;
  /** Whether `push` and `pull` care for it. */
  readonly push: boolean;
  readonly persist: boolean;
  readonly desc?: string;
  readonly type?: string;
  readonly labels?: readonly string[];
  readonly meta?: unknown;
}

/** DVC takes a whole number for text; it has lost its leading zeros by then, so it is refused (DVC itself crashes). */
const Text = (what: string) => z.string({ error: `the ${what} is not text: put it in quotes` });
/** Empty and null stand for none, as in DVC. */
const Md5 = z
  .union([z.null(), z.literal(''), Text('md5').toLowerCase()], { error: 'the md5 is not text: put it in quotes' })
  .refine((value) => value === null || value === '' || MD5_ADDRESS.test(value), {
    error: 'not an md5: 32 hex digits, with .dir for a folder',
  })
  .transform((value) => value || undefined)
  .optional();
const Checksum = Text('checksum').nullish();
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const Meta = {
  md5: Md5,
  etag: Checksum,
  checksum: Checksum,
  size: Count.nullish(),
  nfiles: Count.nullish(),
  isexec: z.boolean().default(false),
  version_id: z.string().nullish(),
};
const Cloud = z
  .record(z.string(), z.looseObject(Meta))
  .refine((cloud) => Object.keys(cloud).length <= 1, 'more than one remote under cloud:')
  .optional();

const FileSchema = z.looseObject({ ...Meta, relpath: z.string(), cloud: Cloud });

/** Keys of DVC that mean nothing to us are let through; what we use has to be right. */
export const EntrySchema = z.looseObject({
  ...Meta,
  path: z.string().min(1),
  hash: z.string().optional(),
  cloud: Cloud,
  files: z.array(FileSchema).optional(),
  remote: z.string().min(1).nullish(),
  cache: z.boolean().default(true),
  push: z.boolean().default(true),
  persist: z.boolean().default(false),
  desc: z.string().nullish(),
  type: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  meta: z.unknown().optional(),
});
type RawEntry = z.output<typeof EntrySchema>;

/** An entry in our words, or why it cannot be used and under which of its keys. */
export function outputEntry(raw: RawEntry): OutputEntry | { readonly key: string; readonly reason: string } {
  const { hash, path } = raw;
  if (hash !== undefined && hash !== 'md5') return { key: 'hash', reason: `"${path}" is addressed by ${hash}` };
  const files = raw.files && withRemotes(raw.files.map(versionedFile));
  const problem =
    files &&
    pathProblem(
      files.map((file) => file.relpath),
      'contained',
    );
  if (problem) return { key: 'files', reason: `the path ${JSON.stringify(problem.path)}: ${problem.reason}` };
  const cloud = cloudVersion(raw.cloud, raw);
  return compact({
    path,
    md5: addressOf(raw.md5, files),
    etag: raw.etag,
    checksum: raw.checksum,
    hash: hash === undefined && raw.md5 !== undefined ? ('md5-dos2unix' as const) : ('md5' as const),
    size: raw.size ?? cloud?.size ?? (files && sizeOf(files)),
    nfiles: raw.nfiles ?? files?.length,
    isexec: raw.isexec,
    cloud,
    files,
    remote: raw.remote,
    cache: raw.cache,
    push: raw.push,
    persist: raw.persist,
    desc: raw.desc,
    type: raw.type,
    labels: raw.labels,
    meta: raw.meta,
  });
}

function versionedFile(raw: z.output<typeof FileSchema>): VersionedFile {
  const cloud = cloudVersion(raw.cloud, raw);
  const { relpath, md5, isexec } = raw;
  return compact({ relpath, md5, size: raw.size ?? cloud?.size, isexec, cloud });
}

function cloudVersion(
  cloud: z.output<typeof Cloud>,
  entry: { readonly etag?: unknown; readonly version_id?: string | null | undefined },
): CloudVersion | undefined {
  const [first] = Object.entries(cloud ?? {});
  const known = typeof entry.etag === 'string' ? entry.etag : undefined;
  if (first === undefined) {
    return entry.version_id ? compact({ remote: '', versionId: entry.version_id, etag: known }) : undefined;
  }
  const [remote, { version_id: versionId, etag, size }] = first;
  return compact({ remote, versionId, etag: etag ?? known, size });
}

/** A version without a remote's name is of the remote that the other files name. */
function withRemotes(files: readonly VersionedFile[]): readonly VersionedFile[] {
  const remote = files.find(({ cloud }) => cloud !== undefined && cloud.remote !== '')?.cloud?.remote;
  if (remote === undefined) return files;
  return files.map((file) => (file.cloud?.remote === '' ? { ...file, cloud: { ...file.cloud, remote } } : file));
}

/** As DVC has it, what is written counts only where no files are listed. Source: dvc/output.py, `_compute_meta_hash_info_from_files`. */
function addressOf(written: string | undefined, files: readonly VersionedFile[] | undefined): string | undefined {
  const listed = files && folderMd5(files);
  return files?.length === 0 ? (written ?? listed) : (listed ?? written);
}

function folderMd5(files: readonly VersionedFile[]): string | undefined {
  const entries = [];
  for (const { md5, relpath } of files) {
    if (md5 === undefined) return undefined;
    entries.push({ md5, relpath });
  }
  return dirAddress(renderDirObject(entries));
}

function sizeOf(files: readonly VersionedFile[]): number {
  return files.reduce((sum, file) => sum + (file.size ?? 0), 0);
}
