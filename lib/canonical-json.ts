import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * RFC 8785 (JCS) text of a JSON value: sorted keys, shortest round-trip numbers, no white space.
 * Members that are `undefined` are left out. NaN and infinities have no JSON and throw.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** The bytes of a file that we write: canonical JSON and one line end. */
export function canonicalFile(value: unknown): string {
  return `${canonicalJson(value)}\n`;
}

export function sha256(bytes: string | Uint8Array): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The identity of a JSON value: the sha256 of its canonical text (without the line end of its file). */
export function digestOf(value: unknown): `sha256:${string}` {
  return sha256(canonicalJson(value));
}
