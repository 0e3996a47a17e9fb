import { existsSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { type Git, openGit } from '../../../git/git.ts';
import { hasRemote } from '../../../git/remote.ts';
import { resolveCommit } from '../../../git/status.ts';
import { type DvcConfig, remoteIn } from '../../../pointers/config/dvc-config.ts';
import { readIndex, requireSound } from '../../../pointers/outputs/output-index.ts';
import type { OutputIndex, TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { workTree } from '../../../pointers/repository-tree.ts';
import { isFolder } from '../../../stores/bytes/make-folders.ts';
import { createLocalStore } from '../../../stores/folder/local-store.ts';
import { openStore } from '../../../stores/open-store.ts';
import type { Store } from '../../../stores/store.ts';
import type { Context } from '../../context.ts';
import { commitTree } from '../commit-tree.ts';
import {
  DEFAULT_TRANSFERS,
  knownLocation,
  openVersioned,
  remoteOf,
  type VersionedGroup,
} from '../store/data-remote.ts';
import { repositoryConfig } from '../store/repository-config.ts';
import { storeTree } from '../store/store-tree.ts';
import { type SourceClones, withClones } from './source-clones.ts';
import { configSources, isAddress, type SourceOverrides } from './source-overrides.ts';

/** Another repository that data comes from: a folder here, or a clone of a git address. */
export interface DataSource {
  /** Its top here, and its configuration. */
  readonly root: string;
  readonly config: DvcConfig;
  readonly context: Context;
  /** A folder of this machine, so that paths in its pointers mean something here. */
  readonly local: boolean;
  /** How many imports lead here from the repository that was named. */
  readonly depth: number;
  readonly clones: SourceClones | undefined;
  readonly git: Git;
  /** The commit that is read; undefined for a work tree as it is. */
  readonly commit: string | undefined;
  /** Without outputs of stages that are said to be git's files. */
  readonly index: OutputIndex;
  /** Where an output's bytes may be: its repository's cache, then its remote where that finds them by their content. */
  stores(output: TrackedOutput): AsyncIterable<Store>;
  /** One of the index's `repositories`, which has a configuration, remotes and pointers of its own. */
  repository(folder: string): Promise<DataSource>;
  /** An output's remote where that is version-aware. */
  versioned(output: TrackedOutput): Omit<VersionedGroup, 'outputs'> | undefined;
}

/** How a repository is named: without its revision, the work tree of a folder, or what an address has as its HEAD. */
export interface SourceName extends SourceOverrides {
  readonly url: string;
  readonly rev?: string | undefined;
  /** For what another repository imported: see `DataSource`. */
  readonly depth?: number;
  /** Of the command that asks for more than one. */
  readonly clones?: SourceClones | undefined;
}

/**
 * Opens a repository, hands it to `body`, and removes the clone if one had to be made.
 *
 * @throws E_DATA_SOURCE, E_GIT_*, E_DVC_CONFIG, the index's problems
 */
export async function withSource<T>(
  context: Context,
  name: SourceName,
  body: (source: DataSource) => Promise<T>,
): Promise<T> {
  const { url, rev } = name;
  const local = isAddress(url) ? undefined : resolve(context.root, url);
  const top = local === undefined ? undefined : topAbove(local);
  if (top !== undefined) return body(await sourceAt(context, top, rev, name));
  const { clones } = name;
  if (clones === undefined) return withClones(context, (made) => withSource(context, { ...name, clones: made }, body));
  const { folder, commit } = await clones.commitOf(local ?? url, rev);
  await checkOutConfig(openGit(folder, { env: context.environment }), commit);
  return body(await sourceAt(context, folder, commit, name, true));
}

/**
 * The top of the work tree that a folder is in, as DVC takes one for its repository: where git's or DVC's begins. Undefined for
 * what has to be cloned: a bare repository, and what is no folder.
 */
function topAbove(folder: string): string | undefined {
  const has = (here: string, ...names: string[]) => names.map((name) => existsSync(join(here, name)));
  if (!isFolder(folder) || has(folder, 'HEAD', 'objects').every(Boolean)) return undefined;
  for (let here = folder; ; here = dirname(here)) {
    if (has(here, '.git', '.dvc').some(Boolean)) return here;
    if (dirname(here) === here) return undefined;
  }
}

/** Configuration is read from files; nothing else of a clone's commit is checked out. */
async function checkOutConfig(git: Git, commit: string, folder = '.'): Promise<void> {
  const { PROJECT_FILE } = await import('../../../project/project.ts');
  for (const name of ['.dvc', PROJECT_FILE]) {
    await git.attempt(['checkout', '--quiet', commit, '--', posix.join(folder, name)]);
  }
}

async function sourceAt(
  context: Context,
  root: string,
  rev: string | undefined,
  name: SourceName,
  isClone = false,
): Promise<DataSource> {
  const { url, depth = 0, clones, ...overrides } = name;
  const git = openGit(root, { env: context.environment });
  const commit = rev === undefined ? undefined : await resolveCommit(git, rev);
  const tree = commit === undefined ? workTree(root) : await commitTree(git, commit);
  const whole = requireSound(await readIndex(root, { tree }));
  const index = { ...whole, outputs: whole.outputs.filter((output) => output.cache) };
  const config = await repositoryConfig(context, root, configSources(overrides, context.root));
  const { remote: asked } = overrides;
  if (asked !== undefined && !config.remoteConfigs.has(asked.toLowerCase())) {
    throw assayError('E_DATA_NO_REMOTE', { name: asked, known: [...config.remotes.keys()] });
  }
  return {
    root,
    config,
    context,
    local: !isAddress(url),
    depth,
    clones,
    git,
    commit,
    index,
    async repository(folder) {
      // A clone has no files yet.
      if (commit !== undefined && isClone) await checkOutConfig(git, commit, folder);
      return sourceAt(context, join(root, folder), commit, name, isClone);
    },
    versioned: (output) => openVersioned(context, root, config, { name: remoteOf(output, config) }),
    async *stores(output) {
      yield createLocalStore(config.cache);
      const remote = remoteOf(output, config);
      if (remoteIn(config, remote)?.versionAware === true) return;
      const location = await knownLocation(context, { root, config }, remote);
      if (location === undefined) return;
      // The ref is that of where the repository was cloned from; one without a remote has none.
      const origin = { ...context, git, remote: 'origin' };
      if (location.kind === 'ref' && !(await hasRemote(git, origin.remote))) return;
      yield openStore(location, { tree: () => storeTree(origin), log: context.log, jobs: DEFAULT_TRANSFERS });
    },
  };
}
