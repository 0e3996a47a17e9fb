/** What git keeps of a file of Git LFS: the SHA-256 and the size of its bytes, which are elsewhere. */
export interface LfsPointer {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Bytes; a longer file is none. Source: git-lfs, docs/spec.md, "The Pointer". */
const MAX_POINTER_BYTES = 1024;

const FIRST_LINE = 'version https://git-lfs.github.com/spec/v1\n';

/** What a file of Git LFS says of its bytes; undefined for any other file. Extensions may stand between its lines. */
export function lfsPointer(bytes: Buffer): LfsPointer | undefined {
  if (bytes.length >= MAX_POINTER_BYTES) return undefined;
  const text = bytes.toString('latin1');
  if (!text.startsWith(FIRST_LINE)) return undefined;
  const sha256 = /\noid sha256:([0-9a-f]{64})\n/.exec(text)?.[1];
  const size = /\nsize (\d{1,15})\n?$/.exec(text)?.[1];
  return sha256 === undefined || size === undefined ? undefined : { sha256, size: Number(size) };
}
