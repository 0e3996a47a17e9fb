import { AssayError, assayError, messageOf } from '../../errors.ts';

/** Runs a change of the file system; what goes wrong names the path that was to be written. @throws E_STORE_WRITE */
export async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
  }
}
