import { environment, usage } from './entry.ts';

/** Errors of the work-tree side of lib/pointers and of the verbs `assay data …`. */
export const dataErrors = {
  E_CACHE_MISSING: environment((p: { object: string; output?: string; count?: number; part?: boolean }) => ({
    message: `the cache has no object ${p.object}${more(p.count)}${ofOutput(p.output)}`,
    fix: `Bring it with assay data pull (or fetch)${p.part === true ? `; or add all of "${p.output}", as after add --no-commit` : ''}.`,
  })),
  E_CACHE_CORRUPT: environment((p: { object: string; actual: string; output?: string; aside?: boolean }) => ({
    message: `the cache's object ${p.object}${ofOutput(p.output)} is damaged: its bytes have the address ${p.actual}`,
    fix:
      p.aside === false
        ? 'It was not used, but the cache cannot be written to: remove it there, then bring it anew with assay data pull.'
        : 'It was put aside in assay-damaged/ of the cache and not used. Bring it anew: assay data pull.',
  })),
  E_CACHE_OUTPUT: environment((p: { output: string; reason: string; others: number }) => ({
    message: `"${p.output}" could not be checked out${p.others === 0 ? '' : `, nor ${p.others} more`}: ${p.reason}`,
    fix: 'Everything else is in place. Bring what is missing with assay data pull; see --json for each output.',
  })),
  E_LINK_TYPE: usage((p: { types: readonly string[]; path: string }) => ({
    message: `no link of the kinds ${p.types.join(', ')} can be made at "${p.path}"`,
    fix: 'Add copy to cache.type, or keep the cache on the same disk: dvc config cache.type hardlink,copy.',
  })),
  E_CHECKOUT_LOSES: usage((p: { output: string; files: readonly string[]; count: number }) => ({
    message: `checking out "${p.output}" would lose ${p.count === 1 ? 'a file that is' : `${p.count} files that are`} nowhere else: ${some(p.files, p.count)}`,
    fix: 'Keep them with assay data add, move them away, or give them up with --force.',
  })),
  E_DATA_NO_REPOSITORY: usage((p: { folder: string }) => ({
    message: `there is no .dvc folder in ${p.folder} or above it`,
    fix: 'Begin with assay data add PATH, which makes one at the top of the git repository.',
  })),
  E_DATA_NOT_CHECKED_OUT: usage((p: { file: string; folder: string }) => ({
    message: `"${p.file}" is in git, but not in the work tree, so nobody knows where the data are`,
    fix: `In a sparse checkout name its folder too: git sparse-checkout add ${JSON.stringify(p.folder)}; else git restore ${JSON.stringify(p.file)}.`,
  })),
  E_DATA_TARGET_OUTSIDE: usage((p: { target: string; root: string }) => ({
    message: `"${p.target}" is not below ${p.root}, or only through a link`,
    fix: 'Name a path inside the repository, without links in the way.',
  })),
  E_DATA_NOTHING: usage((p: { target: string; reason: string }) => ({
    message: `"${p.target}" cannot be added: ${p.reason}`,
    fix: 'Name a file or folder that is there.',
  })),
  E_DATA_IN_GIT: usage((p: { target: string; file: string }) => ({
    message: `"${p.target}" cannot be added: git tracks "${p.file}"`,
    fix: `Take it out of git first, which leaves the file: git rm -r --cached ${JSON.stringify(p.target)}.`,
  })),
  E_DATA_POINTER_IGNORED: usage((p: { pointer: string }) => ({
    message: `git ignores "${p.pointer}", so that nobody would get it`,
    fix: `See which line does: git check-ignore --verbose ${JSON.stringify(p.pointer)}; or choose another folder.`,
  })),
  E_DATA_DVC_IGNORED: usage((p: { path: string }) => ({
    message: `a .dvcignore hides "${p.path}": DVC would not look there`,
    fix: `See which line does: dvc check-ignore --details ${JSON.stringify(p.path)}; take it out, or choose another place.`,
  })),
  E_DATA_IGNORE_FILE: usage((p: { target: string; file: string }) => ({
    message: `"${p.target}" cannot be added: it holds "${p.file}", and DVC takes no folder with such a file in it`,
    fix: 'Put its patterns into a .dvcignore above the folder, or take it out.',
  })),
  E_DATA_STAGE_OUTPUT: usage((p: { target: string; declaredIn: string }) => ({
    message: `"${p.target}" is an output of a stage in ${p.declaredIn}`,
    fix: 'Run the stage with dvc repro, or keep what is there with dvc commit.',
  })),
  E_DATA_IMPORTED: usage((p: { target: string; declaredIn: string }) => ({
    message: `"${p.target}" was imported by ${p.declaredIn}: what is added would lose where it came from`,
    fix: 'Bring a newer one with assay data update, or remove the pointer first.',
  })),
  E_DATA_INSIDE_OUTPUT: usage((p: { target: string; output: string }) => ({
    message: `"${p.target}" lies in "${p.output}", which is tracked as a whole`,
    fix: `Add the whole: assay data add ${JSON.stringify(p.output)}.`,
  })),
  E_DATA_CONTAINS_OUTPUT: usage((p: { target: string; output: string; declaredIn: string }) => ({
    message: `"${p.target}" holds "${p.output}", which ${p.declaredIn} tracks`,
    fix: `Remove ${p.declaredIn} first, or add other paths.`,
  })),
  E_DATA_NO_REMOTE: usage((p: { name?: string | undefined; known: readonly string[] }) => ({
    message: p.name === undefined ? 'no DVC remote is set' : `there is no DVC remote "${p.name}"`,
    fix:
      p.known.length === 0
        ? 'Set one: dvc remote add -d NAME URL, or write it in .dvc/config; store: in assay.yaml serves as well.'
        : `Its remotes: ${p.known.join(', ')}. Name one with --remote, or set core.remote.`,
  })),
  E_DATA_VERSIONED: usage((p: { what: string; remote: string }) => ({
    message: `${p.what} is kept by the versions of a bucket (the remote "${p.remote}"), where nothing is found by its content`,
    fix: "Name a remote without version_aware and worktree; old versions of a bucket are cleared by the bucket's own rules.",
  })),
  E_DATA_INCOMPLETE: environment((p: { verb: string; what: string; count: number; first: string }) => ({
    message: `${p.verb}: ${p.count} ${p.what}, among them ${p.first}`,
    fix: 'Push it from where the data is, or restore the data and add it again. Everything else was done.',
  })),
  E_DATA_EXISTS: usage((p: { path: string }) => ({
    message: `"${p.path}" exists`,
    fix: 'Name another place (--out; import-url: its last argument), or replace it with --force.',
  })),
  E_DATA_FOLDER_STAYS: usage((p: { path: string; what: string }) => ({
    message: `the folder "${p.path}" is not replaced: ${p.what}`,
    fix: 'Name a place in it (--out FOLDER/NAME; import-url: its last argument), or remove it yourself.',
  })),
  E_DATA_NOT_TRACKED: usage((p: { path: string; where: string; inGit?: boolean }) => ({
    message: p.inGit ? `"${p.path}" of ${p.where} is kept by git alone` : `there is no "${p.path}" in ${p.where}`,
    fix: p.inGit ? 'Bring it without --show-url: it is in no storage.' : 'See what it has: assay data ls URL.',
  })),
  E_DATA_LINK: usage((p: { path: string; where: string; reason: string }) => ({
    message: `"${p.path}" of ${p.where} is a symbolic link, or behind one, that cannot be followed: ${p.reason}`,
    fix: 'Name what that repository has itself; assay data ls URL lists it.',
  })),
  E_DATA_SUBMODULE: usage(
    (p: { path: string; where: string; module: string; inside: string; url?: string; commit: string }) => ({
      message: `"${p.path}" of ${p.where} lies in its submodule "${p.module}", another repository: it is ${p.inside === '' ? 'all' : `"${p.inside}"`} of ${p.url ?? 'what .gitmodules names'} at ${p.commit}`,
      fix: 'Name that repository, with its commit for --rev.',
    }),
  ),
  E_DATA_IMPORT_CHANGED: environment((p: { path: string; url: string; expected: string; actual: string }) => ({
    message: `what "${p.path}" was imported from has other bytes now: ${p.expected} expected, ${p.actual} in ${p.url}`,
    fix: 'Bring what is there now with assay data update.',
  })),
  E_DATA_OPTIONS: usage((p: { one: string; other: string }) => ({
    message: `${p.one} and ${p.other} contradict each other`,
    fix: 'Leave one of them out.',
  })),
  E_DATA_OPTION: usage((p: { option: string; reason: string }) => ({
    message: `${p.option} means nothing here: ${p.reason}`,
    fix: `Leave ${p.option} out.`,
  })),
  E_DATA_DATABASE: usage((p: { path?: string }) => ({
    message: `${p.path === undefined ? 'data come' : `"${p.path}" comes`} out of a database through DVC alone: Assay speaks to none`,
    fix: 'Use dvc import-db or dvc update, then dvc push; what they made is pulled, checked and pushed here like all other data.',
  })),
  E_DATA_NO_IMPORT: usage((p: { path: string; pointer: string }) => ({
    message: `"${p.path}" was not imported: ${p.pointer} names no repository or address that it comes from`,
    fix: 'Name an import, or bring the data again with assay data import or import-url.',
  })),
  E_DATA_NO_REVISION: usage((p: { path: string; url: string }) => ({
    message: `"${p.path}" comes from ${p.url}, which has no revisions`,
    fix: 'Leave --rev out: update brings what is there now.',
  })),
  E_DATA_SECRET: usage((p: { url?: string; option?: string }) => ({
    message: `${p.option === undefined ? `the address ${p.url} holds a password or token` : `${p.option} is a secret`}, which the pointer would show to everybody`,
    fix: "Leave it out: git's own credential helpers, or a DVC remote (remote://NAME/path) with .dvc/config.local, let you in.",
  })),
  E_DATA_SCOPE: usage((_p: Record<never, never>) => ({
    message: 'gc needs to be told what to keep',
    fix: 'Give --workspace, --all-branches, --all-tags, --all-commits, --all-experiments, --date or --rev; --dry shows what would go.',
  })),
  E_DATA_GC_CLONE: environment((p: { what: string }) => ({
    message: `this clone cannot tell what others still use: ${p.what}`,
    fix: "Bring everything first: git fetch --unshallow --tags, or git fetch --all --tags (a remote that is no longer used: git remote remove NAME); experiments with git fetch origin 'refs/exps/*:refs/exps/*'.",
  })),
  E_DATA_GC_WORKTREE: environment((p: { folder: string; reason: string }) => ({
    message: `what the work tree ${p.folder} of this repository uses cannot be told: ${p.reason}`,
    fix: 'Mend it there, or remove that work tree: git worktree remove FOLDER.',
  })),
  E_DATA_CONFIRM: usage((p: { what: string }) => ({
    message: `${p.what} cannot be undone`,
    fix: 'See what would go with --dry, then give --force.',
  })),
  E_DATA_LFS: environment((p: { path: string; reason: string }) => ({
    message: `the bytes of "${p.path}" are in Git LFS and cannot be brought: ${p.reason}`,
    fix: 'See that git-lfs is installed and that its server lets you in and has the file, then run again.',
  })),
  E_DATA_SOURCE: usage((p: { url: string; reason: string }) => ({
    message: `nothing can be brought from "${p.url}": ${p.reason}`,
    fix: 'Give a git URL or folder (get, import), or a file, folder or https address (import-url).',
  })),
};

function ofOutput(output: string | undefined): string {
  return output === undefined ? '' : ` of "${output}"`;
}

function more(count: number | undefined): string {
  return count === undefined || count <= 1 ? '' : ` and ${count - 1} more`;
}

/** A few names of many. */
function some(files: readonly string[], count: number): string {
  const shown = files.slice(0, 3).map((file) => JSON.stringify(file));
  return `${shown.join(', ')}${count > shown.length ? ', …' : ''}`;
}
