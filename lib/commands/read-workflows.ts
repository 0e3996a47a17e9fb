import { readdir, readFile, stat } from 'node:fs/promises';
import { containedPath } from '../contained-path.ts';
import { parseWorkflow, type WorkflowFile } from '../project/workflow-file.ts';

/** Where forges look for workflows, relative to a repository's top. */
export const WORKFLOW_FOLDERS = ['.github/workflows', '.gitea/workflows', '.forgejo/workflows'];

/** Bytes of a workflow that are read. */
const MAX_BYTES = 1_000_000;

/** The workflows of a repository, sorted by path; those that cannot be read say so. */
export async function readWorkflows(top: string): Promise<WorkflowFile[]> {
  const found: WorkflowFile[] = [];
  for (const folder of WORKFLOW_FOLDERS) {
    const path = await containedPath(top, folder).catch(() => undefined);
    const names = path === undefined ? [] : await readdir(path).catch(() => []);
    for (const name of names.filter((one) => /\.ya?ml$/.test(one)).sort()) {
      const file = `${folder}/${name}`;
      const absolute = await containedPath(top, file).catch(() => undefined);
      const info = absolute === undefined ? undefined : await stat(absolute).catch(() => undefined);
      if (absolute === undefined || info?.isFile() !== true || info.size > MAX_BYTES) continue;
      found.push(parseWorkflow(await readFile(absolute, 'utf8'), file));
    }
  }
  return found;
}
