/** Bytes of small objects that were verified a moment ago, so that the next step need not read them again. */
export interface RecentBytes {
  /** Keeps a copy, as long as there is room. */
  keep(md5: string, bytes: Uint8Array): void;
  get(md5: string): Buffer | undefined;
}

/** Bytes that are kept at most, and that are reserved at a time. */
const MAX_BYTES = 40 * 1024 * 1024;
const SLAB_BYTES = 2 * 1024 * 1024;

/** What does not fit any more is not kept: then it is read from where it lies. */
export function createRecentBytes(): RecentBytes {
  const kept = new Map<string, Buffer>();
  let reserved = 0;
  let slab = Buffer.alloc(0);
  return {
    keep(md5, bytes) {
      const { byteLength } = bytes;
      if (kept.has(md5)) return;
      if (slab.length < byteLength) {
        if (byteLength > SLAB_BYTES || reserved + SLAB_BYTES > MAX_BYTES) return;
        // Many small buffers would cost more than their bytes.
        slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        reserved += SLAB_BYTES;
      }
      slab.set(bytes);
      kept.set(md5, slab.subarray(0, byteLength));
      slab = slab.subarray(byteLength);
    },
    get: (md5) => kept.get(md5),
  };
}
