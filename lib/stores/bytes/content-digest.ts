import { createHash, hash } from 'node:crypto';
import { createDosToUnixHash } from './dos-to-unix-hash.ts';

/** What a content hash tells: DVC's address, the seal, and the number of bytes. */
export interface ContentDigest {
  /** 32 hex digits: DVC's address of the bytes, not a seal. */
  readonly md5: string;
  readonly sha256: `sha256:${string}`;
  /** Bytes. */
  readonly size: number;
}

/** What bytes have to be. `hash` says how `md5` was made: DVC 3 hashes raw bytes, DVC 2 text with Unix line ends. */
export interface ExpectedContent {
  readonly md5: string;
  readonly hash?: 'md5' | 'md5-dos2unix' | undefined;
  readonly sha256?: string | undefined;
  readonly size?: number | undefined;
  /** Bytes, where the size is not sure: of a source that sends more no more is written to the disk. */
  readonly atMost?: number | undefined;
}

export interface ContentHash {
  update(chunk: Uint8Array): void;
  digest(): ContentDigest;
}

/** MD5 and SHA-256 in one pass over the bytes. */
export function createContentHash(address: ExpectedContent['hash'] = 'md5'): ContentHash {
  const md5 = address === 'md5' ? createHash('md5') : createDosToUnixHash();
  const sha256 = createHash('sha256');
  let size = 0;
  return {
    update(chunk) {
      md5.update(chunk);
      sha256.update(chunk);
      size += chunk.byteLength;
    },
    digest: () => ({ md5: md5.digest('hex'), sha256: `sha256:${sha256.digest('hex')}`, size }),
  };
}

/** Bytes held against what they have to be. */
export interface ContentCheck {
  update(chunk: Uint8Array): void;
  /** The first way in which the bytes are not what is expected; undefined when they are. */
  mismatch(): { readonly expected: string; readonly actual: string } | undefined;
}

/** Holds bytes against what is expected with no more digests than that takes: the seal costs as much as the address. */
export function createContentCheck(expected: ExpectedContent): ContentCheck {
  if (expected.sha256 !== undefined) {
    const hash = createContentHash(expected.hash);
    return { update: hash.update, mismatch: () => contentMismatch(expected, hash.digest()) };
  }
  const md5 = expected.hash === 'md5-dos2unix' ? createDosToUnixHash() : createHash('md5');
  let size = 0;
  return {
    update(chunk) {
      md5.update(chunk);
      size += chunk.byteLength;
    },
    mismatch: () => contentMismatch(expected, { md5: md5.digest('hex'), sha256: 'sha256:', size }),
  };
}

/** The same of bytes that are all in memory; of small ones in half the time. */
export function bytesMismatch(expected: ExpectedContent, bytes: Uint8Array): ReturnType<ContentCheck['mismatch']> {
  if (expected.sha256 === undefined && expected.hash !== 'md5-dos2unix') {
    return contentMismatch(expected, { md5: hash('md5', bytes, 'hex'), sha256: 'sha256:', size: bytes.byteLength });
  }
  const check = createContentCheck(expected);
  check.update(bytes);
  return check.mismatch();
}

/** The first way in which content is not what is expected, or undefined when it is. */
export function contentMismatch(
  expected: ExpectedContent,
  actual: ContentDigest,
): { readonly expected: string; readonly actual: string } | undefined {
  if (expected.size !== undefined && expected.size !== actual.size) {
    return { expected: `${expected.size} bytes`, actual: `${actual.size} bytes` };
  }
  if (expected.md5 !== actual.md5) return { expected: `md5 ${expected.md5}`, actual: `md5 ${actual.md5}` };
  if (expected.sha256 !== undefined && expected.sha256 !== actual.sha256) {
    return { expected: expected.sha256, actual: actual.sha256 };
  }
  return undefined;
}
