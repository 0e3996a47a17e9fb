import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { wayBelow } from '../../contained-path.ts';
import { assayError } from '../../errors.ts';
import { type ObjectCache, openObjectCache } from '../../pointers/cache/object-cache.ts';
import { type ObjectPlacer, openPlacer } from '../../pointers/cache/place-object.ts';
import { openStatCache, type StatScope } from '../../pointers/cache/stat-cache.ts';
import type { CheckoutPorts } from '../../pointers/checkout/checkout-output.ts';
import type { Ignored } from '../../pointers/checkout/scan-tree.ts';
import { openWorkStaging, type WorkStaging } from '../../pointers/checkout/work-staging.ts';
import type { DvcConfig } from '../../pointers/config/dvc-config.ts';
import { openIgnoreFiles } from '../../pointers/ignore/ignore-files.ts';
import { dvcIgnoreDefaults, isIgnoredItself } from '../../pointers/ignore/ignore-rules.ts';
import { readIndex } from '../../pointers/outputs/output-index.ts';
import type { OutputIndex, TrackedOutput } from '../../pointers/outputs/tracked-output.ts';
import { parentOf } from '../../pointers/relative-paths.ts';
import { workTree } from '../../pointers/repository-tree.ts';
import { isFolder } from '../../stores/bytes/make-folders.ts';
import type { Context } from '../context.ts';
import { ignoreOwn } from './ignore-own.ts';
import { dvcRoot } from './store/dvc-folder.ts';
import { repositoryConfig } from './store/repository-config.ts';

/** A repository with data: its top, its cache, and what was remembered of its files. */
export interface DataWorkspace {
  /** The folder that holds `.dvc`, absolute. */
  readonly root: string;
  /** Where relative targets start, from the top, forward slashes; '' at the top. */
  readonly cwd: string;
  readonly config: DvcConfig;
  readonly cache: ObjectCache;
  readonly staging: WorkStaging;
  /** Large files read at a time. */
  readonly jobs: number;
  /** Every tracked output of the work tree, read once. */
  index(): Promise<OutputIndex>;
  /** A target as it was typed, from the repository's top with forward slashes. @throws E_DATA_TARGET_OUTSIDE */
  below(target: string): string;
  scopeOf(output: Pick<TrackedOutput, 'path' | 'hash' | 'kind'>): StatScope;
  /** What is left out of the folder that is at a path now. */
  ignoredIn(path: string): Promise<Ignored | undefined>;
  /** Makes work files of the cache's objects, by `cache.type`. */
  placer(onBytes?: (bytes: number) => void): ObjectPlacer;
  checkoutPorts(output: TrackedOutput, onBytes?: (bytes: number) => void): Promise<CheckoutPorts>;
}

/** Files hashed at a time: one core hashes while the disk reads for the other. */
const DEFAULT_JOBS = Math.max(2, availableParallelism());

export interface WorkspaceOptions {
  readonly jobs?: number | undefined;
}

/**
 * Opens the repository that the context's folder is in, runs `body`, and keeps what was learned of files even when it fails.
 *
 * @throws E_DATA_NO_REPOSITORY, E_DATA_NOT_CHECKED_OUT, E_DVC_CONFIG
 */
export async function withWorkspace<T>(
  { root: cwd, environment }: Pick<Context, 'root' | 'environment'>,
  options: WorkspaceOptions,
  body: (workspace: DataWorkspace) => Promise<T>,
): Promise<T> {
  const root = dvcRoot(cwd);
  if (root === undefined || !existsSync(join(root, '.dvc', 'config'))) {
    // Only then git is asked: starting it takes longer than a status of few files.
    const { requireCheckedOut } = await import('./store/require-checked-out.ts');
    await requireCheckedOut({ environment }, cwd);
  }
  if (root === undefined) throw assayError('E_DATA_NO_REPOSITORY', { folder: cwd });
  const config = await repositoryConfig({ environment }, root);
  const own = join(root, '.dvc', 'tmp', 'assay');
  const stats = openStatCache(join(own, 'stat'));
  const cache = openObjectCache(config.cache, { shared: config.cacheShared });
  const staging = openWorkStaging(join(own, 'staging'), root);
  const jobs = options.jobs ?? config.checksumJobs ?? DEFAULT_JOBS;
  let index: Promise<OutputIndex> | undefined;
  const verified = stats.scope('objects');
  const scopeOf = ({ path, hash, kind }: Pick<TrackedOutput, 'path' | 'hash' | 'kind'>) =>
    stats.scope(kind === 'file' ? `files ${hash}` : `folder ${hash} ${path}`);
  // A file has nothing in it that could be hidden: there may be thousands of them, and a thousand patterns.
  const ignoredIn = async (path: string) => (isFolder(join(root, path)) ? ignoredBelow(root, path) : undefined);
  const placer = (onBytes?: (bytes: number) => void) =>
    openPlacer(cache, { types: config.cacheTypes, verified, onBytes });
  const workspace: DataWorkspace = {
    root,
    cwd: relative(root, cwd).split(sep).join('/'),
    config,
    cache,
    staging,
    jobs,
    index: () => (index ??= readIndex(root)),
    below(target) {
      const way = wayBelow(root, resolve(cwd, target));
      if (way === undefined) throw assayError('E_DATA_TARGET_OUTSIDE', { target, root });
      return way.split(sep).join('/');
    },
    scopeOf,
    ignoredIn,
    placer,
    checkoutPorts: async (output, onBytes) => ({
      root,
      cache,
      placer: placer(onBytes),
      staging,
      scope: scopeOf(output),
      jobs,
      ignored: await ignoredIn(output.path),
    }),
  };
  let result: T;
  try {
    result = await body(workspace);
    cache.settle();
  } finally {
    stats.save();
    cache.close();
    staging.close();
  }
  if (!config.noScm) await ignoreOwn(root);
  return result;
}

/** What `.dvcignore` files above a tracked folder hide in it. */
async function ignoredBelow(root: string, path: string): Promise<Ignored> {
  const rules = await openIgnoreFiles(workTree(root), 'dvc').rulesIn(parentOf(path));
  if (rules.levels.length === dvcIgnoreDefaults().levels.length) return isNeverTracked;
  return (relpath, directory) => isIgnoredItself(rules, `${path}/${relpath}`, directory ? 'directory' : 'file');
}

/** `dvcIgnoreDefaults` without a pattern language, for the many files of a folder. */
function isNeverTracked(relpath: string, directory: boolean): boolean {
  const name = relpath.slice(relpath.lastIndexOf('/') + 1);
  return name === '.git' || (directory && (name === '.hg' || name === '.dvc'));
}
