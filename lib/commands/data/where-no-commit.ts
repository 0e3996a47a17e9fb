import { hasCode } from '../../errors.ts';

/** What to take, instead of the error, where git has no commit yet, or where there is no git. */
export function whereNoCommit<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, 'E_GIT_NO_COMMIT', 'E_GIT_NOT_A_REPOSITORY')) return otherwise;
    throw error;
  };
}
