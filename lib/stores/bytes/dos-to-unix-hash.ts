import { createHash } from 'node:crypto';

/** DVC 2 hashes in pieces of this many bytes; a line end cut by their border is not converted. */
const CHUNK_BYTES = 1024 * 1024;
/** Bytes at the start of each piece that decide whether it is text. */
const SAMPLE_BYTES = 512;
/** A sample with more than this share of bytes that text does not have is binary. */
const MAX_NON_TEXT_SHARE = 0.3;

const CR = 0x0d;
const LF = 0x0a;

/**
 * DVC 2's `md5-dos2unix`: MD5 of the bytes with CRLF turned into LF in every 1 MiB piece that looks like text.
 * Only needed to verify data behind 2.x pointers. Source: dvc-data, hashfile/hash.py and hashfile/istextfile.py.
 */
export function createDosToUnixHash(): { update(bytes: Uint8Array): void; digest(encoding: 'hex'): string } {
  const md5 = createHash('md5');
  const piece = Buffer.alloc(CHUNK_BYTES);
  let filled = 0;

  function flush(): void {
    const bytes = piece.subarray(0, filled);
    md5.update(looksLikeText(bytes.subarray(0, SAMPLE_BYTES)) ? withUnixLineEnds(bytes) : bytes);
    filled = 0;
  }
  return {
    update(bytes) {
      for (let from = 0; from < bytes.byteLength; ) {
        const taken = Math.min(CHUNK_BYTES - filled, bytes.byteLength - from);
        piece.set(bytes.subarray(from, from + taken), filled);
        filled += taken;
        from += taken;
        if (filled === CHUNK_BYTES) flush();
      }
    },
    digest(encoding) {
      if (filled > 0) flush();
      return md5.digest(encoding);
    },
  };
}

function looksLikeText(sample: Uint8Array): boolean {
  let nonText = 0;
  for (const byte of sample) {
    if (byte === 0) return false;
    const text =
      (byte >= 0x20 && byte <= 0x7e) || byte === LF || byte === CR || byte === 9 || byte === 12 || byte === 8;
    if (!text) nonText++;
  }
  return nonText <= MAX_NON_TEXT_SHARE * sample.byteLength;
}

function withUnixLineEnds(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.byteLength);
  let length = 0;
  for (let i = 0; i < bytes.byteLength; i++) {
    if (bytes[i] === CR && bytes[i + 1] === LF) continue;
    out[length++] = bytes[i] ?? 0;
  }
  return out.subarray(0, length);
}
