import { relative } from 'node:path';
import { assayError } from '../../errors.ts';
import type { Git } from '../../git/git.ts';
import { datasetFiles } from '../../project/dataset-files.ts';
import type { Project } from '../../project/project.ts';
import {
  renderRetrainWorkflow,
  renderWorkflow,
  retrainFile,
  type WorkflowPlan,
} from '../../project/render-workflow.ts';
import type { Context } from '../context.ts';
import { readWorkflows } from '../read-workflows.ts';
import { covers, stageOutputs } from './init-data.ts';
import type { FoundEntries } from './init-entry.ts';
import type { WantedFile } from './init-files.ts';

/** Folder of the workflows, relative to a repository's top. */
export const WORKFLOWS = '.github/workflows';

/** Nothing that a workflow's expression or YAML could take for its own. */
const PLAIN_PATH = /^[A-Za-z0-9._/ -]+$/;

/** The workflows to be written, and what was taken for what; none where another workflow does its work already. */
export async function initWorkflow(
  { git }: Context,
  project: Project,
  top: string,
  entries: FoundEntries,
): Promise<{ readonly files: readonly WantedFile[]; readonly choices: readonly string[] }> {
  const folder = relative(top, project.root).replaceAll('\\', '/') || '.';
  if (!PLAIN_PATH.test(folder)) throw assayError('E_INIT_NAME', { what: "project's folder", name: folder });
  const name =
    folder === '.' ? 'assay.yml' : `assay-${folder.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}.yml`;
  const path = `${WORKFLOWS}/${name}`;
  const judging = (await readWorkflows(top)).find((one) => one.file !== path && one.judges.includes(folder));
  if (judging !== undefined) return { files: [], choices: [`workflow: ${judging.file} judges pull requests already`] };
  const byCommand = Object.values(project.config.models).some(({ train }) => 'run' in train);
  const models = Object.values(project.config.models);
  const plan: WorkflowPlan = {
    file: name,
    project: folder,
    branch: await mainBranch(git),
    models: Object.keys(project.config.models),
    stages: [...new Set(models.flatMap(({ stages }) => stages))],
    setup: byCommand ? setupIn(folder, entries) : undefined,
    pullData: await pulledData(project),
    counted: models.some(({ holdout }) => !holdout.halves),
    drift: models.some(({ drift }) => drift !== undefined),
  };
  const wanted = (file: string, text: string): WantedFile => {
    const path = `${WORKFLOWS}/${file}`;
    return { root: top, path, shown: path, text };
  };
  const retrain = plan.drift ? [wanted(retrainFile(name), renderRetrainWorkflow(plan))] : [];
  return { files: [wanted(name, renderWorkflow(plan)), ...retrain], choices: [] };
}

/** The branch that the remote calls its own, else the one that is checked out, else `main`. */
async function mainBranch(git: Git): Promise<string> {
  for (const args of [
    ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'],
    ['symbolic-ref', '--quiet', '--short', 'HEAD'],
  ]) {
    const { code, stdout } = await git.attempt(args);
    const branch = stdout
      .toString('utf8')
      .trim()
      .replace(/^origin\//, '');
    if (code === 0 && PLAIN_PATH.test(branch)) return branch;
  }
  return 'main';
}

/** Paths in it are those of the repository: jobs begin at its top. */
function setupIn(folder: string, { setup, lock }: FoundEntries): string | undefined {
  if (setup === undefined || folder === '.') return setup;
  return lock === 'package-lock.json'
    ? `npm ci --prefix "${folder}"`
    : setup.replace(/\S+$/, (file) => `"${folder}/${file}"`);
}

/** Data that DVC's stages make, of which no pointer tells. */
async function pulledData(project: Project): Promise<string | undefined> {
  const outputs = await stageOutputs(project);
  if (outputs.length === 0) return undefined;
  const used = new Set<string>();
  for (const name of Object.keys(project.config.data)) {
    const { files } = await datasetFiles(project, name).catch(() => ({ files: [] }));
    for (const output of outputs)
      if (files.some((file) => covers(output, file))) used.add(relative(project.root, output));
  }
  const paths = [...used].sort();
  return paths.length > 0 && paths.every((path) => PLAIN_PATH.test(path)) ? paths.join(',') : undefined;
}
