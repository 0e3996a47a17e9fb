import { z } from 'zod';
import { type AssayError, assayError } from '../errors.ts';
import { compact } from './compact.ts';
import { EntrySchema, type OutputEntry, outputEntry } from './output-entry.ts';
import { readPlainPointer } from './plain-pointer.ts';
import { checkedValue, parseSafeYaml, type SafeYaml, type YamlPlace } from './safe-yaml.ts';

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
      readonly remote?: string;
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

const Repo = z.looseObject({
  url: z.string().min(1),
  rev: z.string().nullish(),
  rev_lock: z.string({ error: 'the rev_lock is not text: put it in quotes' }).nullish(),
  remote: z.unknown().optional(),
});
const Dep = z.looseObject({
  ...EntrySchema.shape,
  path: z.string().nullish(),
  repo: Repo.optional(),
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
    import: raw.cmd === undefined ? importSource(raw.deps ?? []) : undefined,
    desc: raw.desc,
    meta: raw.meta,
    md5: raw.md5,
  });
}

function importSource(deps: readonly z.output<typeof Dep>[]): ImportSource | undefined {
  const [dep] = deps;
  if (dep === undefined || deps.length !== 1) return undefined;
  if (dep.db !== undefined) return { kind: 'database' };
  if (dep.path === undefined || dep.path === null) return undefined;
  if (dep.repo === undefined) {
    const { path: url, md5, etag, checksum, size, nfiles, hash } = dep;
    return compact({ kind: 'url' as const, url, md5, etag, checksum, size, nfiles, hash });
  }
  const { url, rev, rev_lock: revLock, remote } = dep.repo;
  const name = typeof remote === 'string' ? remote : undefined;
  return compact({ kind: 'repository' as const, url, path: dep.path, rev, revLock, remote: name });
}

function corrupt(place: YamlPlace, reason: string, cause?: unknown): AssayError {
  return assayError('E_POINTER_CORRUPT', { ...place, reason }, cause);
}
