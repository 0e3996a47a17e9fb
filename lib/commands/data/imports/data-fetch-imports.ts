import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type AssayError, assayError, type ErrorCode, hasCode } from '../../../errors.ts';
import { resolveCommit } from '../../../git/status.ts';
import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import { updateImport } from '../../../pointers/formats/update-import.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { bringFrom } from '../source/data-bring.ts';
import { withSource } from '../source/data-source.ts';
import { type SourceClones, withClones } from '../source/source-clones.ts';
import { sourceAddress, sourceOverrides } from '../source/source-overrides.ts';
import { writeWhole } from '../write-whole.ts';
import { bringAsNamed, type RepositorySource } from './bring-as-named.ts';
import { bringImportPart } from './bring-import-part.ts';
import { broughtOf, importedAs } from './brought-data.ts';
import { bringUrl, pinnedVersions, pointerFolder } from './data-url.ts';
import type { ImportedContent } from './keep-import.ts';

type Source = Exclude<ImportSource, { kind: 'database' }>;

export interface FetchedImports {
  /** Imports that were brought. */
  readonly brought: readonly TrackedOutput[];
  readonly failed: readonly { readonly path: string; readonly error: AssayError }[];
  /** Imports whose pointers named no data yet, as they are now. */
  readonly completed: ReadonlyMap<TrackedOutput, TrackedOutput>;
  /** Their pointers, which were written and belong to git. */
  readonly written: readonly string[];
}

/** What one import's failure does not end: the others are still worth bringing. */
const OF_ONE_IMPORT: readonly ErrorCode[] = [
  'E_DATA_SOURCE',
  'E_DATA_IMPORT_CHANGED',
  'E_STORE_UNVERSIONED',
  'E_GIT_UNREACHABLE',
  'E_GIT_AUTH',
  'E_STORE_OBJECT_MISSING',
  'E_STORE_OBJECT_CHANGED',
  'E_STORE_OBJECT_CORRUPT',
  'E_DATA_NO_REMOTE',
  'E_DATA_NOT_TRACKED',
  'E_DATA_LINK',
  'E_DATA_SUBMODULE',
  'E_DATA_LFS',
  'E_GIT_NO_REVISION',
  'E_GIT_UNKNOWN_COMMIT',
];

/**
 * Brings imports from where they were imported from: data of another repository at its very commit, data of an address if it
 * still has the bytes that the pointer names. An import that was never downloaded gets its digest written into its pointer.
 *
 * @param lacking imports of which the cache lacks something, and those without a digest
 * @throws the sources' and stores' errors that concern more than one import, E_STORE_WRITE
 */
export async function fetchImports(
  context: Context,
  workspace: DataWorkspace,
  lacking: readonly TargetedOutput[],
  jobs?: number,
): Promise<FetchedImports> {
  return withClones(context, (clones) => fetchEach(context, workspace, lacking, { jobs, clones }));
}

interface FetchHow {
  readonly jobs: number | undefined;
  readonly clones: SourceClones;
}

async function fetchEach(
  context: Context,
  workspace: DataWorkspace,
  lacking: readonly TargetedOutput[],
  how: FetchHow,
): Promise<FetchedImports> {
  const brought: TrackedOutput[] = [];
  const failed: { path: string; error: AssayError }[] = [];
  const completed = new Map<TrackedOutput, TrackedOutput>();
  const written = new Set<string>();
  const own = new Set((await workspace.index()).outputs);
  for (const target of lacking) {
    const { output } = target;
    const { import: from, path, declaredIn, md5: expected } = output;
    if (from === undefined || from.kind === 'database') continue;
    try {
      const found =
        from.kind === 'url'
          ? await bringAddress(context, workspace, output, from, how)
          : await bringRepository(context, workspace, target, from, how);
      if (found === undefined) {
        brought.push(output);
        continue;
      }
      const { content, source } = found;
      const { md5: actual, size, nfiles, isexec } = content;
      if (expected !== undefined && actual !== expected)
        throw assayError('E_DATA_IMPORT_CHANGED', { path, url: from.url, expected, actual });
      brought.push(output);
      // Pointers of other commits are as they are.
      if (expected !== undefined || !own.has(output)) continue;
      const counts = nfiles === undefined ? {} : { nfiles };
      const before = readFileSync(join(workspace.root, declaredIn), 'utf8');
      const entry = { path: posix.basename(path), md5: actual, size, isexec, ...counts };
      writeWhole(workspace, declaredIn, updateImport(before, { output: entry, source }, declaredIn));
      written.add(declaredIn);
      const kind = content.folder ? 'directory' : 'file';
      completed.set(output, { ...output, md5: actual, size, isexec, kind, hash: 'md5', ...counts });
    } catch (error) {
      if (!hasCode(error, ...OF_ONE_IMPORT)) throw error;
      failed.push({ path, error });
    }
  }
  return { brought, failed, completed, written: [...written].sort() };
}

interface BroughtImport {
  readonly content: ImportedContent;
  readonly source: Source;
}

async function bringAddress(
  context: Context,
  workspace: DataWorkspace,
  { declaredIn, path, md5, hash }: TrackedOutput,
  from: Extract<ImportSource, { kind: 'url' }>,
  { jobs }: FetchHow,
): Promise<BroughtImport> {
  const { url, fsConfig } = from;
  const place = { url, fsConfig, folder: pointerFolder(workspace.root, declaredIn) };
  const pinned = pinnedVersions(from);
  const brought = await bringUrl(context, workspace, place, { jobs, versions: pinned }).catch((error: unknown) => {
    // An old version may be cleared while the newest has the same bytes: where the digest is known, it decides.
    const gone = hasCode(error, 'E_STORE_OBJECT_MISSING');
    if (!gone || md5 === undefined || from.versionId === undefined) throw error;
    return bringUrl(context, workspace, place, { jobs });
  });
  const { source } = brought;
  const content = await importedAs(hash, broughtOf(brought.content), workspace.cache);
  if (md5 !== undefined) return { content, source };
  // Without a digest of the data, what was noted of the source has to do.
  for (const key of ['md5', 'etag', 'checksum'] as const) {
    const [expected, actual] = [from[key], source[key]];
    if (expected !== undefined && actual !== undefined && expected !== actual)
      throw assayError('E_DATA_IMPORT_CHANGED', { path, url: from.url, expected, actual });
  }
  return { content, source };
}

/** Undefined where a part was asked for and is all that came. */
function bringRepository(
  context: Context,
  { cache, staging, root }: DataWorkspace,
  target: TargetedOutput,
  from: RepositorySource,
  { jobs, clones }: FetchHow,
): Promise<BroughtImport | undefined> {
  const url = sourceAddress(from.url, root, target.output.declaredIn);
  const name = { url, rev: from.revLock ?? from.rev ?? 'HEAD', clones, ...sourceOverrides(from, root) };
  return withSource(context, name, async (source) => {
    const ports = { cache, stage: staging.next, jobs };
    if (target.inside !== undefined && (await bringImportPart(source, from, target, ports))) return undefined;
    const content = await bringAsNamed(source, from, target.output, ports, bringFrom);
    const revLock = from.revLock ?? source.commit ?? (await resolveCommit(source.git));
    return { content, source: { ...from, revLock } };
  });
}
