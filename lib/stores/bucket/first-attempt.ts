import type { PutResult } from './object-bucket.ts';

/**
 * Tells what a conditional write came to. What a second attempt finds in its way is what the first one wrote: its
 * answer was lost, not its work.
 */
export function firstAttempt(): (attempt: Promise<PutResult>) => Promise<PutResult> {
  let attempts = 0;
  return async (attempt) => {
    attempts++;
    return (await attempt) === 'written' || attempts > 1 ? 'written' : 'exists';
  };
}
