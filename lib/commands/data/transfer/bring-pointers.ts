import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { resolvePointer } from '../../../pointers/artifacts/resolve-pointer.ts';
import type { PointerOutput } from '../../../pointers/formats/pointer-file.ts';
import type { Project } from '../../../project/project.ts';
import { createLocalStore } from '../../../stores/folder/local-store.ts';
import type { Context } from '../../context.ts';
import { openVersioned, remoteOf } from '../store/data-remote.ts';
import { dvcStores } from '../store/project-store.ts';

/** Brings the data of pointers into place, verified, and returns the files: the pointed one, or all of a folder. */
export async function bringPointers(
  context: Context,
  project: Project,
  pointers: readonly string[],
): Promise<string[]> {
  if (pointers.length === 0) return [];
  const { top, config, storeFor } = await dvcStores(context, project);
  const cache = createLocalStore(config.cache);
  const versionsFor = (output: PointerOutput) =>
    openVersioned(context, project.root, config, { name: remoteOf(output, config) });
  const ports = { root: project.root, top, cache, storeFor, versionsFor };
  const files: string[] = [];
  for (const pointer of pointers) {
    for (const { path, state } of await resolvePointer(pointer, ports)) {
      if (state === 'brought') context.log.info(`brought ${path.slice(project.root.length + 1)}`);
      files.push(...(await filesBelow(path)));
    }
  }
  return files;
}

async function filesBelow(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
