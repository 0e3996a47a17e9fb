import { environment, usage } from './entry.ts';

/** Errors of lib/git. Details never hold credentials: lib/git strips them before it makes an error. */
export const gitErrors = {
  E_GIT_MISSING: environment((_: { folder: string }) => ({
    message: 'the program "git" was not found on the PATH',
    fix: 'Install git 2.30 or newer.',
  })),
  E_GIT_TOO_OLD: environment((p: { command: string; detail: string }) => ({
    message: `the installed git does not understand "git ${p.command}": ${p.detail}`,
    fix: 'Install git 2.30 or newer.',
  })),
  E_GIT_NOT_A_REPOSITORY: usage((p: { folder: string }) => ({
    message: `${p.folder} is not inside a git repository`,
    fix: 'Run inside a clone, or make one with: git init.',
  })),
  E_GIT_UNSAFE: environment((p: { folder: string; allowed: string }) => ({
    message: `git refuses to work in ${p.folder}: it belongs to another user`,
    fix: `Allow it with: git config --global --add safe.directory ${p.allowed}`,
  })),
  E_GIT_NO_COMMIT: usage((p: { folder: string }) => ({
    message: `the repository of ${p.folder} has no commit yet`,
    fix: 'Commit your files first: git add . && git commit.',
  })),
  E_GIT_UNKNOWN_COMMIT: environment((p: { commit: string; reason: string }) => ({
    message: `the commit ${p.commit} is not here and cannot be fetched: ${p.reason}`,
    fix: 'Fetch it with: git fetch --unshallow, or name a commit that the remote has.',
  })),
  E_GIT_NO_REVISION: usage((p: { name: string }) => ({
    message: `no commit, branch or tag is called "${p.name}"`,
    fix: 'Correct it: git branch --all and git tag list them. What the remote alone has: git fetch --tags, in a shallow clone --unshallow too.',
  })),
  E_GIT_NO_MATCH: usage((p: { pattern: string; commit: string }) => ({
    message: `"${p.pattern}" matches no file that git tracks at ${p.commit}`,
    fix: 'Correct the path or glob, or commit the file.',
  })),
  E_GIT_NO_REMOTE: usage((p: { remote: string }) => ({
    message: `the repository has no remote "${p.remote}"`,
    fix: `Add one with: git remote add ${p.remote} URL, or call the one that it has so: git remote rename NAME ${p.remote}. A bare repository in a folder will do: git init --bare PATH.`,
  })),
  E_GIT_AUTH: environment((p: { remote: string; detail: string }) => ({
    message: `the remote ${p.remote} did not accept the credentials: ${p.detail}`,
    fix: 'Sign in with a token or key that may read and push; in a workflow: permissions: { contents: write }.',
  })),
  E_GIT_UNREACHABLE: environment((p: { remote: string; detail: string }) => ({
    message: `the remote ${p.remote} cannot be reached: ${p.detail}`,
    fix: 'Check the URL (git remote -v) and the network, then run again; nothing is done twice.',
  })),
  E_GIT_LOCKED: environment((p: { detail: string }) => ({
    message: `another git process holds a lock: ${p.detail}`,
    fix: 'Wait for it to end; if none runs, remove the lock file that is named.',
  })),
  E_GIT_FAILED: environment((p: { command: string; status: string; detail: string }) => ({
    message: `git ${p.command} ended with ${p.status}: ${p.detail}`,
    fix: 'Mend what git says and run again.',
  })),
};
