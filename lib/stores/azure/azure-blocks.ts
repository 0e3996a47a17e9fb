import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { hasCode } from '../../errors.ts';
import type { PartedContent } from '../bucket/object-bucket.ts';
import { azureFailure } from './azure-failure.ts';

/** Requests for one blob, inside of the store's retries. */
export type BlobRequest = <T>(operation: string, send: (blob: BlockBlobClient) => Promise<T>) => Promise<T>;

/**
 * Bytes of a block's name where nothing of the blob is there yet: as many as Azure's SDK for Python takes, so that what is left of an
 * upload does not keep DVC out.
 */
const NAME_BYTES = 46;
/** What a name is made of: the block's place, a dash, the MD5 of what is in it. One with less tells too little to be used again. */
const TELLING_BYTES = 39;
/** With fewer, two blocks could have one name: then the service's refusal stands. Azure's SDK for Go takes so many. */
const FEWEST_BYTES = 20;

/**
 * Sends an object in blocks, which nobody sees until they are committed; the service drops those that never are after a week. What
 * an interrupted upload left is used again: a block's name says what is in it, so writers of one key cannot mix their blocks.
 *
 * @returns the names of all blocks, in order
 */
export async function stageBlocks(
  request: BlobRequest,
  key: string,
  content: PartedContent,
  abort: { abortSignal?: AbortSignal },
): Promise<string[]> {
  const left = await uncommitted(request, key, abort);
  const [other] = left;
  // All names of a blob have to be as long as those that are there (Put Block), whose program may have been another: DVC, say.
  const there = other === undefined ? 0 : Buffer.from(other, 'base64').length;
  const nameBytes = there < FEWEST_BYTES ? NAME_BYTES : there;
  const blocks: string[] = [];
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const bytes of content.parts()) {
      const md5 = createHash('md5').update(bytes).digest();
      const id = nameOf(blocks.length, md5, nameBytes);
      blocks.push(id);
      while (underWay.size >= content.parallel) await Promise.race(underWay);
      if (failure !== undefined) break;
      const arrived = () => {
        content.arrived(bytes.byteLength);
        content.release(bytes);
      };
      if (nameBytes >= TELLING_BYTES && left.has(id)) {
        arrived();
        continue;
      }
      const sent: Promise<void> = request(`write a part of ${key}`, (blob) =>
        blob.stageBlock(id, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.byteLength, {
          transactionalContentMD5: md5,
          ...abort,
        }),
      )
        .then(arrived)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failure !== undefined) throw failure.error;
  return blocks;
}

function nameOf(place: number, md5: Buffer, bytes: number): string {
  const name = `${String(place).padStart(6, '0')}-${md5.toString('hex')}`.padEnd(bytes, '-').slice(0, bytes);
  return Buffer.from(name).toString('base64');
}

/** Names of the blocks that were sent and not committed; none where nobody may ask. */
async function uncommitted(
  request: BlobRequest,
  key: string,
  abort: { abortSignal?: AbortSignal },
): Promise<ReadonlySet<string>> {
  try {
    return await request(`look for an upload of ${key}`, async (blob) => {
      try {
        const { uncommittedBlocks = [] } = await blob.getBlockList('uncommitted', { ...abort });
        return new Set(uncommittedBlocks.map(({ name }) => name));
      } catch (error) {
        const { status, code } = azureFailure(error);
        if (status === 404 && code !== 'ContainerNotFound') return new Set();
        throw error;
      }
    });
  } catch (error) {
    if (hasCode(error, 'E_STORE_DENIED')) return new Set();
    throw error;
  }
}
