import { ensureCommit } from '../../git/fetch-refs.ts';
import { readFileAt } from '../../git/read-objects.ts';
import { type ChecksFile, parseChecksFile } from '../../project/checks-file.ts';
import type { ProjectConfig } from '../../project/config.ts';
import { PROJECT_FILE, type Project, parseProject } from '../../project/project.ts';
import type { Context } from '../context.ts';

/** The text of a file of the project as it stands at a commit, which is brought if it is not here; null for none. */
async function textAt(context: Context, commit: string, path: string): Promise<string | null> {
  await ensureCommit(context.git, context.remote, commit);
  const { prefix } = await context.git.places();
  return (await readFileAt(context.git, commit, `${prefix}${path}`))?.toString('utf8') ?? null;
}

/** assay.yaml as it stands at a commit; undefined when there is none yet. */
export async function targetConfig(
  context: Context,
  project: Pick<Project, 'root'>,
  commit: string,
): Promise<ProjectConfig | undefined> {
  const text = await textAt(context, commit, PROJECT_FILE);
  return text === null ? undefined : parseProject(text, project.root).config;
}

/** A dataset's checks as they stand at a commit; undefined when that commit has none for it. */
export async function targetChecks(
  context: Context,
  project: Project,
  dataset: string,
  commit: string,
): Promise<ChecksFile | undefined> {
  const config = await targetConfig(context, project, commit);
  const checks = config !== undefined && Object.hasOwn(config.data, dataset) ? config.data[dataset]?.checks : undefined;
  if (checks === undefined) return undefined;
  const text = await textAt(context, commit, checks);
  return text === null ? undefined : parseChecksFile(text, checks);
}
