import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assayError, messageOf } from './errors.ts';

/**
 * Makes a new empty folder where the system keeps what is soon gone (TMPDIR); who asks for it removes it.
 *
 * @param kind a word of its name
 * @throws E_STORE_WRITE naming where it was to be
 */
export async function temporaryFolder(kind: string): Promise<string> {
  const place = resolve(tmpdir());
  try {
    return await mkdtemp(join(place, `assay-${kind}-`));
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path: place, reason: `no temporary folder: ${messageOf(error)}` }, error);
  }
}
