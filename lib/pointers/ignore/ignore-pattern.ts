import { type Effort, matchesWildcards, parseWildcards, plainLength, unitsOf } from './wildcard-match.ts';

/** DVC's patterns are git's with differences: see `ignorePattern`. */
export type IgnoreSyntax = 'dvc' | 'git';

/** A path that is asked for, below the folder of an ignore file. */
export interface IgnoreSubject {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** Its folders' names and its own. */
  readonly names: readonly string[];
  /** The path as patterns compare it, made when it is asked for. */
  units(): ArrayLike<number>;
}

/** One line of an ignore file. */
export interface IgnorePattern {
  /** It brings back what one before it ignored. */
  readonly negated: boolean;
  readonly directoryOnly: boolean;
  /** It is held against paths from the file's folder on; else against names alone. */
  readonly anchored: boolean;
  /** The path or name that it stands for, where it has no wildcards. */
  readonly plain?: string;
  /** Whether a path is what it says. Not for `plain` ones. */
  matches(subject: IgnoreSubject, effort: Effort): boolean;
}

export function ignoreSubject(path: string, kind: 'file' | 'directory', syntax: IgnoreSyntax): IgnoreSubject {
  let units: ArrayLike<number> | undefined;
  return { path, kind, names: path.split('/'), units: () => (units ??= unitsOf(path, syntax)) };
}

/**
 * Reads a pattern. As git says, except that for DVC (pathspec makes an expression of the beginning of a path): what matches a folder
 * matches all that lies in it, also for `!`; `a/**` is the folder `a` too; and characters are no bytes.
 * Source: gitignore(5); git, dir.c (`parse_path_pattern`, `match_basename`, `match_pathname`); pathspec, gitignore/spec.py.
 */
export function ignorePattern(line: string, syntax: IgnoreSyntax): IgnorePattern {
  const negated = line.startsWith('!');
  const directoryOnly = line.length > (negated ? 1 : 0) && line.endsWith('/');
  const written = line.slice(negated ? 1 : 0, directoryOnly ? -1 : undefined);
  // A name in any folder is a name.
  const only = (syntax === 'dvc' ? oneSkip(written) : written).replace(ANY_FOLDER[syntax], '');
  const anchored = only.includes('/');
  const inside = syntax === 'dvc' && anchored && only.endsWith('/**') && only !== '/**';
  const text = (inside ? only.slice(0, -3) : only).replace(/^\//, '');
  const pattern = unitsOf(text, syntax);
  const shape = { negated, directoryOnly, anchored };
  if (plainLength(pattern) === pattern.length && !inside) return { ...shape, plain: text, matches: () => false };
  const steps = parseWildcards(pattern, syntax === 'dvc' ? 'exact' : anchored ? 'loose' : 'any');
  const start = text.slice(0, text.search(/[*?[\\]|$/));
  const suffix = /^\*[^*?[\\/]*$/.test(text) ? text.slice(1) : undefined;
  const isName = (name: string, effort: Effort) =>
    suffix === undefined
      ? steps !== undefined && name.startsWith(start) && matchesWildcards(steps, unitsOf(name, syntax), 'whole', effort)
      : name.endsWith(suffix);
  return {
    ...shape,
    matches({ path, kind, names, units }, effort) {
      if (directoryOnly && kind === 'file') return false;
      if (!anchored) return (syntax === 'git' ? names.slice(-1) : names).some((name) => isName(name, effort));
      if (steps === undefined || !path.startsWith(start)) return false;
      const ends = syntax === 'git' ? 'whole' : inside && kind === 'file' ? 'folder' : 'path';
      return matchesWildcards(steps, units(), ends, effort);
    },
  };
}

/** What stands before a name that may be in any folder. */
const ANY_FOLDER = { git: /^\*{2,}\/(?=[^/]+$)/, dvc: /^\*\*\/(?=[^/]+$)/ };

/** Folders that are skipped several times in a row, skipped once. */
function oneSkip(pattern: string): string {
  return pattern.replace(/(?<=^|\/)(?:\*\*\/)+(?=\*\*(?:\/|$))/g, '');
}
