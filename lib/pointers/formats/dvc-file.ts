import { posix } from 'node:path';
import { z } from 'zod';
import { type AssayError, assayError } from '../../errors.ts';
import { compact } from '../compact.ts';
import { pathProblem } from '../relative-paths.ts';
import { EntrySchema, type OutputEntry, outputEntry } from './output-entry.ts';
import { readPlainPointer } from './plain-pointer.ts';
import { checkedValue, parseSafeYaml, type SafeYaml, type YamlPlace } from './safe-yaml.ts';

/** One file of a folder that was imported from a bucket that keeps versions. */
export interface ImportedFile {
  /** Below the folder, forward slashes. */
  readonly relpath: string;
  readonly etag?: string;
  readonly md5?: string;
  /** Bytes. */
  readonly size?: number;
  readonly versionId?: string;
}

/** Options of a remote, as a pointer keeps them; never a secret in what we write. */
export type SourceOptions = Readonly<Record<string, string | number | boolean>>;

/** Where the data of an import comes from. */
export type ImportSource =
  | {
      readonly kind: 'repository';
      /** A git repository and the path in it. */
      readonly url: string;
      readonly path: string;
      readonly rev?: string;
      /** The commit that was imported, 40 hex digits. */
      readonly revLock?: string;
      /** Its default remote there, or options of its default remote. */
      readonly remote?: string | SourceOptions;
      /** A file that goes before its configuration, or what such a file would say, by section. */
      readonly config?: string | SourceConfig;
    }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly md5?: string;
      readonly etag?: string;
      readonly checksum?: string;
      readonly size?: number;
      readonly nfiles?: number;
      /** `md5` where `md5` is DVC 3's. */
      readonly hash?: string;
      /** Of a file in a bucket that keeps versions. */
      readonly versionId?: string;
      /** How the source is spoken to: `--fs-config`, and `version_aware`. */
      readonly fsConfig?: SourceOptions;
      /** Of a folder in a bucket that keeps versions, sorted by path. */
      readonly files?: readonly ImportedFile[];
    }
  | { readonly kind: 'database' };

/** A `.dvc` file: one stage, its outputs, and where they come from. */
export interface DvcFile {
  readonly outs: readonly OutputEntry[];
  /** The folder that paths start from, relative to the file's own. */
  readonly wdir: string;
  /** Imports are frozen: `dvc repro` leaves them as they are. */
  readonly frozen: boolean;
  readonly import?: ImportSource;
  readonly desc?: string;
  readonly meta?: unknown;
  /** The digest of the stage, in imports and single-stage files. */
  readonly md5?: string;
}

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Options = z.record(z.string(), Scalar);
/** Sections, and below `remote` one more level of names. */
const Config = z.record(z.string(), z.record(z.string(), z.union([Scalar, Options])));
export type SourceConfig = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | SourceOptions>>>
>;

const Repo = z.looseObject({
  url: z.string().min(1),
  rev: z.string().nullish(),
  rev_lock: z.string({ error: 'the rev_lock is not text: put it in quotes' }).nullish(),
  remote: z.union([z.string(), Options]).nullish(),
  config: z.union([z.string(), Config]).nullish(),
});
const DepFile = z.looseObject({
  relpath: z.string(),
  etag: z.string().nullish(),
  md5: z.string().nullish(),
  size: z.number().int().min(0).nullish(),
  version_id: z.string().nullish(),
});
const Dep = z.looseObject({
  ...EntrySchema.shape,
  path: z.string().nullish(),
  repo: Repo.optional(),
  fs_config: Options.nullish(),
  files: z.array(DepFile).nullish(),
  db: z.unknown().optional(),
});

const FileSchema = z.looseObject({
  md5: z.string().nullish(),
  cmd: z.unknown().optional(),
  wdir: z.string().nullish(),
  frozen: z.boolean().default(false),
  /** The old name of `frozen`. */
  locked: z.boolean().default(false),
  deps: z.array(Dep).nullish(),
  outs: z.array(EntrySchema).nullish(),
  desc: z.string().nullish(),
  meta: z.unknown().optional(),
});

/** The parsed YAML of a `.dvc` file. @throws E_POINTER_CORRUPT */
export function dvcFileYaml(text: string, file: string): SafeYaml {
  return parseSafeYaml(text, { file, aliases: 'refused', corrupt });
}

