import { rmSync } from 'node:fs';
import { assayError } from '../../../errors.ts';
import { openObjectCache } from '../../../pointers/cache/object-cache.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { pushOutputs } from '../../../pointers/transfer/push-outputs.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { remoteGroups } from '../store/data-remote.ts';
import type { ImportedContent } from './keep-import.ts';

export interface StraightToRemote {
  /** Of the output that the data become. */
  readonly path: string;
  /** The default one when left out. */
  readonly remote: string | undefined;
  readonly jobs: number | undefined;
}

/**
 * Brings data and pushes them, without keeping them here: they pass through a folder below `.dvc/tmp`, because their address is
 * known only when all of them were read.
 *
 * @throws E_DATA_NO_REMOTE, E_DATA_VERSIONED, the store's errors, and what `bring` throws
 */
export async function straightToRemote<T extends { readonly content: ImportedContent }>(
  context: Context,
  workspace: DataWorkspace,
  { path, remote, jobs }: StraightToRemote,
  bring: (into: DataWorkspace) => Promise<T>,
): Promise<T> {
  const folder = workspace.staging.next();
  const cache = openObjectCache(folder);
  const output = { path, declaredIn: `${path}.dvc`, kind: 'unknown', hash: 'md5', isexec: false } as const;
  const flags = { cache: true, push: true, persist: false, frozen: false };
  try {
    // Before anything is brought: there has to be somewhere for it to go.
    const { plain, versioned } = await remoteGroups(context, workspace, [{ output: { ...output, ...flags } }], {
      name: remote,
      jobs,
    });
    const [group] = versioned;
    if (group !== undefined) throw assayError('E_DATA_VERSIONED', { what: `"${path}"`, remote: group.remote });
    const brought = await bring({ ...workspace, cache });
    const { md5, listing } = brought.content;
    if (listing !== undefined) cache.insertBytes(Buffer.from(listing), md5);
    const sent: TrackedOutput = { ...output, ...flags, md5 };
    for (const { store } of plain) await pushOutputs([{ output: sent }], cache, store);
    return brought;
  } finally {
    cache.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
