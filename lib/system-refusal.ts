import { refusalFix } from './errors/refusals.ts';
import { AssayError, assayError } from './errors.ts';

/**
 * What was thrown, as an error of the catalogue where an operating system refused something for want of space, permission or the
 * like: that is no defect of ours, wherever it is met. Anything else as it is.
 */
export function catalogued(thrown: unknown): unknown {
  if (thrown instanceof AssayError || !(thrown instanceof Error && 'syscall' in thrown)) return thrown;
  if (refusalFix(thrown.message) === undefined) return thrown;
  return assayError('E_SYSTEM_REFUSED', { reason: thrown.message }, thrown);
}
