import { placeVerified, SMALL_OBJECT } from './place-verified.ts';
import { copyVerified, type VerifiedCopy } from './verified-copy.ts';

/**
 * Writes a stream to a file that appears whole and verified: through memory when it turns out to be small, else as
 * `copyVerified`.
 *
 * @throws as `copyVerified`
 */
export async function keepVerified(copy: VerifiedCopy): Promise<void> {
  const chunks = copy.source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes <= SMALL_OBJECT) {
      const step = await chunks.next();
      if (step.done === true) {
        const [only = new Uint8Array(0)] = first;
        placeVerified({ ...copy, bytes: first.length <= 1 ? only : Buffer.concat(first) });
        return;
      }
      first.push(step.value);
      bytes += step.value.byteLength;
    }
    await copyVerified({ ...copy, source: following(first, chunks) });
  } finally {
    await chunks.return?.();
  }
}

async function* following(first: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk;
  for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value;
}
