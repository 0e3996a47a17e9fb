/** Bytes of each unit a size may be written in: powers of ten (SI) and of two (IEC 80000-13). */
const UNIT_BYTES = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
} as const;

const PATTERN = /^(\d+(?:\.\d+)?) ?([kKMG]?i?B)$/;

/** `100MB`, `1.5 GiB`, `512kB` … in whole bytes; undefined for anything else. */
export function parseByteSize(text: string): number | undefined {
  const match = PATTERN.exec(text);
  const unit = match?.[2] ?? '';
  if (match === null || !Object.hasOwn(UNIT_BYTES, unit)) return undefined;
  return Math.round(Number(match[1]) * UNIT_BYTES[unit as keyof typeof UNIT_BYTES]);
}
