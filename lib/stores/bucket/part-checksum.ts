import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * How a service checks a piece of a large object on arrival. Every S3 knows `md5`; `crc32` costs a tenth of it, and the
 * object's own digest is held against what was sent in any case.
 */
export type PartSum = 'md5' | 'crc32';

/** The checksum of a piece whose bytes come one after another. */
export interface PartChecksum {
  update(chunk: Uint8Array): void;
  /** 16 bytes, or 4 with the highest first (Amazon S3 API, `Content-MD5` and `x-amz-checksum-crc32`). */
  digest(): Buffer;
}

export function createPartChecksum(sum: PartSum): PartChecksum {
  if (sum === 'md5') {
    const md5 = createHash('md5');
    return { update: (chunk) => void md5.update(chunk), digest: () => md5.digest() };
  }
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}
