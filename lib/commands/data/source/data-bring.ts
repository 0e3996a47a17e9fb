import { AssayError, assayError, hasCode } from '../../../errors.ts';
import { intactObject } from '../../../pointers/cache/intact-object.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { outputListing } from '../../../pointers/listings/output-listing.ts';
import { type DataObject, objectsOf } from '../../../pointers/outputs/output-objects.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { fetchOutputs } from '../../../pointers/transfer/fetch-outputs.ts';
import { lacksDigests } from '../../../pointers/versions/complete-versions.ts';
import { type BroughtData, modernOf } from '../imports/brought-data.ts';
import { DEFAULT_TRANSFERS } from '../store/data-remote.ts';
import type { DataSource } from './data-source.ts';
import { bringGitFiles } from './git-files.ts';
import { innermost, outputAt, sourcesAround } from './nested-sources.ts';
import type { GitFilePorts } from './receive-git-file.ts';
import type { Led } from './source-links.ts';

/** Permission bits of a file that anybody may write to; DVC and Assay take them from objects. */
const WRITABLE = 0o222;

export interface BringPorts extends GitFilePorts {
  /** Transfers at a time. */
  readonly jobs?: number | undefined;
}

/**
 * Brings what a repository has at `path` into a cache of ours, verified: an output or a part of one, what git keeps there, or
 * a folder that holds both. A path in a repository of DVC's within it is that one's.
 *
 * @throws E_DATA_NOT_TRACKED, E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT, the stores' errors
 */
export async function bringFrom(
  whole: DataSource,
  asked: string,
  where: string,
  { cache, stage, jobs = DEFAULT_TRANSFERS, linkTexts }: BringPorts,
): Promise<BroughtData> {
  // DVC's pointers name the whole repository so.
  const { source, path } = await innermost(whole, asked === '.' ? '' : asked);
  const ports = { cache, stage, jobs };
  const output = outputAt(source, path);
  if (output !== undefined) return bringTracked(source, output, path, where, ports);
  const kept = await bringGitFiles(source, path, { cache, stage, linkTexts });
  const [only] = kept.files;
  if (only?.path === path) {
    const { md5, size, isexec } = only;
    return { md5, hash: 'md5', isexec, files: [{ relpath: '', md5 }], size };
  }
  const relative = (file: string) => (path === '' ? file : file.slice(path.length + 1));
  const files = kept.files.map(({ path: file, md5 }) => ({ relpath: relative(file), md5 }));
  let size = kept.files.reduce((sum, file) => sum + file.size, 0);
  const add = async (top: string, brought: BroughtData) => {
    const part = await modernOf(brought, cache);
    size += part.size;
    for (const { relpath, md5 } of part.files) {
      files.push({ relpath: relative(relpath === '' ? top : `${top}/${relpath}`), md5 });
    }
  };
  for (const { source: repository, prefix } of await sourcesAround(source, path)) {
    for (const tracked of repository.index.outputs.filter(hasData)) {
      const top = `${prefix}${tracked.path}`;
      if (path !== '' && !top.startsWith(`${path}/`)) continue;
      await add(top, await bringTracked(repository, tracked, tracked.path, where, ports));
    }
  }
  const out = kept.submodules.map((module) => `${module} (a submodule)`);
  for (const [link, led] of kept.links) {
    const brought = await bringLinked(source, led, where, ports);
    if (typeof brought === 'string') out.push(`${link} (a symbolic link: ${brought})`);
    else await add(link, brought);
  }
  if (files.length === 0) return bringBehindLinks(whole, asked, where, { ...ports, linkTexts });
  tellLeftOut(source, out);
  return { md5: dirAddress(renderDirObject(files)), hash: 'md5', isexec: false, files, size };
}

const NO_FILE = 'it leads to no file';

/** What a link in a folder leads to where that is one tracked file; else why it is left out. Folders are, as with `add`. */
async function bringLinked(
  source: DataSource,
  led: Led,
  where: string,
  ports: TrackedPorts,
): Promise<BroughtData | string> {
  if ('reason' in led) return led.reason;
  const { source: own, path } = await innermost(source, led.path);
  const output = outputAt(own, path);
  if (output === undefined || !hasData(output) || (output.path === path && output.kind === 'directory')) return NO_FILE;
  try {
    const brought = await bringTracked(own, output, path, where, ports);
    return brought.files[0]?.relpath === '' ? brought : NO_FILE;
  } catch (error) {
    if (hasCode(error, 'E_DATA_NOT_TRACKED')) return NO_FILE;
    throw error;
  }
}

/** What is nowhere by its own name may be behind links. */
async function bringBehindLinks(
  source: DataSource,
  path: string,
  where: string,
  ports: BringPorts,
): Promise<BroughtData> {
  const { pathBehindLinks } = await import('./source-links.ts');
  const real = await pathBehindLinks(source, path, where);
  return bringFrom(source, real, where, ports).catch((error: unknown) => {
    if (!hasCode(error, 'E_DATA_NOT_TRACKED')) throw error;
    throw assayError('E_DATA_LINK', { path, where, reason: `it leads to "${real}", which is not there` }, error);
  });
}

