import { assayError } from '../../errors.ts';
import type { IndexProblem, TrackedOutput } from './tracked-output.ts';

/**
 * Outputs that are declared twice or lie in one another, and pointers that lie in what is tracked: DVC refuses all of them.
 *
 * @param outputs sorted by path, by code point
 */
export function overlaps(outputs: readonly TrackedOutput[]): IndexProblem[] {
  const problems: IndexProblem[] = [];
  const known = new Map<string, TrackedOutput>();
  for (const output of outputs) {
    const { path, declaredIn } = output;
    const other = known.get(path);
    if (other === undefined) known.set(path, output);
    else problems.push(clash(output, other));
    for (const folder of foldersOf(path)) {
      const above = known.get(folder);
      if (above !== undefined) problems.push(clash({ path, declaredIn }, above));
    }
  }
  for (const file of new Set(outputs.map((output) => output.declaredIn))) {
    for (const tracked of [...foldersOf(file), file]) {
      const above = known.get(tracked);
      if (above === undefined) continue;
      const details = { file, output: above.path, declaredIn: above.declaredIn };
      problems.push({ file, error: assayError('E_POINTER_INSIDE_OUTPUT', details) });
    }
  }
  return problems;
}

function clash({ path, declaredIn }: Pick<TrackedOutput, 'path' | 'declaredIn'>, other: TrackedOutput): IndexProblem {
  const details = { path, declaredIn, other: other.path, otherDeclaredIn: other.declaredIn };
  return { file: declaredIn, error: assayError('E_OUTPUT_OVERLAP', details) };
}

/** `a`, `a/b` of `a/b/c`. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}
