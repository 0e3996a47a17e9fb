import type { AssayError } from '../../errors.ts';

/** What a verb tells, and the error that a part of its work ended in: everything else was done all the same. */
export interface Outcome<D> {
  readonly document: D;
  readonly error?: AssayError;
}
