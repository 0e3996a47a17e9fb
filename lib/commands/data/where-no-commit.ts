import { AssayError } from '../../errors.ts';

const NO_COMMIT: ReadonlySet<string> = new Set(['E_GIT_NO_COMMIT', 'E_GIT_NOT_A_REPOSITORY']);

/** What to take, instead of the error, where git has no commit yet, or where there is no git. */
export function whereNoCommit<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof AssayError && NO_COMMIT.has(error.code)) return otherwise;
    throw error;
  };
}
