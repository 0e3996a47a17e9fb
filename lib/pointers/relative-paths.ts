import { posix } from 'node:path';
import { isDotGit } from '../dot-git.ts';

/** Bytes of one name: what ext4, APFS and NTFS take. */
const MAX_NAME_BYTES = 255;
/** Bytes of a whole path: PATH_MAX of Linux. */
const MAX_PATH_BYTES = 4096;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** Windows: names of devices, with any ending. Superscript digits count too. Source: Microsoft, "Naming Files". */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\..*)?$/i;

/**
 * `contained`: what cannot be written below a folder on any system, or leads out of it.
 * `portable`: moreover what Windows or macOS would not keep as it is; a registered artifact has to work everywhere.
 */
export type PathRules = 'contained' | 'portable';

export interface PathProblem {
  readonly path: string;
  readonly reason: string;
}

/** The first of these relative paths (forward slashes) that breaks the rules or clashes with another; undefined if none. */
export function pathProblem(paths: Iterable<string>, rules: PathRules): PathProblem | undefined {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const fold = rules === 'portable' ? foldCase : (path: string) => path;
  for (const path of paths) {
    const reason = formProblem(path, rules);
    if (reason !== undefined) return { path, reason };
    const key = fold(path);
    const twin = files.get(key);
    if (twin === path) return { path, reason: 'it is listed twice' };
    if (twin !== undefined) return { path, reason: `it differs from "${twin}" in case only` };
    if (folders.has(key)) return { path, reason: 'it is a file and a folder at once' };
    files.set(key, path);
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      const known = folders.get(fold(folder));
      if (known !== undefined && known !== folder) {
        return { path, reason: `its folder differs from "${known}" in case only` };
      }
      folders.set(fold(folder), folder);
    }
  }
  for (const [key, path] of files) {
    if (folders.has(key)) return { path, reason: 'it is a file and a folder at once' };
  }
  return undefined;
}

/** The folder that a relative path lies in, forward slashes; '' for the top. */
export function parentOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function formProblem(path: string, rules: PathRules): string | undefined {
  if (path === '') return 'it is empty';
  if (LONE_SURROGATE.test(path)) return 'it is not valid Unicode';
  if (CONTROL.test(path)) return 'it has control characters';
  if (path.includes('\\')) return 'it has a backslash, which separates folders on Windows';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (/^[a-z]:/i.test(path)) return 'it names a drive';
  for (const name of path.split('/')) {
    const reason = nameProblem(name) ?? (rules === 'portable' ? portabilityProblem(name) : undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is absolute or has an empty part';
  if (name === '.' || name === '..') return `it has a part "${name}"`;
  if (isDotGit(name)) return 'it reaches into .git';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it has a name longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

function portabilityProblem(name: string): string | undefined {
  if (DEVICE.test(name)) return 'it has the name of a Windows device';
  if (/[<>:"|?*]/.test(name)) return 'it has one of < > : " | ? *, which Windows does not take';
  if (/[. ]$/.test(name)) return 'it has a name ending in a dot or a space, which Windows drops';
  return undefined;
}

/** Names that a case-insensitive file system takes for the same have the same folded form (macOS also normalises). */
function foldCase(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase();
}
