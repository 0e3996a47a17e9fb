import { type AssayError, assayError } from '../errors.ts';
import { plainAddress } from '../plain-address.ts';

export interface FailedCommand {
  readonly folder: string;
  readonly args: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
  /** The remote it spoke to, as the user names it. */
  readonly remote?: string;
}

/** Exit code of git for arguments it does not know (its usage.c). */
const USAGE_EXIT = 129;

/** Longest part of git's own words that a message quotes, in characters. */
const MAX_DETAIL = 400;

/** git's messages in the C locale; the first pattern that matches decides, so the particular stand before the general. */
const AUTH =
  /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied \(|Invalid username or|Permission to \S+ denied|returned error: 40[13]|HTTP Basic: Access denied|Write access to repository not granted|Repository not found|repository '.*' not found/i;
const UNREACHABLE =
  /Could not resolve host|Couldn't connect|Failed to connect|Connection (?:refused|reset|timed out)|Operation timed out|Operation too slow|unable to access|does not appear to be a git repository|Could not read from remote repository|early EOF|hung up unexpectedly|RPC failed|unable to look up|network is unreachable/i;
const NO_COMMIT =
  /ambiguous argument 'HEAD'|Not a valid object name:? HEAD|bad revision 'HEAD'|Needed a single revision/;
const LOCKED = /Unable to create '.*\.lock': File exists|cannot lock ref|shallow file has changed/;
/** The same words for a lock that the file system does not let it make. */
const REFUSED = /Unable to create '.*\.lock': (?!File exists)/;

/** What the disk here said; lines of a remote begin with its name. By the system's own name for it. */
const DISK: readonly (readonly [string, RegExp])[] = [
  ['ENOSPC', /^(?!remote:).*No space left on device/im],
  ['EDQUOT', /^(?!remote:).*Disk quota exceeded/im],
  ['EROFS', /^(?!remote:).*Read-only file system/im],
];

/** An address in a text: scheme, what stands before the path, the path, the query. */
const ADDRESS = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)([^/?#\s'"]*)([^?#\s'"]*)([?#][^\s'"]*)?/gi;

/** Takes user names, passwords, queries and tokens out of URLs and headers: git quotes both in its messages. */
export function withoutCredentials(text: string): string {
  return text
    .replace(ADDRESS, (_whole, scheme: string, authority: string, path: string) =>
      plainAddress(scheme, authority, path),
    )
    .replace(/(authorization:\s*)[^\r\n'"]+/gi, '$1***')
    .replace(/\b(gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]+/g, '$1***');
}

/** The lines of git's standard error that say what went wrong, in one line, without credentials or hints. */
export function gitDetail(stderr: string): string {
  const lines = withoutCredentials(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:') && !line.startsWith('warning:'));
  const telling = lines.filter((line) => /^(fatal|error|remote|ssh):/.test(line));
  return (telling.length > 0 ? telling : lines).join('; ').slice(0, MAX_DETAIL);
}

/** The first argument that is not an option or the value of `-c`: the command's name. */
function commandName(args: readonly string[]): string {
  return args.find((arg, place) => !arg.startsWith('-') && args[place - 1] !== '-c') ?? '';
}

/** The catalogued error (E_GIT_*) of a git command that did not end with 0. */
export function gitFailure({ folder, args, code, stderr, remote }: FailedCommand): AssayError {
  const command = commandName(args);
  const detail = gitDetail(stderr);
  const cause = new Error(withoutCredentials(stderr.trim()));
  const named = withoutCredentials(remote ?? 'of this repository');
  if (/dubious ownership/.test(stderr)) {
    // The top of its work tree, which may lie above; git quotes it for a shell.
    const [, allowed = folder] = /--add safe\.directory (.+)/.exec(stderr) ?? [];
    return assayError('E_GIT_UNSAFE', { folder, allowed }, cause);
  }
  if (/not a git repository(?: \(or|:)/.test(stderr)) return assayError('E_GIT_NOT_A_REPOSITORY', { folder }, cause);
  const refused = DISK.find(([, words]) => words.test(stderr));
  if (refused !== undefined) {
    return assayError('E_SYSTEM_REFUSED', { reason: `git ${command} in ${folder}: ${refused[0]}: ${detail}` }, cause);
  }
  if (NO_COMMIT.test(stderr)) return assayError('E_GIT_NO_COMMIT', { folder }, cause);
  if (REFUSED.test(stderr)) return assayError('E_GIT_FAILED', { command, status: statusOf(code), detail }, cause);
  if (LOCKED.test(stderr)) return assayError('E_GIT_LOCKED', { detail }, cause);
  if (AUTH.test(stderr)) return assayError('E_GIT_AUTH', { remote: named, detail }, cause);
  if (UNREACHABLE.test(stderr)) return assayError('E_GIT_UNREACHABLE', { remote: named, detail }, cause);
  if (code === USAGE_EXIT) return assayError('E_GIT_TOO_OLD', { command, detail }, cause);
  return assayError('E_GIT_FAILED', { command, status: statusOf(code), detail }, cause);
}

function statusOf(code: number | null): string {
  return code === null ? 'a signal' : `exit code ${code}`;
}
