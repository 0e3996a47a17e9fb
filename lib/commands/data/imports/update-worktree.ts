import { assayError, hasCode } from '../../../errors.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import { type DvcConfig, remoteIn } from '../../../pointers/config/dvc-config.ts';
import type { RemoteConfig } from '../../../pointers/config/dvc-remotes.ts';
import type { VersionedFile } from '../../../pointers/formats/output-entry.ts';
import { dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { pathProblem } from '../../../pointers/relative-paths.ts';
import { fetchVersions } from '../../../pointers/versions/fetch-versions.ts';
import type { FileVersion } from '../../../stores/bucket/versioned-store.ts';
import { type ExternalData, type ExternalFile, externalData } from '../../../stores/external-data.ts';
import { inParallel } from '../../../stores/in-parallel.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import type { DataUpdateOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { DEFAULT_TRANSFERS, openVersioned } from '../store/data-remote.ts';
import { storeLocation } from '../store/store-location.ts';
import { writeVersions } from '../transfer/data-versions.ts';
import { placeOutput } from './keep-import.ts';
import { receiveExternal } from './receive-external.ts';

type Updated = DataUpdateOutput['updated'][number];

/** Whether an output's files lie on a remote that mirrors the work tree, or would once they are pushed. */
export function isOfWorktree(output: TrackedOutput, config: DvcConfig): boolean {
  return remoteIn(config, remoteName(output))?.worktree === true;
}

/** The remote that an output was pushed to, or is meant for by its own setting. */
function remoteName({ remote, cloud, files }: TrackedOutput): string | undefined {
  const version = cloud ?? files?.find((file) => file.cloud !== undefined)?.cloud;
  return (remote ?? version?.remote)?.toLowerCase();
}

/**
 * Brings what others have put into a `worktree` remote since, as `dvc update`: new and changed files come, files that went go,
 * and the pointer names their versions.
 *
 * @throws E_STORE_UNVERSIONED, E_CHECKOUT_LOSES, E_ARTIFACT_PATH, the bucket's errors
 */
export async function updateWorktree(
  context: Context,
  workspace: DataWorkspace,
  output: TrackedOutput,
  { jobs = DEFAULT_TRANSFERS, force = false }: { readonly jobs?: number | undefined; readonly force?: boolean },
): Promise<Updated> {
  const { path, declaredIn: pointer, md5: before } = output;
  const skipped = (reason: string): Updated => ({
    ...{ path, pointer, state: 'skipped', reason },
    ...(before === undefined ? {} : { md5: before }),
  });
  const name = remoteName(output);
  const remote = name === undefined ? undefined : workspace.config.remoteConfigs.get(name);
  if (remote === undefined) return skipped('it was never pushed to the remote');
  const data = await newestOf(context, workspace, remote, path);
  if (data === undefined) return skipped(`there is nothing of it on the remote "${remote.name}"`);
  const folder = data.kind === 'directory';
  if (folder !== (output.kind === 'directory')) {
    throw assayError('E_DATA_SOURCE', {
      url: `${withoutSecrets(remote.url)}/${path}`,
      reason: `it is a ${data.kind} there`,
    });
  }
  const files = await renewed(context, workspace, output, data.files, { remote: remote.name, jobs });
  const listing = renderDirObject(files.map(({ relpath, md5 }) => ({ relpath, md5 })));
  const md5 = folder ? dirAddress(listing) : (files[0]?.md5 ?? '');
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  const { cloud: _cloud, files: _files, nfiles: _nfiles, ...rest } = output;
  const cloud = files[0]?.cloud;
  const now: TrackedOutput & { md5: string } = {
    ...{ ...rest, md5, size, hash: 'md5' },
    ...(folder ? { files, nfiles: files.length } : cloud === undefined ? {} : { cloud }),
  };
  if (folder) workspace.cache.insertBytes(Buffer.from(listing), md5);
  const store = openVersioned(context, workspace.root, workspace.config, { name: remote.name, jobs });
  if (store !== undefined) {
    // Files that did not change may lack in the cache.
    const [failure] = (await fetchVersions([{ output: now }], workspace.cache, store.store, { ...store, jobs })).failed;
    if (failure !== undefined) throw failure.error;
  }
  await placeOutput(workspace, now, force);
  const only = files[0];
  const versions = new Map(folder || only === undefined ? [] : ([['', fileVersion(only)]] as const));
  await writeVersions(context, workspace, [{ output: now, versions }], remote.name);
  return { path, pointer, md5, state: md5 === before ? 'unchanged' : 'changed' };
}

/** A file of the output as it is now. */
interface RenewedFile extends VersionedFile {
  readonly md5: string;
}

/** What the remote holds of an output at this time; undefined for nothing, or an empty folder. */
async function newestOf(
  context: Context,
  { root }: DataWorkspace,
  remote: RemoteConfig,
  path: string,
): Promise<ExternalData | undefined> {
  const location = storeLocation(context, `${remote.url.replace(/\/+$/, '')}/${path}`, root, remote.options);
  if (location.kind === 'folder' || location.kind === 'ref' || location.kind === 'http') {
    throw assayError('E_STORE_NO_VERSIONS', { store: `a store of the kind ${location.kind}`, remote: remote.name });
  }
  const data = await externalData(location, `${remote.url}/${path}`, { versions: 'newest' }).catch((error: unknown) => {
    if (hasCode(error, 'E_DATA_SOURCE')) return undefined;
    throw error;
  });
  const problem =
    data?.kind === 'directory'
      ? pathProblem(
          data.files.map((file) => file.relpath),
          'contained',
        )
      : undefined;
  if (problem !== undefined) throw assayError('E_ARTIFACT_PATH', problem);
  return data;
}

/** The digests of what is there: of files that the pointer knows by their tags as they were, of others by reading them. */
async function renewed(
  context: Context,
  workspace: DataWorkspace,
  { path, md5, hash, cloud, isexec, size, files, ...output }: TrackedOutput,
  found: readonly ExternalFile[],
  { remote, jobs }: { readonly remote: string; readonly jobs: number },
): Promise<RenewedFile[]> {
  const single: VersionedFile = {
    ...{ relpath: '', isexec },
    ...(md5 === undefined ? {} : { md5 }),
    ...(size === undefined ? {} : { size }),
    ...(cloud === undefined ? {} : { cloud }),
  };
  const known = new Map((output.kind === 'file' ? [single] : (files ?? [])).map((file) => [file.relpath, file]));
  const isKnown = ({ relpath, tag, version }: ExternalFile): boolean => {
    const named = known.get(relpath)?.cloud;
    return (
      (named?.versionId !== undefined && named.versionId === version) || (tag !== undefined && named?.etag === tag)
    );
  };
  const now: RenewedFile[] = [];
  const open: ExternalFile[] = [];
  for (const file of found) {
    const before = known.get(file.relpath);
    // DVC 2 hashed text with Unix line ends: its digests are no addresses of today.
    if (before?.md5 !== undefined && hash === 'md5' && isKnown(file)) now.push({ ...before, md5: before.md5 });
    else open.push(file);
  }
  const progress = byteProgress(context.progress, `updating ${path}`);
  progress.onTotal(open.reduce((sum, file) => sum + (file.size ?? 0), 0));
  await inParallel(open, jobs, async (file) => {
    const received = await receiveExternal(workspace, file, undefined, file.relpath);
    progress.onBytes(received.size);
    const { relpath, version, tag } = file;
    const named = {
      ...(version === undefined ? {} : { versionId: version }),
      ...(tag === undefined ? {} : { etag: tag }),
    };
    now.push({ relpath, ...received, isexec: false, cloud: { remote, ...named } });
  });
  progress.end();
  return now.sort((a, b) => byCodePoint(a.relpath, b.relpath));
}

function fileVersion({ md5, size = 0, cloud }: RenewedFile): FileVersion {
  return { md5, size, version: cloud?.versionId ?? '', tag: cloud?.etag };
}
