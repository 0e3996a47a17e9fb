import type { Blocks } from './block.ts';

/** The exact command that repeats what is shown; nothing where none is known. */
export function repeatFold(command: string | undefined): Blocks {
  if (command === undefined) return [];
  return [{ kind: 'fold', title: ['Repeat it on your machine'], blocks: [{ kind: 'command', text: command }] }];
}
