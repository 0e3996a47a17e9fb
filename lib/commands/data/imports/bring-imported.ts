import { availableParallelism } from 'node:os';
import { assayError } from '../../../errors.ts';
import type { Staging } from '../../../pointers/cache/staging.ts';
import { openStatCache } from '../../../pointers/cache/stat-cache.ts';
import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { TrackedPorts } from '../source/data-bring.ts';
import { type DataSource, withSource } from '../source/data-source.ts';
import { isRemote, sourceAddress, sourceOverrides } from '../source/source-overrides.ts';
import { type BringFrom, bringAsNamed, type RepositorySource } from './bring-as-named.ts';
import { broughtOf, importedAs } from './brought-data.ts';
import { bringUrl, pinnedVersions, pointerFolder, type UrlSource } from './data-url.ts';
import type { ImportedContent } from './keep-import.ts';
import { urlLocation } from './url-location.ts';

/** Imports of imports: more than that go in a circle. */
const MAX_DEPTH = 8;

/**
 * Brings what another repository imported itself, from where it imported that, into a cache of ours: it keeps no copy of its own of
 * another repository's data, nor of what a bucket keeps in versions. As DVC follows imports, but never to a path of this machine
 * that a repository from elsewhere names.
 *
 * @param bringFrom as in `data-bring.ts`
 * @returns the output with what it turned out to be, where its pointer does not say it
 * @throws E_DATA_IMPORT_CHANGED for other bytes than its pointer names, E_DATA_SOURCE, and as `bringFrom` and `bringUrl`
 */
export async function bringImported(
  source: DataSource,
  output: TrackedOutput,
  ports: TrackedPorts,
  bringFrom: BringFrom,
): Promise<TrackedOutput & { readonly md5: string }> {
  const { import: from, path, md5: expected } = output;
  if (from === undefined || from.kind === 'database')
    throw assayError('E_DATA_NOT_TRACKED', { path, where: source.root });
  if (source.depth >= MAX_DEPTH) {
    throw assayError('E_DATA_SOURCE', {
      url: withoutSecrets(from.url),
      reason: `more than ${MAX_DEPTH} imports lead there`,
    });
  }
  if (!source.local && isHere(source, output, from)) {
    const reason = `"${path}" was imported from a path of the machine that imported it`;
    throw assayError('E_DATA_SOURCE', { url: withoutSecrets(from.url), reason });
  }
  const content =
    from.kind === 'url'
      ? await ofAddress(source, output, from, ports)
      : await ofRepository(source, output, from, ports, bringFrom);
  const { md5, size, isexec, folder, nfiles } = content;
  if (expected !== undefined && md5 !== expected) {
    throw assayError('E_DATA_IMPORT_CHANGED', { path, url: from.url, expected, actual: md5 });
  }
  const counts = nfiles === undefined ? {} : { nfiles };
  return { ...output, ...counts, md5, size, isexec, kind: folder ? 'directory' : 'file' };
}

type BroughtSource = Exclude<ImportSource, { kind: 'database' }>;

/** Whether an import comes from a path of this machine: written as one, as `file://`, or below a remote that is a folder. */
function isHere({ context, root, config }: DataSource, { declaredIn }: TrackedOutput, from: BroughtSource): boolean {
  if (from.kind === 'repository') return !isRemote(from.url);
  const { url, fsConfig } = from;
  return (
    urlLocation(context, { root, config }, { url, fsConfig, folder: pointerFolder(root, declaredIn) }) === undefined
  );
}

function ofRepository(
  { context, root, local, depth, clones }: DataSource,
  output: TrackedOutput,
  from: RepositorySource,
  { cache, stage, jobs }: TrackedPorts,
  bringFrom: BringFrom,
): Promise<ImportedContent> {
  const url = local ? sourceAddress(from.url, root, output.declaredIn) : from.url;
  const name = {
    url,
    rev: from.revLock ?? from.rev ?? 'HEAD',
    depth: depth + 1,
    clones,
    ...sourceOverrides(from, root),
  };
  return withSource(context, name, (above) => bringAsNamed(above, from, output, { cache, stage, jobs }, bringFrom));
}

async function ofAddress(
  { context, root, config }: DataSource,
  { declaredIn, hash }: TrackedOutput,
  from: UrlSource,
  { cache, stage, jobs }: TrackedPorts,
): Promise<ImportedContent> {
  const staging: Staging = {
    next: stage,
    unfinished: () => ({ path: stage(), bytes: 0 }),
    leave: () => {},
    close: () => {},
    tidy: () => {},
  };
  const scope = openStatCache(undefined).scope('');
  const place = { url: from.url, fsConfig: from.fsConfig, folder: pointerFolder(root, declaredIn) };
  const workspace = { root, config, cache, staging, jobs: availableParallelism(), scopeOf: () => scope };
  const brought = await bringUrl(context, workspace, place, { jobs, versions: pinnedVersions(from) });
  return importedAs(hash, broughtOf(brought.content), cache);
}
