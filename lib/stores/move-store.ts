import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from './in-parallel.ts';
import { inParts } from './in-parts.ts';
import type { Store, StoreObject, TimedKey, TransferOptions } from './store.ts';

/** An object whose key says what its bytes are. */
export interface AddressedKey {
  readonly key: string;
  readonly md5: string;
  /** DVC 3 keeps raw bytes below `files/md5/`; the layout of DVC 2 hashed text with Unix line ends. */
  readonly hash: 'md5' | 'md5-dos2unix';
  /** A listing of a folder, which has to come after the files that it names. */
  readonly listing: boolean;
}

export interface MovePlan {
  /** What has to be copied, files before listings. */
  readonly copy: readonly AddressedKey[];
  /** How many are at the target already. */
  readonly present: number;
  /** Keys that are no address of content, such as DVC's run cache: they cannot be verified and are not copied. */
  readonly unaddressed: readonly string[];
}

const CONTENT_KEY = /^(?:(.+)\/)?([0-9a-f]{2})\/([0-9a-f]{30})(\.dir)?$/;

/** What a key says of its bytes; undefined where it says nothing. */
export function addressedKey(key: string): AddressedKey | undefined {
  const [, root, head, tail, listing] = CONTENT_KEY.exec(key) ?? [];
  if (head === undefined || tail === undefined) return undefined;
  const raw = root === 'files/md5' || root?.endsWith('/files/md5') === true;
  return { key, md5: head + tail, hash: raw ? 'md5' : 'md5-dos2unix', listing: listing !== undefined };
}

/** What a move has to do, from what the source has and what is at the target. Pure. */
export function planMove(source: readonly string[], target: ReadonlySet<string>): MovePlan {
  const addressed: AddressedKey[] = [];
  const unaddressed: string[] = [];
  for (const key of source) {
    const found = addressedKey(key);
    if (found === undefined) unaddressed.push(key);
    else addressed.push(found);
  }
  const missing = addressed.filter(({ key }) => !target.has(key));
  return {
    copy: [...missing.filter(({ listing }) => !listing), ...missing.filter(({ listing }) => listing)],
    present: addressed.length - missing.length,
    unaddressed,
  };
}

export interface MoveSummary {
  readonly copied: number;
  readonly copiedBytes: number;
  readonly present: number;
  readonly unaddressed: readonly string[];
}

export interface MoveOptions extends TransferOptions {
  /** Told once how many bytes are to come. */
  readonly onTotal?: ((bytes: number) => void) | undefined;
  /** A folder of the source that is left out: where the target is, when it lies inside of the source. */
  readonly except?: string | undefined;
}

/** Objects on their way at a time, each as a file in the temporary folder. */
const DEFAULT_JOBS = 8;

/** Bytes in the temporary folder for a store to which each write is a commit and a push: what small runners have room for. */
const TOGETHER_BYTES = 1024 ** 3;

/**
 * Copies everything from one store to another, verified on both sides; the source is left as it is. What is at the
 * target already is not copied again, so a move that was interrupted goes on where it stopped.
 *
 * @param temporary an existing folder for the objects on their way; empty again at the end
 * @throws the stores' errors; a damaged object of the source is E_STORE_OBJECT_CORRUPT, and nothing of it is at the target;
 *   what the target has no room for is known before anything is brought
 */
export async function moveStore(
  from: Store,
  to: Store,
  temporary: string,
  { jobs = DEFAULT_JOBS, onTotal, onBytes, signal, except }: MoveOptions = {},
): Promise<MoveSummary> {
  const sizes = await sizesOf(from, except);
  const source = [...sizes.keys()];
  const addressed = source.filter((key) => addressedKey(key) !== undefined);
  const plan = planMove(source, await to.existing(addressed, { writing: true }));
  const sizeOf = ({ key }: AddressedKey) => sizes.get(key) ?? 0;
  await to.checkRoom?.(plan.copy.map((object) => ({ title: object.key, size: sizeOf(object) })));
  onTotal?.(plan.copy.reduce((sum, object) => sum + sizeOf(object), 0));
  const folder = await mkdtemp(join(temporary, 'assay-move-'));
  let copied = 0;
  let copiedBytes = 0;

  async function bring({ key, md5, hash }: AddressedKey): Promise<StoreObject & { source: { file: string } }> {
    signal?.throwIfAborted();
    const file = join(folder, key.replaceAll('/', '-'));
    await from.read(key, { md5, hash }, file);
    const { size } = await stat(file);
    return { key, expected: { md5, hash, size }, source: { file }, title: key };
  }
  async function copyOne(addressed: AddressedKey): Promise<void> {
    const object = await bring(addressed);
    const { written, writtenBytes } = await to.write([object]);
    await rm(object.source.file, { force: true });
    onBytes?.(object.expected.size, object.key);
    copied += written;
    copiedBytes += writtenBytes;
  }
  /** As few writes as the temporary folder has room for. */
  async function copyTogether(): Promise<void> {
    for (const part of inParts(plan.copy, sizeOf, TOGETHER_BYTES)) {
      const groups: [StoreObject[], StoreObject[]] = [[], []];
      const files: string[] = [];
      await inParallel(part, Math.min(jobs, part.length), async (addressed) => {
        const object = await bring(addressed);
        groups[addressed.listing ? 1 : 0].push(object);
        files.push(object.source.file);
        onBytes?.(object.expected.size, object.key);
      });
      const { written, writtenBytes } = await to.write(...groups);
      copied += written;
      copiedBytes += writtenBytes;
      for (const file of files) await rm(file, { force: true });
    }
  }
  async function copyEach(): Promise<void> {
    // All files have to be there before the first listing that names them.
    for (const listing of [false, true]) {
      const group = plan.copy.filter((object) => object.listing === listing);
      await inParallel(group, Math.min(jobs, group.length), copyOne);
    }
  }
  try {
    await (to.describe().kind === 'ref' ? copyTogether() : copyEach());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { copied, copiedBytes, present: plan.present + (plan.copy.length - copied), unaddressed: plan.unaddressed };
}

/**
 * The store's keys with the sizes of their objects, where known. Files are listed after the listings that name them: of a
 * push in between, the listing may be on a page that is read later than its files' one.
 */
async function sizesOf(store: Store, except: string | undefined): Promise<ReadonlyMap<string, number | undefined>> {
  const isListing = ({ key }: TimedKey) => addressedKey(key)?.listing === true;
  const first = await store.listTimed('');
  const listings = new Set(first.filter(isListing).map(({ key }) => key));
  const all = listings.size === 0 ? first : await store.listTimed('');
  const wanted = all.filter((found) => !isListing(found) || listings.has(found.key));
  const inside = (key: string) => except !== undefined && key.startsWith(`${except}/`);
  return new Map(wanted.filter(({ key }) => !inside(key)).map(({ key, size }) => [key, size]));
}
