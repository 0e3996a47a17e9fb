import ignore, { type Ignore } from 'ignore';
import { assayError } from '../errors.ts';

/** Bytes of one `.dvcignore` or `.gitignore`. */
export const MAX_IGNORE_BYTES = 1024 * 1024;
/** Characters of one pattern: more than a path can have. */
const MAX_PATTERN_LENGTH = 8192;
/** Patterns of one file: each is a regular expression of its own. */
export const MAX_IGNORE_PATTERNS = 10_000;

/** What DVC never looks into. Source: dvc/ignore.py. */
const DVC_DEFAULTS = ['.hg/', '.git/', '.git', '.dvc/'];

interface Level {
  /** The folder whose file it is, relative to the repository's top; `''` is the top. */
  readonly folder: string;
  readonly patterns: Ignore;
}

/** The patterns that hold in a folder: those of its ignore files from the top of the repository down. */
export interface IgnoreRules {
  readonly levels: readonly Level[];
}

/** The rules that hold before any `.dvcignore` is read. */
export function dvcIgnoreDefaults(): IgnoreRules {
  return { levels: [{ folder: '', patterns: matcher(DVC_DEFAULTS) }] };
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
  { file, syntax }: { readonly file: string; readonly syntax: 'dvc' | 'git' },
): IgnoreRules {
  if (Buffer.byteLength(text) > MAX_IGNORE_BYTES) {
    throw assayError('E_DVC_IGNORE', { file, reason: `it is longer than ${MAX_IGNORE_BYTES} bytes` });
  }
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const nul = lines.findIndex((line) => line.includes('\0'));
  if (nul !== -1) throw assayError('E_DVC_IGNORE', { file, line: nul + 1, reason: 'it has a NUL character' });
  const long = lines.findIndex((line) => line.length > MAX_PATTERN_LENGTH);
  if (long !== -1) {
    const reason = `a pattern is longer than ${MAX_PATTERN_LENGTH} characters`;
    throw assayError('E_DVC_IGNORE', { file, line: long + 1, reason });
  }
  const patterns = lines
    .map((line) => (syntax === 'dvc' ? line.trim() : line))
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns.length > MAX_IGNORE_PATTERNS) {
    throw assayError('E_DVC_IGNORE', { file, reason: `it has more than ${MAX_IGNORE_PATTERNS} patterns` });
  }
  return withPatterns(rules, folder, patterns);
}

/** The rules with some patterns more, which start from `folder`. */
export function withPatterns(rules: IgnoreRules, folder: string, patterns: readonly string[]): IgnoreRules {
  if (patterns.length === 0) return rules;
  return { levels: [...rules.levels, { folder, patterns: matcher(patterns) }] };
}

/**
 * Whether a path is ignored, itself or with a folder above it. The last pattern that matches decides, deeper files go before
 * higher ones, and what lies in an ignored folder cannot be brought back.
 *
 * @param path relative to the repository's top, forward slashes
 */
export function isIgnored(rules: IgnoreRules, path: string, kind: 'file' | 'directory'): boolean {
  const parts = path.split('/');
  return parts.some((_part, index) => {
    const last = index === parts.length - 1;
    return isIgnoredItself(rules, parts.slice(0, index + 1).join('/'), last ? kind : 'directory');
  });
}

/** As `isIgnored`, for a path whose folders are known not to be ignored. */
export function isIgnoredItself({ levels }: IgnoreRules, path: string, kind: 'file' | 'directory'): boolean {
  for (let index = levels.length - 1; index >= 0; index--) {
    const level = levels[index];
    if (level === undefined) continue;
    const below = relativeTo(level.folder, path);
    if (below === undefined) continue;
    const { ignored, unignored } = level.patterns.test(kind === 'directory' ? `${below}/` : below);
    if (ignored || unignored) return ignored;
  }
  return false;
}

function relativeTo(folder: string, path: string): string | undefined {
  if (folder === '') return path === '' ? undefined : path;
  return path.startsWith(`${folder}/`) && path.length > folder.length + 1 ? path.slice(folder.length + 1) : undefined;
}

function matcher(patterns: readonly string[]): Ignore {
  return ignore({ ignoreCase: false, allowRelativePaths: true }).add(patterns.map(singleStars));
}

// Two stars for any folders say the same twice as once, but each time more multiplies the time for a path that does not match.
function singleStars(pattern: string): string {
  return pattern.replace(/(?<=^|\/)(?:\*\*\/){2,}/g, '**/');
}
