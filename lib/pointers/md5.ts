import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { assayError, messageOf } from '../errors.ts';
import { type ContentDigest, createContentHash } from '../stores/bytes/content-digest.ts';
import type { PointerHash } from './object-key.ts';

/** DVC's address of bytes: 32 hex digits. An address, not a seal (design §6). */
export function md5(bytes: string | Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** MD5 and SHA-256 of a stream in one pass. */
export async function digestStream(
  chunks: AsyncIterable<Uint8Array>,
  hash: PointerHash = 'md5',
): Promise<ContentDigest> {
  const content = createContentHash(hash);
  for await (const chunk of chunks) content.update(chunk);
  return content.digest();
}

/** MD5 and SHA-256 of a file in one pass, in bounded memory. @throws E_STORE_READ */
export async function digestContent(path: string, hash: PointerHash = 'md5'): Promise<ContentDigest> {
  try {
    return await digestStream(createReadStream(path), hash);
  } catch (error) {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
}
