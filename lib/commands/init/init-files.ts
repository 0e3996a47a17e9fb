import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { containedPath } from '../../contained-path.ts';
import { assayError, messageOf } from '../../errors.ts';
import { isMissing } from '../../stores/folder/file-names.ts';
import type { InitFile } from './init-output.ts';

/** A file to be written below a folder that it may not lead out of. */
export interface WantedFile {
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  /** As people are told it. */
  readonly shown: string;
  readonly text: string;
}

/** The text of a file below a root; undefined where there is none. Throws E_PATH_OUTSIDE. */
export async function existingText({ root, path }: Pick<WantedFile, 'root' | 'path'>): Promise<string | undefined> {
  const file = await containedPath(root, path);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw assayError('E_INIT_WRITE', { path, reason: messageOf(error) }, error);
  }
}

/**
 * Writes a file whole or not at all; one that is here stays unless it is to be written anew. Throws E_PATH_OUTSIDE,
 * E_INIT_WRITE.
 */
export async function putFile(
  wanted: WantedFile,
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
): Promise<InitFile> {
  const { root, path, shown, text } = wanted;
  const here = await existingText(wanted);
  if (here !== undefined && (!force || here === text)) return { path: shown, state: 'kept', text: here };
  if (dryRun) return { path: shown, state: 'planned', text };
  const file = await containedPath(root, path);
  const beside = `${file}.assay-new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw assayError('E_INIT_WRITE', { path, reason: messageOf(error) }, error);
  }
  return { path: shown, state: 'written', text };
}
