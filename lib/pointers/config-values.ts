import { type AssayError, assayError } from '../errors.ts';
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
  if (/^\d{1,9}$/.test(set.value) && Number(set.value) >= 1) return Number(set.value);
  throw wrongValue(set, `${name} is no whole number from 1`);
}

/** The error of a value that is not of its kind, with its place. */
export function wrongValue({ file, line }: Located, reason: string): AssayError {
  return assayError('E_DVC_CONFIG', { file, line, reason });
}