/**
 * Reads a `.dvc` file of DVC 3, 2 or 1, outputs of every kind.
 *
 * @param file its path, for messages
 * @throws E_POINTER_CORRUPT with line and column; E_POINTER_UNSUPPORTED for addresses other than MD5
 */
export function parseDvcFile(text: string, file: string): DvcFile {
  const plain = readPlainPointer(text);
  if (plain !== undefined) return { outs: [plain], wdir: '.', frozen: false };
  const yaml = dvcFileYaml(text, file);
  const raw = checkedValue(yaml, FileSchema, { file, corrupt });
  const outs = (raw.outs ?? []).map((out, index): OutputEntry => {
    const entry = outputEntry(out);
    if (!('reason' in entry)) return entry;
    const place = yaml.place(['outs', index, entry.key]);
    throw assayError(entry.key === 'hash' ? 'E_POINTER_UNSUPPORTED' : 'E_POINTER_CORRUPT', {
      ...place,
      reason: entry.reason,
    });
  });
  return compact({
    outs,
    wdir: raw.wdir || '.',
    frozen: raw.frozen || raw.locked,
    // A stage with a command has dependencies of its own; without one, its only dependency is what it was imported from.
    import: raw.cmd === undefined ? importSource(raw.deps ?? [], () => yaml.place(['deps', 0, 'files'])) : undefined,
    desc: raw.desc,
    meta: raw.meta,
    md5: raw.md5,
  });
}

/**
 * Where an output is in a `.dvc` file's list, -1 where it is not: it may be written from another folder, or as `./data`.
 *
 * @param file the `.dvc` file, and the output's path, from the repository's top
 */
export function placeOfOutput({ outs, wdir }: Pick<DvcFile, 'outs' | 'wdir'>, file: string, path: string): number {
  return outs.findIndex((out) => posix.join(posix.dirname(file), wdir, out.path).replace(/\/+$/, '') === path);
}

/**
 * What a stage in a `.dvc` file was made of, as it is written, from the file's folder and `wdir`: files and folders of this
 * machine.
 */
export interface DvcFileDependencies {
  readonly wdir: string;
  readonly deps: readonly string[];
}

/**
 * The files and folders that a `.dvc` file names as dependencies: of a stage as DVC 1 wrote them, or of an import of a path.
 *
 * @param file its path, for messages
 * @throws E_POINTER_CORRUPT with line and column
 */
export function dvcFileDependencies(text: string, file: string): DvcFileDependencies {
  const raw = checkedValue(dvcFileYaml(text, file), FileSchema, { file, corrupt });
  const deps = (raw.deps ?? []).flatMap(({ path, repo, db }) =>
    typeof path === 'string' && repo === undefined && db === undefined && !path.includes('://') ? [path] : [],
  );
  return { wdir: raw.wdir || '.', deps };
}

function importSource(deps: readonly z.output<typeof Dep>[], place: () => YamlPlace): ImportSource | undefined {
  const [dep] = deps;
  if (dep === undefined || deps.length !== 1) return undefined;
  if (dep.db !== undefined) return { kind: 'database' };
  if (dep.path === undefined || dep.path === null) return undefined;
  if (dep.repo === undefined) {
    const { path: url, md5, etag, checksum, size, nfiles, hash, version_id: versionId, fs_config: fsConfig } = dep;
    const files = dep.files?.map(({ relpath, version_id: version, ...file }) =>
      compact({ relpath, etag: file.etag, md5: file.md5, size: file.size, versionId: version }),
    );
    const paths = files?.map(({ relpath }) => relpath) ?? [];
    const problem = pathProblem(paths, 'contained');
    if (problem !== undefined) throw corrupt(place(), `files: ${JSON.stringify(problem.path)}: ${problem.reason}`);
    const known = { md5, etag, checksum, size, nfiles, hash, versionId, fsConfig, files };
    return compact({ kind: 'url' as const, url, ...known });
  }
  const { url, rev, rev_lock: revLock, remote, config } = dep.repo;
  return compact({ kind: 'repository' as const, url, path: dep.path, rev, revLock, remote, config });
}

function corrupt(place: YamlPlace, reason: string, cause?: unknown): AssayError {
  return assayError('E_POINTER_CORRUPT', { ...place, reason }, cause);
}
