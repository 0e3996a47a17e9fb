/**
 * For transfers: git looks for differences between blobs up to 512 MiB, ten of them in memory at a time. A push of ten files of
 * 96 MiB took 1.6 GB so, and minutes, for data that have none. Larger blobs than this are streamed. Source: git-config(1).
 */
export const STREAMED: readonly string[] = ['-c', 'core.bigFileThreshold=1m'];
