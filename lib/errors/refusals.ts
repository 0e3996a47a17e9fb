/**
 * How to mend what an operating system refuses, by its own name for it. Source: POSIX.1-2017, <errno.h>. What is not here may be
 * a defect of ours, such as a file that is missing because we never made it.
 */
const FIXES: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'Make room on that disk (df -h tells of bytes, df -i of names) and run again; what is whole is kept.'],
  ['EDQUOT', 'Make room within the quota of that disk and run again; what is whole is kept.'],
  ['EFBIG', 'Allow larger files (ulimit -f), or use a file system that has them, and run again.'],
  ['EROFS', 'Mount that disk so that it can be written to, or name another folder.'],
  ['EACCES', 'Check the permissions of that path and of the folders above it, and which user runs this.'],
  ['EPERM', 'Check who owns that path, the attributes of its file (lsattr), and which user runs this.'],
  ['EMFILE', 'Allow this process more open files (ulimit -n) and run again.'],
  ['ENFILE', 'The whole machine has too many open files: end what holds them and run again.'],
  ['ENOMEM', 'Give the process more memory (ulimit -v, the limit of its container) and run again.'],
  ['EAGAIN', 'Allow more processes and threads (ulimit -u, the limit of its container) and run again.'],
  ['EIO', 'Check the disk (dmesg tells what failed) and run again.'],
  ['ESTALE', 'Mount that network file system anew and run again.'],
  ['ENOTDIR', 'Move the file that is where a folder has to be.'],
  ['ENAMETOOLONG', 'Use shorter names, or put the repository where the way to it is shorter.'],
  ['ELOOP', 'Remove the symbolic links that lead in a circle.'],
]);

/** The fix for a reason in the words of Node, which have the system's own name for it (`ENOSPC: no space left on device, write`, `spawn git EMFILE`; its `rmSync` says `EACCES, Permission denied`). */
export function refusalFix(reason: string): string | undefined {
  return FIXES.get(/\b(E[A-Z]{2,})(?=[:,] |$)/.exec(String(reason))?.[1] ?? '');
}
