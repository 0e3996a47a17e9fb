import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { DataSource } from './data-source.ts';

/** A repository of DVC's in another one. */
export interface NestedSource {
  readonly source: DataSource;
  /** Its folder from the top of what was asked: empty for that itself, else with a slash at its end. */
  readonly prefix: string;
}

/** The innermost repository that `path` lies in, and the path from there: a folder can be one itself (`dvc init --subdir`). */
export async function innermost(
  source: DataSource,
  path: string,
): Promise<{ readonly source: DataSource; readonly path: string }> {
  const folder = source.index.repositories?.find((one) => path === one || path.startsWith(`${one}/`));
  if (folder === undefined) return { source, path };
  return innermost(await source.repository(folder), path.slice(folder.length + 1));
}

/** The source itself, then the repositories in it that `path` lies in, or that lie at or below it; those in them too. */
export async function sourcesAround(source: DataSource, path: string, prefix = ''): Promise<NestedSource[]> {
  const found: NestedSource[] = [{ source, prefix }];
  for (const folder of source.index.repositories ?? []) {
    const top = `${prefix}${folder}`;
    const meets = path === '' || path === top || path.startsWith(`${top}/`) || top.startsWith(`${path}/`);
    if (meets) found.push(...(await sourcesAround(await source.repository(folder), path, `${top}/`)));
  }
  return found;
}

/** The output that a path is, or lies in. */
export function outputAt({ index }: DataSource, path: string): TrackedOutput | undefined {
  return index.outputs.find((one) => path === one.path || path.startsWith(`${one.path}/`));
}