/** So many are named. */
const MAX_NAMED = 5;

function tellLeftOut({ context }: DataSource, out: readonly string[]): void {
  if (out.length === 0) return;
  const more = out.length > MAX_NAMED ? ` and ${out.length - MAX_NAMED} more` : '';
  context.log.warning(`not brought: ${out.slice(0, MAX_NAMED).join(', ')}${more}`);
}

/** Outputs of stages that never ran have none. */
function hasData(output: TrackedOutput): boolean {
  return output.md5 !== undefined || output.import !== undefined || lacksDigests(output);
}

export interface TrackedPorts {
  readonly cache: ObjectCache;
  readonly stage: () => string;
  readonly jobs: number;
}

/** An output that is known by versions alone, with the digests that its files turn out to have. */
async function withDigests(source: DataSource, output: TrackedOutput, ports: TrackedPorts): Promise<TrackedOutput> {
  const { cache, stage, jobs } = ports;
  const versioned = source.versioned(output);
  if (versioned === undefined) return output;
  const { completeVersions } = await import('../../../pointers/versions/complete-versions.ts');
  const staging = { unfinished: () => ({ path: stage(), bytes: 0 }), leave: () => {} };
  const { owns, store } = versioned;
  const { completed, failed } = await completeVersions(output, cache, store, { owns, jobs, staging });
  if (completed === undefined) throw failed[0]?.error;
  return completed;
}

/** What a repository imported itself comes from where it was imported from. */
async function importedAnew(source: DataSource, output: TrackedOutput, ports: TrackedPorts): Promise<TrackedOutput> {
  const { bringImported } = await import('../imports/bring-imported.ts');
  return bringImported(source, output, ports, bringFrom);
}

/** Writing to an object takes its protection away first; without it, what is here already is read before it counts as brought. */
async function leaveDamaged(target: TargetedOutput, cache: ObjectCache): Promise<void> {
  for (const object of objectsIn(target, cache)) {
    const mode = cache.stampOf(object.md5, object.hash)?.mode ?? 0;
    if ((mode & WRITABLE) !== 0) await intactObject(object, cache);
  }
}

/** None where the listing is damaged: bringing it says so. */
function objectsIn(target: TargetedOutput, cache: ObjectCache): readonly DataObject[] {
  try {
    return objectsOf(target, cache)?.files ?? [];
  } catch (error) {
    if (error instanceof AssayError) return [];
    throw error;
  }
}

async function bringTracked(
  source: DataSource,
  tracked: TrackedOutput,
  path: string,
  where: string,
  ports: TrackedPorts,
): Promise<BroughtData> {
  const { cache, jobs } = ports;
  let output = lacksDigests(tracked) ? await withDigests(source, tracked, ports) : tracked;
  if (output.md5 === undefined && output.import !== undefined) output = await importedAnew(source, output, ports);
  if (output.md5 === undefined) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  const inside = path === output.path ? undefined : path.slice(output.path.length + 1);
  const target = inside === undefined ? { output } : { output, inside: [inside] };
  await leaveDamaged(target, cache);
  let failure: AssayError | undefined;
  for await (const store of source.stores(output)) {
    const { failed } = await fetchOutputs([target], cache, store, { jobs });
    failure = failed[0]?.error;
    if (failure === undefined) break;
  }
  const versioned = failure === undefined ? undefined : source.versioned(output);
  if (versioned !== undefined) {
    const { fetchVersions } = await import('../../../pointers/versions/fetch-versions.ts');
    const options = { jobs, owns: versioned.owns };
    failure = (await fetchVersions([target], cache, versioned.store, options)).failed[0]?.error;
  }
  if (failure !== undefined) {
    if (output.import === undefined || output.import.kind === 'database') throw failure;
    await importedAnew(source, output, ports);
  }
  const { md5, hash, isexec } = output;
  const sizeOf = (address: string) => cache.stampOf(address, hash)?.size ?? 0;
  if (!md5.endsWith('.dir')) return { md5, hash, isexec, files: [{ relpath: '', md5 }], size: sizeOf(md5) };
  const entries = outputListing(cache, { ...output, md5 });
  const only = entries.find(({ relpath }) => relpath === inside);
  if (only !== undefined)
    return { md5: only.md5, hash, isexec: false, files: [{ relpath: '', md5: only.md5 }], size: sizeOf(only.md5) };
  const part = inside === undefined ? entries : entries.filter(({ relpath }) => relpath.startsWith(`${inside}/`));
  if (part.length === 0 && inside !== undefined) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  const files = part.map((entry) => ({
    md5: entry.md5,
    relpath: inside === undefined ? entry.relpath : entry.relpath.slice(inside.length + 1),
  }));
  return { md5, hash, isexec: false, files, size: files.reduce((sum, file) => sum + sizeOf(file.md5), 0) };
}
