import type { ImportSource } from '../../../pointers/formats/dvc-file.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { BringPorts } from '../source/data-bring.ts';
import type { DataSource } from '../source/data-source.ts';
import { type BroughtData, importedAs } from './brought-data.ts';
import type { ImportedContent } from './keep-import.ts';

/** What brings from a repository; in `data-bring.ts`, which needs what is here. */
export type BringFrom = (source: DataSource, path: string, where: string, ports: BringPorts) => Promise<BroughtData>;

export type RepositorySource = Extract<ImportSource, { kind: 'repository' }>;

/**
 * Brings what a pointer names that was imported from a repository. DVC makes files of symbolic links' texts, where we follow
 * the links: which of the two it is, the digest tells.
 *
 * @throws as `bringFrom`
 */
export async function bringAsNamed(
  source: DataSource,
  { path, url }: RepositorySource,
  { hash, md5 }: Pick<TrackedOutput, 'hash' | 'md5'>,
  ports: BringPorts,
  bringFrom: BringFrom,
): Promise<ImportedContent> {
  const bring = async (linkTexts: boolean) =>
    importedAs(hash, await bringFrom(source, path, url, { ...ports, linkTexts }), ports.cache);
  const asDvc = md5 === undefined ? undefined : await bring(true);
  return asDvc?.md5 !== undefined && asDvc.md5 === md5 ? asDvc : bring(false);
}
