import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where one run of the tests keeps what several files begin from. */
    preparedFolder: string;
  }
}

/** Makes the folder before the tests, and removes it after the last of them. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-prepared-'));
  provide('preparedFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
