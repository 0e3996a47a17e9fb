import { type AssayError, assayError } from '../../errors.ts';
import type { ConfigValue } from './config-file.ts';

/** A value and the file that sets it. */
export interface Located extends ConfigValue {
  readonly file: string;
}

/** A boolean of DVC: `true` or `false`, nothing else. @throws E_DVC_CONFIG */
export function flag(set: Located | undefined, name: string): boolean | undefined {
  if (set === undefined) return undefined;
  const value = set.value.toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrongValue(set, `${name} is neither true nor false`);
}

/** A count of at least one. @throws E_DVC_CONFIG */
export function wholeNumber(set: Located | undefined, name: string): number | undefined {
  if (set === undefined) return undefined;
  const value = WHOLE.test(set.value) ? Number(set.value.replaceAll('_', '')) : 0;
  if (value >= 1 && value <= MAX_COUNT) return value;
  throw wrongValue(set, `${name} is no whole number from 1`);
}

/** More of anything is a slip. */
const MAX_COUNT = 999_999_999;
/** As Python's `int` reads it. */
export const WHOLE = /^\s*[-+]?\d+(_\d+)*\s*$/;

export type LinkType = 'reflink' | 'hardlink' | 'symlink' | 'copy';
const LINK_TYPES: readonly string[] = ['reflink', 'hardlink', 'symlink', 'copy'] satisfies LinkType[];

/** Kinds of links, in the order in which they are tried. @throws E_DVC_CONFIG */
export function linkTypes(set: Located | undefined, name: string): readonly LinkType[] | undefined {
  return set?.value.split(',').map((part) => {
    const type = part.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (!isLinkType(type)) throw wrongValue(set, `${name}: "${type}" is none of ${LINK_TYPES.join(', ')}`);
    return type;
  });
}

function isLinkType(text: string): text is LinkType {
  return LINK_TYPES.includes(text);
}

/** The error of a value that is not of its kind, with its place. */
export function wrongValue({ file, line }: Located, reason: string): AssayError {
  return assayError('E_DVC_CONFIG', { file, line, reason });
}
