import { posix } from 'node:path';
import { isInside } from '../../../pointers/checkout/checkout-output.ts';
import { dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { outputListingIfAny } from '../../../pointers/listings/output-listing.ts';
import { objectsOf } from '../../../pointers/outputs/output-objects.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import { type BringPorts, bringFrom } from '../source/data-bring.ts';
import type { DataSource } from '../source/data-source.ts';
import { innermost, outputAt } from '../source/nested-sources.ts';
import { sourceListing } from '../source/source-listing.ts';
import type { RepositorySource } from './bring-as-named.ts';

/**
 * Brings parts of a folder that was imported from a repository, and its listing. False where all of it has to come, because no
 * listing of the repository tells what is in it: of what git keeps there nobody knows the digests before.
 *
 * @throws as `bringFrom`
 */
export async function bringImportPart(
  source: DataSource,
  from: RepositorySource,
  { output, inside = [] }: TargetedOutput,
  ports: BringPorts,
): Promise<boolean> {
  const { md5, hash } = output;
  if (md5 === undefined || hash !== 'md5' || !md5.endsWith('.dir')) return false;
  const { cache } = ports;
  if (outputListingIfAny(cache, { md5, hash }) === undefined) {
    const listing = await listingAt(source, from.path);
    if (listing === undefined || dirAddress(listing) !== md5) return false;
    cache.insertBytes(Buffer.from(listing), md5);
  }
  const lacking = () => objectsOf({ output, inside }, cache)?.files?.filter((file) => !cache.has(file.md5, hash)) ?? [];
  const open = lacking().map(({ path }) => path.slice(output.path.length + 1));
  for (const part of inside.filter((one) => open.some((relpath) => isInside(relpath, [one])))) {
    await bringFrom(source, posix.join(from.path, part), from.url, ports);
  }
  return lacking().length === 0;
}

/** The listing of a folder that is tracked, or of a folder in one. */
async function listingAt(whole: DataSource, asked: string): Promise<string | undefined> {
  const { source, path } = await innermost(whole, asked);
  const output = outputAt(source, path);
  if (output?.hash !== 'md5') return undefined;
  const below = path === output.path ? '' : `${path.slice(output.path.length + 1)}/`;
  const listed = await sourceListing(source, output);
  const files = listed?.flatMap(({ relpath, md5 }) =>
    md5 !== undefined && relpath.startsWith(below) ? [{ md5, relpath: relpath.slice(below.length) }] : [],
  );
  return files === undefined ? undefined : renderDirObject(files);
}
