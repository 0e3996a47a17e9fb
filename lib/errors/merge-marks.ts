/** Why a file cannot be read that git has written both sides of a merge into; for the pointers' parsers. */
export const MERGE_MARKS = 'it has the marks of a merge that is not finished';

/** How to go on from there: git's own verbs leave one side's file, and its data are in the cache or on the remote. */
export function mergeFix(reason: string): string | undefined {
  return reason === MERGE_MARKS
    ? 'Settle that file by hand, or take one side with git checkout --ours or --theirs; then assay data pull.'
    : undefined;
}
