import { assayError } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { SizedTitle } from '../store.ts';

/** Bytes. */
export interface RefStoreLimits {
  /** A file above this is refused. */
  readonly file: number;
  /** A file above this is stored with a warning. */
  readonly fileWarning: number;
  /** New bytes of one push; more go in several. */
  readonly push: number;
  /** Everything in the store's newest commit. */
  readonly total: number;
  readonly totalWarning: number;
}

const MIB = 1024 * 1024;

/**
 * GitHub's limits. Files: "blocks files larger than 100 MiB", warns above 50 MiB; a push: 2 GiB; a repository: "ideally
 * less than 1 GB, and less than 5 GB is strongly recommended" (GitHub Docs, "About large files on GitHub" and
 * "Repository limits"). Other forges allow no less.
 */
export const REF_STORE_LIMITS: RefStoreLimits = {
  file: 100 * MIB,
  fileWarning: 50 * MIB,
  push: 2048 * MIB,
  total: 5000 * MIB,
  totalWarning: 1000 * MIB,
};

/**
 * Refuses what a git host would refuse, before any byte is sent, and warns of what it will soon refuse.
 *
 * @param missing the objects that would be added
 * @param present what is in the store already
 * @throws E_STORE_OBJECT_TOO_LARGE, E_STORE_FULL
 */
export function checkRefLimits(
  missing: readonly SizedTitle[],
  present: Iterable<{ readonly size: number }>,
  {
    title,
    limits,
    log,
  }: { readonly title: string; readonly limits: RefStoreLimits; readonly log: Pick<Log, 'warning'> },
): void {
  let added = 0;
  for (const { title: source, size } of missing) {
    if (size > limits.file) {
      throw assayError('E_STORE_OBJECT_TOO_LARGE', { source, size, limit: limits.file, store: title });
    }
    if (size > limits.fileWarning) {
      log.warning(`"${source}" is large for ${title}: think of moving the store to object storage (assay store move)`);
    }
    added += size;
  }
  const total = [...present].reduce((sum, file) => sum + file.size, added);
  if (total > limits.total) throw assayError('E_STORE_FULL', { size: total, limit: limits.total, store: title });
  if (total > limits.totalWarning) {
    log.warning(
      `${title} is getting large for a git repository: think of moving it to object storage (assay store move)`,
    );
  }
}
