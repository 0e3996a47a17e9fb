import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Git, openGit } from '../../lib/git/git.ts';
import { newFolder } from '../new-folder.ts';

export { newFolder };

/** Real repositories for tests: no user configuration, a fixed identity. */
export const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  // No sample hooks: two dozen files in every repository that nobody reads, made, copied and removed.
  GIT_TEMPLATE_DIR: '',
};

export const PERSON = { name: 'Ada', email: 'ada@example.org' };

export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A repository with an identity; with files, these are its first commit. */
export async function newRepository(files: Readonly<Record<string, string>> = {}): Promise<Git> {
  const folder = await newFolder();
  const git = openGit(folder, { env: GIT_ENV });
  await git.run(['init', '--quiet', '--initial-branch=main']);
  await setIdentity(git);
  if (Object.keys(files).length > 0) await commitAll(git, files, 'first');
  return git;
}

/** By hand: most tests begin here, and each process of git costs more than the rest of it. */
export async function setIdentity({ folder }: Pick<Git, 'folder'>): Promise<void> {
  await appendFile(join(folder, '.git/config'), `[user]\n\tname = ${PERSON.name}\n\temail = ${PERSON.email}\n`);
}

/** Writes files, commits everything and returns the commit. */
export async function commitAll(git: Git, files: Readonly<Record<string, string>>, message: string): Promise<string> {
  await write(git.folder, files);
  await git.run(['add', '--all']);
  // The commit says its own name, `[main (root-commit) 5f3a…] first`: to ask for it is another process.
  const said = await git.text(['-c', 'core.abbrev=40', 'commit', '--allow-empty', '--message', message]);
  return /^\[[^\]]* ([0-9a-f]{40})\]/.exec(said)?.[1] ?? git.text(['rev-parse', 'HEAD']);
}

/** A bare remote that holds one commit on main, and a clone of it. */
export async function newRemoteAndClone(): Promise<{ remote: Git; clone: Git }> {
  const seed = await newRepository({ 'code.py': 'print(1)\n' });
  const remote = openGit(await newFolder(), { env: GIT_ENV });
  await remote.run(['init', '--quiet', '--bare', '--initial-branch=main']);
  await seed.run(['push', '--quiet', remote.folder, 'main']);
  return { remote, clone: await cloneOf(remote) };
}

export async function cloneOf(remote: Git, ...options: string[]): Promise<Git> {
  const folder = join(await newFolder(), 'clone');
  await remote.run(['clone', '--quiet', ...options, `file://${remote.folder}`, folder]);
  const git = openGit(folder, { env: GIT_ENV });
  await setIdentity(git);
  return git;
}

/** The catalogued code that a promise fails with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : `not catalogued: ${String(thrown)}`;
  }
  return 'no error';
}
