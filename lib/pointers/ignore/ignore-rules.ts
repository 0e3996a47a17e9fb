import { assayError } from '../../errors.ts';
import { foldersOf } from '../outputs/overlapping-outputs.ts';
import { type IgnoreLevel, ignoreLevel } from './ignore-level.ts';
import type { IgnoreSyntax } from './ignore-pattern.ts';

/** Bytes of one `.dvcignore` or `.gitignore`: `add` writes a line for each of a folder's files that are tracked one by one. */
const MAX_IGNORE_BYTES = 16 * 1024 * 1024;
/** Characters of one pattern: more than a path can have. */
const MAX_PATTERN_LENGTH = 8192;
/** Patterns of one file. Most are names, which are looked up; what the others may cost is bounded by `MAX_IGNORE_EFFORT`. */
const MAX_IGNORE_PATTERNS = 200_000;

/** What DVC never looks into. Source: dvc/ignore.py. */
const DVC_DEFAULTS = ['.hg/', '.git/', '.git', '.dvc/'];

/** The patterns that hold in a folder: those of its ignore files from the top of the repository down. */
export interface IgnoreRules {
  readonly levels: readonly IgnoreLevel[];
}

/** The rules that hold before any `.dvcignore` is read. */
export function dvcIgnoreDefaults(): IgnoreRules {
  return { levels: [ignoreLevel(DVC_DEFAULTS, { folder: '', file: '.dvcignore', syntax: 'dvc' })] };
}

export const NO_IGNORE_RULES: IgnoreRules = { levels: [] };

/**
 * The rules of a folder that has an ignore file of its own.
 *
 * @param text of the file
 * @param syntax DVC strips every line on both sides, git keeps what stands before and what is escaped
 * @throws E_DVC_IGNORE
 */
export function withIgnoreFile(
  rules: IgnoreRules,
  folder: string,
  text: string,
  { file, syntax }: { readonly file: string; readonly syntax: IgnoreSyntax },
): IgnoreRules {
  if (Buffer.byteLength(text) > MAX_IGNORE_BYTES) {
    throw assayError('E_DVC_IGNORE', { file, reason: `it is longer than ${MAX_IGNORE_BYTES} bytes` });
  }
  const lines = syntax === 'dvc' ? text.split(/\r\n|\n|\r/) : `${text.replace(/^\ufeff/, '')}\n`.split(/\r?\n/);
  const nul = lines.findIndex((line) => line.includes('\0'));
  if (nul !== -1) throw assayError('E_DVC_IGNORE', { file, line: nul + 1, reason: 'it has a NUL character' });
  const long = lines.findIndex((line) => line.length > MAX_PATTERN_LENGTH);
  if (long !== -1) {
    const reason = `a pattern is longer than ${MAX_PATTERN_LENGTH} characters`;
    throw assayError('E_DVC_IGNORE', { file, line: long + 1, reason });
  }
  const patterns = lines
    .map(syntax === 'dvc' ? stripped : trimmed)
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns.length > MAX_IGNORE_PATTERNS) {
    throw assayError('E_DVC_IGNORE', { file, reason: `it has more than ${MAX_IGNORE_PATTERNS} patterns` });
  }
  if (patterns.length === 0) return rules;
  return { levels: [...rules.levels, ignoreLevel(patterns, { folder, file, syntax })] };
}

/** As Python's `str.strip`. Not by one expression: it would begin anew at every space. */
function stripped(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && PYTHON_SPACE.test(line[start] ?? '')) start++;
  while (end > start && PYTHON_SPACE.test(line[end - 1] ?? '')) end--;
  return line.slice(start, end);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: four of them are spaces for Python
const PYTHON_SPACE = /[^\S\ufeff]|[\u001c-\u001f\u0085]/;

/** Spaces at the end go, unless they are escaped. Source: git, dir.c, `trim_trailing_spaces`. */
function trimmed(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return line.slice(0, slashes % 2 === 1 ? end + 1 : end);
}

/**
 * Whether a path is ignored, itself or with a folder above it. The last pattern that matches decides, deeper files go before
 * higher ones, and what lies in an ignored folder cannot be brought back.
 *
 * @param path relative to the repository's top, forward slashes
 * @throws E_DVC_IGNORE where the patterns cost too much
 */
export function isIgnored(rules: IgnoreRules, path: string, kind: 'file' | 'directory'): boolean {
  if (rules.levels.length === 0) return false;
  return (
    foldersOf(path).some((folder) => isIgnoredItself(rules, folder, 'directory')) || isIgnoredItself(rules, path, kind)
  );
}

/** As `isIgnored`, for a path whose folders are known not to be ignored. @throws E_DVC_IGNORE */
export function isIgnoredItself({ levels }: IgnoreRules, path: string, kind: 'file' | 'directory'): boolean {
  for (let index = levels.length - 1; index >= 0; index--) {
    const decided = levels[index]?.decide(path, kind);
    if (decided !== undefined) return decided;
  }
  return false;
}
