import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { coerce, gte } from 'semver';
import { AssayError } from '../../errors.ts';
import { requireRemote } from '../../git/remote.ts';
import { isShallow, readStatus, topFolder } from '../../git/status.ts';
import { PROJECT_FILE } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

/** As E_GIT_MISSING says. */
const MINIMUM_GIT = '2.30.0';

const { ok, warn, fail, thrown } = findingsOf('git');

export interface GitFacts {
  readonly findings: readonly Finding[];
  /** Top folder of the work tree; undefined outside of a repository. */
  readonly top?: string;
  /** There is a remote to ask. */
  readonly remote: boolean;
}

/** git itself, the repository, its remote, and whether what matters is committed. Pushes nothing. */
export async function gitFindings(context: Context): Promise<GitFacts> {
  const { git, remote } = context;
  const findings: Finding[] = [];
  let top: string;
  try {
    findings.push(versionFinding(await git.text(['--version'])));
    top = await topFolder(git);
    findings.push(...(await repositoryFindings(context)));
  } catch (error) {
    return { findings: [...findings, thrown('repository', error)], remote: false };
  }
  try {
    await requireRemote(git, remote);
    findings.push(ok('remote', `the remote ${remote} is set; whether you may push to it shows only when you do`));
    return { findings, top, remote: true };
  } catch (error) {
    if (error instanceof AssayError && error.code !== 'E_GIT_NO_REMOTE')
      return { findings: [...findings, thrown('remote', error)], top, remote: false };
    const fix = `Add one: git remote add ${remote} URL; a bare repository in a folder will do.`;
    return {
      findings: [
        ...findings,
        warn('remote', `there is no remote ${remote}, so no registry: nothing can be registered`, fix),
      ],
      top,
      remote: false,
    };
  }
}

function versionFinding(text: string): Finding {
  const version = coerce(text)?.version;
  if (version === undefined)
    return warn('version', `"${text}" names no version`, `Assay needs git ${MINIMUM_GIT} or newer.`);
  return gte(version, MINIMUM_GIT)
    ? ok('version', `git ${version}`)
    : fail('version', `git ${version} is older than ${MINIMUM_GIT}`, 'Install git 2.30 or newer.');
}

async function repositoryFindings(context: Context): Promise<Finding[]> {
  const { git, root } = context;
  const { commit, changes } = await readStatus(git);
  if (commit === null)
    return [warn('repository', 'there is no commit yet', 'Commit: a version has to be repeatable from git.')];
  const tracked = await git.attempt(['ls-files', '--error-unmatch', '--', PROJECT_FILE]);
  const shallow = await isShallow(git);
  // Where there is none, that is said of the project.
  const there = await stat(join(root, PROJECT_FILE)).then(
    () => true,
    () => false,
  );
  return [
    shallow
      ? ok('repository', 'the history is cut off (a shallow clone); commits that are needed are fetched')
      : ok('repository', `a repository at ${commit.slice(0, 12)}`),
    ...(tracked.code === 0 || !there
      ? []
      : [
          warn(
            'committed',
            `${PROJECT_FILE} in ${root} is not committed`,
            `git add ${PROJECT_FILE}, and commit: pull requests are judged by the target branch's.`,
          ),
        ]),
    ...(tracked.code === 0 && changes.length > 0
      ? [
          warn(
            'committed',
            `${changes.length} changed or new file(s), such as ${changes[0] ?? ''}`,
            'Commit before you train what you want to register: a version has to be repeatable from git.',
          ),
        ]
      : []),
    ...(await identityFindings(context)),
  ];
}

async function identityFindings({ git, environment }: Context): Promise<Finding[]> {
  if (environment.GITHUB_ACTIONS === 'true' || environment.GIT_AUTHOR_EMAIL !== undefined) return [];
  const email = await git.attempt(['config', '--get', 'user.email']);
  if (email.code === 0) return [];
  return [
    warn(
      'identity',
      'git knows no user.email: the registry would say that a machine did it',
      'git config user.name NAME, and user.email ADDRESS.',
    ),
  ];
}
