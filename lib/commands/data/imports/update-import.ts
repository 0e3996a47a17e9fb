import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import { resolveCommit } from '../../../git/status.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import { updateImport } from '../../../pointers/formats/update-import.ts';
import { outputListingIfAny } from '../../../pointers/listings/output-listing.ts';
import { objectsOf } from '../../../pointers/outputs/output-objects.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { WantedVersions } from '../../../stores/external-data.ts';
import type { Context } from '../../context.ts';
import type { DataUpdateOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { bringFrom } from '../source/data-bring.ts';
import { withSource } from '../source/data-source.ts';
import type { SourceClones } from '../source/source-clones.ts';
import { sourceAddress, sourceOverrides } from '../source/source-overrides.ts';
import { writeWhole } from '../write-whole.ts';
import { modernOf, outputOf } from './brought-data.ts';
import { bringUrl, isSame, lookAtUrl, pointerFolder, type UrlSource } from './data-url.ts';
import { type ImportedContent, placeImport, placeOutput } from './keep-import.ts';
import { straightToRemote } from './straight-to-remote.ts';
import { splitVersion, urlLocation } from './url-location.ts';

export interface UpdateHow {
  /** Another revision of the repository, or another version of a file in a bucket that keeps them. */
  readonly rev?: string | undefined;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
  /** False: the pointer alone is brought up to date, and names no data until they are pulled. */
  readonly download?: boolean;
  /** The data go to the remote, neither into the cache nor into the work tree. */
  readonly toRemote?: boolean;
  readonly remote?: string | undefined;
  readonly clones?: SourceClones | undefined;
}

type Updated = DataUpdateOutput['updated'][number];
type RepositorySource = Extract<ImportSource, { kind: 'repository' }>;

interface Newest {
  /** Undefined where only the source was looked at. */
  readonly content?: ImportedContent;
  readonly source: UrlSource | RepositorySource;
}

/** Brings one import up to date. @throws as `dataUpdate` */
export async function updateOneImport(
  context: Context,
  workspace: DataWorkspace,
  output: TrackedOutput,
  source: UrlSource | RepositorySource,
  how: UpdateHow,
): Promise<Updated> {
  const { path, declaredIn: pointer, md5 } = output;
  const newest =
    source.kind === 'url'
      ? await newestOfAddress(context, workspace, output, source, how)
      : await newestOfRepository(context, workspace, output, source, how);
  if (newest === undefined) {
    if (md5 !== undefined && output.cache && how.download !== false) {
      await placeOutput(workspace, { ...output, md5 }, how.force === true);
    }
    return { path, pointer, ...(md5 === undefined ? {} : { md5 }), state: 'unchanged' };
  }
  const before = readFileSync(join(workspace.root, pointer), 'utf8');
  const { content } = newest;
  const text = updateImport(before, { output: content && entryOf(path, content), source: newest.source }, pointer);
  const placed = content !== undefined && how.toRemote !== true;
  if (placed) await placeImport(workspace, { path, pointer }, content, how.force === true);
  if (text !== before) writeWhole(workspace, pointer, text);
  const commit = newest.source.kind === 'repository' ? newest.source.revLock : undefined;
  return {
    ...{ path, pointer, state: content !== undefined && content.md5 === md5 ? 'unchanged' : 'changed' },
    ...(content === undefined ? {} : { md5: content.md5 }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function entryOf(path: string, { md5, size, isexec, nfiles }: ImportedContent) {
  return { path: posix.basename(path), md5, size, isexec, ...(nfiles === undefined ? {} : { nfiles }) };
}

/** Undefined where the service says that nothing changed. */
async function newestOfAddress(
  context: Context,
  workspace: DataWorkspace,
  output: TrackedOutput,
  known: UrlSource,
  { rev, jobs, download = true, toRemote = false, remote }: UpdateHow,
): Promise<Newest | undefined> {
  const { fsConfig } = known;
  // A version in the address would be the old one for ever; the pointer names it anew beside the address.
  const place = {
    url: splitVersion(known.url).url,
    folder: pointerFolder(workspace.root, output.declaredIn),
    fsConfig,
  };
  const versions = versionsOf(context, workspace, output, known, rev);
  if (!download) {
    const source = await lookAtUrl(context, workspace, place, versions);
    return isSame(source, known) ? undefined : { source };
  }
  if (toRemote) {
    return straightToRemote(context, workspace, { path: output.path, remote, jobs }, (into) =>
      bringUrl(context, into, place, { jobs, versions }),
    );
  }
  const { md5, hash, files } = output;
  const listing =
    md5?.endsWith('.dir') === true ? outputListingIfAny(workspace.cache, { md5, hash, files }) : undefined;
  const digests = new Map(listing?.map((file) => [file.relpath, file.md5]));
  const kept = (relpath: string) => {
    const digest = digests.get(relpath);
    return digest !== undefined && hash === 'md5' && workspace.cache.has(digest) ? digest : undefined;
  };
  // A pointer that names no data yet (--no-download), or data that are not here, needs them whatever the service says.
  const here = isHere(output, workspace.cache);
  return bringUrl(context, workspace, place, { jobs, versions, kept, known: here ? known : undefined });
}

function isHere(output: TrackedOutput, cache: ObjectCache): boolean {
  if (!output.cache) return output.md5 !== undefined;
  return objectsOf({ output }, cache)?.files?.every(({ md5, hash }) => cache.has(md5, hash)) === true;
}

/** The version that was asked for, else the newest where the data are known by versions. */
function versionsOf(
  context: Context,
  workspace: DataWorkspace,
  { path }: TrackedOutput,
  { url, fsConfig, versionId, files }: UrlSource,
  rev: string | undefined,
): WantedVersions | undefined {
  const located = urlLocation(context, workspace, { url, folder: workspace.root, fsConfig });
  const versioned = located?.versionAware === true || versionId !== undefined || files !== undefined;
  if (rev !== undefined && (!versioned || files !== undefined)) throw assayError('E_DATA_NO_REVISION', { path, url });
  if (rev !== undefined) return { version: rev };
  return versioned ? 'newest' : undefined;
}

async function newestOfRepository(
  context: Context,
  { cache, staging, root }: DataWorkspace,
  { declaredIn }: TrackedOutput,
  source: RepositorySource,
  { rev: asked, jobs, download = true, clones }: UpdateHow,
): Promise<Newest | undefined> {
  const rev = asked ?? source.rev;
  const url = sourceAddress(source.url, root, declaredIn);
  const name = { url, rev: rev ?? 'HEAD', clones, ...sourceOverrides(source, root) };
  return withSource(context, name, async (from) => {
    const revLock = from.commit ?? (await resolveCommit(from.git));
    const now = { ...source, revLock, ...(rev === undefined ? {} : { rev }) };
    if (!download) return revLock === source.revLock && rev === source.rev ? undefined : { source: now };
    const ports = { cache, stage: staging.next, jobs };
    const brought = await modernOf(await bringFrom(from, source.path, source.url, ports), cache);
    return { content: outputOf(brought), source: now };
  });
}
