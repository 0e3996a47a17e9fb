import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../errors.ts';
import { resolveCommit } from '../git/status.ts';
import type { ImportSource } from '../pointers/dvc-file.ts';
import { requireSound } from '../pointers/output-index.ts';
import { targetedOutputs } from '../pointers/output-targets.ts';
import type { TrackedOutput } from '../pointers/tracked-output.ts';
import { updateImport } from '../pointers/update-import.ts';
import type { Context } from './context.ts';
import { bringFrom, modernOf, outputOf } from './data-bring.ts';
import type { DataUpdateOutput } from './data-outputs.ts';
import { withSource } from './data-source.ts';
import { bringUrl, pointerFolder } from './data-url.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';
import { type ImportedContent, placeImport, writeWhole } from './keep-import.ts';

export interface DataUpdateRequest {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
  /** Another revision of the repository that was imported from. */
  readonly rev?: string | undefined;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
}

type Source = Exclude<ImportSource, { kind: 'database' }>;

/**
 * Brings the newest of what was imported, as `dvc update`: the branch's or the address's present state, or `rev`. Comments
 * and other keys of pointers stay.
 *
 * @throws E_DATA_NO_IMPORT, and as `dataImport` and `dataImportUrl`
 */
export async function dataUpdate(context: Context, request: DataUpdateRequest): Promise<DataUpdateOutput> {
  const { targets, recursive = false, rev, force = false, jobs } = request;
  return withWorkspace(context, {}, async (workspace) => {
    const index = requireSound(await workspace.index());
    const outputs = targetedOutputs(index, targets, { cwd: workspace.cwd, recursive }).map(({ output }) => output);
    const imports = outputs.map((output) => {
      const { import: source, declaredIn: pointer, path } = output;
      if (source === undefined || source.kind === 'database') {
        throw assayError('E_DATA_NO_IMPORT', { path, pointer });
      }
      if (rev !== undefined && source.kind === 'url') throw assayError('E_DATA_NO_REVISION', { path, url: source.url });
      return { output, source };
    });
    const updated: DataUpdateOutput['updated'] = [];
    for (const { output, source } of imports) {
      const newest =
        source.kind === 'url'
          ? await bringAddress(context, workspace, output, source, jobs)
          : await bringRepository(context, workspace, source, rev);
      const { path, declaredIn: pointer } = output;
      if (newest === undefined) {
        updated.push({ path, pointer, md5: output.md5 ?? '', state: 'unchanged' });
        continue;
      }
      const state = await renew(workspace, output, newest, force);
      const commit = newest.source.kind === 'repository' ? newest.source.revLock : undefined;
      const { md5 } = newest.content;
      updated.push({ path, pointer, md5, state, ...(commit === undefined ? {} : { commit }) });
    }
    return { schema: 'assay/data-update/1', updated };
  });
}

interface Newest {
  readonly content: ImportedContent;
  readonly source: Source;
}

/** Undefined where the service says that nothing changed. */
function bringAddress(
  context: Context,
  workspace: DataWorkspace,
  { declaredIn, md5 }: TrackedOutput,
  source: Extract<ImportSource, { kind: 'url' }>,
  jobs: number | undefined,
): Promise<Newest | undefined> {
  const folder = pointerFolder(workspace.root, declaredIn);
  // A pointer that names no data yet (--no-download) needs them whatever the service says.
  return bringUrl(context, workspace, source.url, folder, { jobs, known: md5 === undefined ? undefined : source });
}

async function bringRepository(
  context: Context,
  { cache, staging }: DataWorkspace,
  source: Extract<ImportSource, { kind: 'repository' }>,
  asked: string | undefined,
): Promise<Newest> {
  const rev = asked ?? source.rev;
  return withSource(context, { url: source.url, rev: rev ?? 'HEAD' }, async (from) => {
    const ports = { cache, stage: staging.next };
    const brought = await modernOf(await bringFrom(from, source.path, source.url, ports), cache);
    const revLock = from.commit ?? (await resolveCommit(from.git));
    return { content: outputOf(brought), source: { ...source, revLock, ...(rev === undefined ? {} : { rev }) } };
  });
}

async function renew(
  workspace: DataWorkspace,
  output: TrackedOutput,
  { content, source }: Newest,
  force: boolean,
): Promise<'unchanged' | 'changed'> {
  const { declaredIn: pointer, path } = output;
  const before = readFileSync(join(workspace.root, pointer), 'utf8');
  const { md5, size, isexec, nfiles } = content;
  const entry = { path: posix.basename(path), md5, size, isexec, ...(nfiles === undefined ? {} : { nfiles }) };
  const text = updateImport(before, { output: entry, source }, pointer);
  await placeImport(workspace, { path, pointer }, content, force);
  if (text !== before) writeWhole(workspace, pointer, text);
  return md5 === output.md5 ? 'unchanged' : 'changed';
}
