import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export { canonicalFile, canonicalJson, digestOf, sha256 } from './canonical-json.ts';

/** `sha256:<64 hex>`: how every file that Assay writes is known (design §2). */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
export type Digest = z.infer<typeof Digest>;

/** The sha256 of a file's bytes, streamed. */
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}
