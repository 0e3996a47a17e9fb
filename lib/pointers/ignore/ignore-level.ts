import { assayError } from '../../errors.ts';
import { foldersOf } from '../outputs/overlapping-outputs.ts';
import { type IgnorePattern, type IgnoreSyntax, ignorePattern, ignoreSubject } from './ignore-pattern.ts';
import type { Effort } from './wildcard-match.ts';

/**
 * Comparisons that the patterns of one file may need for all paths that are asked for: some seconds. A thousand patterns with
 * wildcards for a hundred thousand files need about a tenth.
 */
export const MAX_IGNORE_EFFORT = 2_000_000_000;

/** The patterns of one ignore file. */
export interface IgnoreLevel {
  /**
   * What its last pattern that matches says of a path: ignored or brought back; undefined where none does.
   *
   * @param path relative to the repository's top
   * @throws E_DVC_IGNORE when the patterns have cost too much
   */
  decide(path: string, kind: 'file' | 'directory'): boolean | undefined;
}

interface Numbered {
  readonly number: number;
  readonly pattern: IgnorePattern;
}

/** The last patterns without wildcards that stand for one name or path. */
interface Last {
  readonly any?: Numbered;
  readonly directory?: Numbered;
}

interface LevelOf {
  /** The folder whose file it is, relative to the repository's top; `''` is the top. */
  readonly folder: string;
  /** For messages. */
  readonly file: string;
  readonly syntax: IgnoreSyntax;
  /** As MAX_IGNORE_EFFORT. */
  readonly limit?: number;
}

/** Patterns without wildcards are looked up, however many there are; only the others are tried. */
export function ignoreLevel(
  lines: readonly string[],
  { folder, file, syntax, limit = MAX_IGNORE_EFFORT }: LevelOf,
): IgnoreLevel {
  const names = new Map<string, Last>();
  const paths = new Map<string, Last>();
  const wild: Numbered[] = [];
  for (const [number, line] of lines.entries()) {
    const pattern = ignorePattern(line, syntax);
    const last = { number, pattern };
    if (pattern.plain === undefined) wild.push(last);
    else {
      const among = pattern.anchored ? paths : names;
      const known = among.get(pattern.plain);
      among.set(pattern.plain, pattern.directoryOnly ? { ...known, directory: last } : { ...known, any: last });
    }
  }
  const effort: Effort = { steps: 0 };
  return {
    decide(path, kind) {
      const below = relativeTo(folder, path);
      if (below === undefined) return undefined;
      const subject = ignoreSubject(below, kind, syntax);
      let best: Numbered | undefined;
      const consider = (last: Last | undefined) => {
        for (const one of [last?.any, kind === 'directory' ? last?.directory : undefined]) {
          if (one !== undefined && one.number > (best?.number ?? -1)) best = one;
        }
      };
      // For DVC what matches a folder matches what lies in it.
      for (const name of syntax === 'dvc' ? subject.names : subject.names.slice(-1)) consider(names.get(name));
      if (paths.size > 0) {
        for (const one of syntax === 'dvc' ? [...foldersOf(below), below] : [below]) consider(paths.get(one));
      }
      for (let index = wild.length - 1; index >= 0; index--) {
        const one = wild[index];
        if (one === undefined || one.number < (best?.number ?? -1)) break;
        effort.steps++;
        if (effort.steps > limit) {
          throw assayError('E_DVC_IGNORE', { file, reason: 'its patterns cost too much for the paths that are here' });
        }
        if (!one.pattern.matches(subject, effort)) continue;
        best = one;
        break;
      }
      return best === undefined ? undefined : !best.pattern.negated;
    },
  };
}

function relativeTo(folder: string, path: string): string | undefined {
  if (folder === '') return path === '' ? undefined : path;
  return path.startsWith(`${folder}/`) && path.length > folder.length + 1 ? path.slice(folder.length + 1) : undefined;
}
