import { at, environment, internal, usage } from './entry.ts';
import { mergeFix } from './merge-marks.ts';
import { refusalFix } from './refusals.ts';

interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

const SUPPORTED =
  'Set store: to a folder, a file:// address, s3://bucket/folder, gs://bucket/folder, azure://container/folder, https://… (read only), or "ref" (the ref refs/assay/store of this repository).';

/** Of limits that object storage does not have. */
const MOVE =
  'Move everything to object storage or a folder: assay store move ADDRESS; name that in store:, then run again.';

/** Errors of lib/stores and lib/pointers. */
export const storeErrors = {
  E_STORE_KIND: usage((p: { location: string; kind: string }) => ({
    message: `the store "${p.location}" is of the kind ${p.kind}, which this version does not read`,
    fix: SUPPORTED,
  })),
  E_STORE_LOCATION: usage((p: { location: string; reason: string }) => ({
    message: `bad store location "${p.location}": ${p.reason}`,
    fix: SUPPORTED,
  })),
  E_STORE_OPTION: usage((p: { option: string; store: string; reason: string }) => ({
    message: `the option ${p.option} of ${p.store} cannot be used: ${p.reason}`,
    fix: 'Correct it with dvc remote modify, or in .dvc/config or .dvc/config.local.',
  })),
  E_STORE_BUCKET: usage((p: { bucket: string; store: string }) => ({
    message: `there is no bucket "${p.bucket}", which ${p.store} names`,
    fix: 'Correct the name, or create the bucket; for a server of your own check the endpoint as well.',
  })),
  E_STORE_CREDENTIALS: environment((p: { store: string; reason: string }) => ({
    message: `no credentials for ${p.store}: ${p.reason}`,
    fix: "Give the job the cloud's own credentials (environment variables, a profile, or the cloud's login action with id-token: write), or allow anonymous access.",
  })),
  E_STORE_PROFILE: usage((p: { store: string; name: string; files: readonly string[] }) => ({
    message: `${p.store} is asked with the profile "${p.name}", which is neither in ${p.files.join(' nor in ')}`,
    fix: `Correct profile of the remote, or AWS_PROFILE; or make it: aws configure --profile ${p.name}`,
  })),
  E_STORE_DENIED: environment((p: { store: string; operation: string; reason: string; unlisted?: boolean }) => ({
    message: `${p.store} refuses to ${p.operation}: ${p.reason}`,
    fix:
      p.unlisted === true
        ? 'These credentials may not list either, and without that right the service refuses what is not there too: allow to list (s3:ListBucket, storage.objects.list), and to read. To push needs neither.'
        : 'Check which identity the credentials belong to, whether they have expired, and that its policy allows to list, read, write and delete there.',
  })),
  E_STORE_ARCHIVED: environment((p: { store: string; operation: string; reason: string }) => ({
    message: `${p.store} cannot ${p.operation}: it lies in an archive (${p.reason})`,
    fix: 'Restore it there first (S3: restore-object; Azure: set its tier to Hot or Cool), wait until that is done, then run again. Keep lifecycle rules that archive away from data in use.',
  })),
  E_STORE_REGION: usage((p: { store: string; region: string | undefined }) => ({
    message: `${p.store} is in another region${p.region === undefined ? '' : `: ${p.region}`}`,
    fix: 'Set the region: dvc remote modify <name> region <region>, or AWS_REGION.',
  })),
  E_STORE_CLOCK: environment((p: { store: string }) => ({
    message: `${p.store} refuses the request because the clock of this machine is wrong`,
    fix: 'Set the clock (for example with NTP) and run again.',
  })),
  E_STORE_BUSY: environment((p: { store: string; attempts: number; reason: string }) => ({
    message: `${p.store} asks to slow down, also after ${attempts(p.attempts)}: ${p.reason}`,
    fix: 'Run again later, or with fewer jobs; what was transferred is kept.',
  })),
  E_STORE_UNREACHABLE: environment((p: { store: string; operation: string; attempts: number; reason: string }) => ({
    message: `${p.store} could not ${p.operation} in ${attempts(p.attempts)}: ${p.reason}`,
    fix: 'Check the network and the endpoint, then run again; what was transferred is kept.',
  })),
  E_STORE_REQUEST: environment((p: { store: string; operation: string; reason: string }) => ({
    message: `${p.store} could not ${p.operation}: ${p.reason}`,
    fix: "Look up this answer in the store's documentation; check the options of the remote.",
  })),
  E_STORE_BROKEN: environment((p: { key: string; store: string; reason: string }) => ({
    message: `${p.key} in ${p.store} broke off (${p.reason}), and nothing tells whether the rest is still of the same file`,
    fix: 'Run again; a server that sends entity tags (ETag) lets it go on where it stopped.',
  })),
  E_STORE_OBJECT_CHANGED: environment((p: { key: string; store: string }) => ({
    message: `${p.key} in ${p.store} was replaced while it was read`,
    fix: 'Run again: then what is there now is read from its start.',
  })),
  E_STORE_READ_ONLY: usage((p: { store: string; operation: string }) => ({
    message: `${p.store} can only be read; it cannot ${p.operation}`,
    fix: 'Name a folder, a bucket or the ref as the store to write to.',
  })),
  E_STORE_KEY: internal((p: { key: string }) => ({
    message: `"${p.key}" is not a key of a store`,
    fix: 'This is a defect of Assay: please report it with the command that was run.',
  })),
  E_STORE_OBJECT_MISSING: environment(
    (p: { key: string; store: string; registered?: string; present?: string; unlisted?: boolean }) => ({
      message: `the object ${p.key} is not in ${p.store}${p.unlisted === true ? ', or may not be read: it refuses both alike to who may not list' : ''}`,
      fix: `Push it from where the data is, or name the store that holds it.${
        p.registered === undefined
          ? ''
          : ` The version was registered with ${p.registered}: assay store move ${p.present} --from ${p.registered} brings all of it over.`
      }`,
    }),
  ),
  E_STORE_OBJECT_CORRUPT: environment((p: { key: string; store: string; expected: string; actual: string }) => ({
    message: `the object ${p.key} in ${p.store} is damaged: expected ${p.expected}, found ${p.actual}`,
    fix: 'Replace it from an intact copy; for data that pointers track: assay data push --repair.',
  })),
  E_STORE_UNVERSIONED: usage((p: { store: string }) => ({
    message: `${p.store} keeps no versions of its objects`,
    fix: 'Turn versioning on for the bucket, or go without: version_aware and worktree of the remote set to false, import-url without --version-aware.',
  })),
  E_STORE_NO_VERSIONS: usage((p: { store: string; remote: string }) => ({
    message: `the remote "${p.remote}" is version-aware, but ${p.store} cannot keep versions`,
    fix: 'Name a bucket of S3, Google Cloud Storage or Azure, or set version_aware and worktree of the remote to false.',
  })),
  E_STORE_SOURCE_CHANGED: environment((p: { source: string; expected: string; actual: string }) => ({
    message: `"${p.source}" changed while it was stored: expected ${p.expected}, read ${p.actual}`,
    fix: 'Run again when nothing writes to it. Where nothing does, it is damaged: assay data verify sets it aside, add or pull brings it anew.',
  })),
  E_STORE_WRITE: environment((p: { path: string; reason: string }) => ({
    message: `cannot write "${p.path}": ${p.reason}`,
    fix:
      refusalFix(p.reason) ??
      (/^EEXIST\b/.test(p.reason)
        ? 'Something has that name by now. A disk that does not tell upper from lower case takes two names for one: rename one of them in the data, or use another disk.'
        : 'Check the permissions of that folder and the space on its disk.'),
  })),
  E_STORE_READ: environment((p: { path: string; reason: string }) => ({
    message: `cannot read "${p.path}": ${p.reason}`,
    fix: refusalFix(p.reason) ?? 'Check that it exists and the permissions of it and of the folders above it.',
  })),
  E_STORE_OBJECT_TOO_LARGE: usage((p: { source: string; size: number; limit: number; store: string }) => ({
    message: `"${p.source}" is ${megabytes(p.size)}; ${p.store} takes at most ${megabytes(p.limit)} a file`,
    fix: MOVE,
  })),
  E_STORE_FULL: usage((p: { size: number; limit: number; store: string }) => ({
    message: `${p.store} would grow to ${megabytes(p.size)}; its limit is ${megabytes(p.limit)}`,
    fix: MOVE,
  })),
  E_STORE_RACE: environment((p: { store: string; attempts: number }) => ({
    message: `others wrote to ${p.store} at the same time, ${p.attempts} times in a row`,
    fix: 'Run again; nothing was lost or half-written.',
  })),
  E_STORE_REFUSED: environment((p: { store: string; reason: string }) => ({
    message: `the repository does not take ${p.store}: ${p.reason}`,
    fix: 'Let its host accept pushes to that ref (its rules, hooks, quota and hidden refs), or use another store (assay store move).',
  })),
  E_POINTER_CORRUPT: usage((p: Place & { reason: string }) => ({
    message: `not a pointer that can be read${at(p)}: ${p.reason}`,
    fix: mergeFix(p.reason) ?? 'Restore the file from git, or make it anew with dvc add.',
  })),
  E_POINTER_UNSUPPORTED: usage((p: Place & { reason: string }) => ({
    message: `this pointer needs what this version does not read${at(p)}: ${p.reason}`,
    fix: 'Bring the data with dvc pull before Assay runs.',
  })),
  E_POINTER_CHANGED: usage((p: { path: string; pointer: string }) => ({
    message: `"${p.path}" is not what ${p.pointer} names`,
    fix: 'Keep the change with dvc add, or remove the data and run again to have it restored.',
  })),
  E_POINTER_NO_STORE: usage((p: { pointer: string }) => ({
    message: `the data of ${p.pointer} is neither here nor in the cache, and no store is set`,
    fix: 'Set a default remote with dvc remote add -d, or run dvc pull.',
  })),
  E_POINTER_OUTSIDE: usage((p: { pointer: string; path: string; root: string }) => ({
    message: `${p.pointer} names "${p.path}", which leads out of ${p.root}`,
    fix: 'Keep its data inside the repository, without links in the way.',
  })),
  E_DIR_OBJECT_CORRUPT: environment((p: { object: string; reason: string }) => ({
    message: `the folder listing ${p.object} cannot be used: ${p.reason}`,
    fix: 'Push the folder again from an intact copy.',
  })),
  E_ARTIFACT_PATH: usage((p: { path: string; reason: string }) => ({
    message: `the file name ${JSON.stringify(p.path)} cannot be part of an artifact: ${p.reason}`,
    fix: 'Rename the file.',
  })),
  E_STORE_SAME: usage((p: { store: string }) => ({
    message: `"${p.store}" is where the objects are already`,
    fix: 'Name another store; the old one with --from when assay.yaml names the new one already.',
  })),
  E_ARTIFACT_LINK: usage((p: { path: string; reason: string }) => ({
    message: `"${p.path}" cannot be part of an artifact: ${p.reason}`,
    fix: 'Put the file itself there.',
  })),
  E_ARTIFACT_EMPTY: usage((p: { path: string }) => ({
    message: `"${p.path}" holds no file`,
    fix: 'Let the train command write the model there.',
  })),
  E_ARTIFACT_MISSING: usage((p: { path: string }) => ({
    message: `there is nothing at "${p.path}"`,
    fix: 'Run the train step first, or name the folder that holds the model.',
  })),
  E_ARTIFACT_RECORD: environment((p: { artifact: string; reason: string }) => ({
    message: `the record of the artifact ${p.artifact} contradicts itself: ${p.reason}`,
    fix: 'The registry was changed by hand: restore the record from its history.',
  })),
  E_ARTIFACT_DIGEST: environment((p: { file: string; reason: string }) => ({
    message: `the artifact's file "${p.file}" does not match its record: ${p.reason}`,
    fix: 'Do not use it. Push the artifact again from an intact copy, or roll back to another version.',
  })),
  E_ARTIFACT_EXISTS: usage((p: { path: string }) => ({
    message: `"${p.path}" exists and is not this artifact`,
    fix: 'Remove it or name another folder.',
  })),
};

function attempts(count: number): string {
  return count === 1 ? '1 attempt' : `${count} attempts`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
