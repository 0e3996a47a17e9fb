import { bytesMismatch } from './content-digest.ts';
import { placeVerified, SMALL_OBJECT } from './place-verified.ts';
import { copyVerified, type VerifiedCopy } from './verified-copy.ts';

/**
 * Writes a stream to a file that appears whole and verified: through memory when it turns out to be small, else as
 * `copyVerified`.
 *
 * @param small takes verified bytes in the place of the file
 * @throws as `copyVerified`
 */
export async function keepVerified(copy: VerifiedCopy, small?: (bytes: Uint8Array) => void): Promise<void> {
  // What is continued is large.
  if (copy.unfinished !== undefined && copy.unfinished.bytes > 0) return copyVerified(copy);
  const chunks = copy.source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes <= SMALL_OBJECT) {
      const step = await chunks.next();
      if (step.done === true) {
        const [only = new Uint8Array(0)] = first;
        const whole = first.length <= 1 ? only : Buffer.concat(first);
        if (small === undefined) return placeVerified({ ...copy, bytes: whole });
        const found = bytesMismatch(copy.expected, whole);
        if (found !== undefined) throw copy.mismatch(found);
        return small(whole);
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
