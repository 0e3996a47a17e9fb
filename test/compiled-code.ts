import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * What a process of ours is started with to share what others compiled in this run of the tests: without it, that is half of
 * what a process does until its first line.
 */
export function compiledCode(): { readonly NODE_COMPILE_CACHE: string } {
  return { NODE_COMPILE_CACHE: join(inject('preparedFolder'), 'compiled') };
}
