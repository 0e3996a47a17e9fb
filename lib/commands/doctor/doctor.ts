import { join } from 'node:path';
import { AssayError, messageOf } from '../../errors.ts';
import { loadProject, type Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { dataWarnings } from '../init/init-data.ts';
import { projectFolders } from '../open-dataset.ts';
import { commandFindings } from './doctor-commands.ts';
import { type DataFacts, dataFindings } from './doctor-data.ts';
import { environmentFindings, type ForgeAccess, openForge } from './doctor-environment.ts';
import { findingsOf } from './doctor-finding.ts';
import { gateFindings } from './doctor-gate.ts';
import { gitFindings } from './doctor-git.ts';
import type { DoctorOutput, Finding } from './doctor-output.ts';
import { registryFindings } from './doctor-registry.ts';
import { storeFindings } from './doctor-store.ts';
import { workflowFindings } from './doctor-workflows.ts';

export interface DoctorRequest {
  /** Version of the Node that runs, such as `24.1.0`. */
  readonly nodeVersion: string;
  /** Also write to the store, and take away what was written. */
  readonly write: boolean;
  /** The forge of the job that runs this, where there is one. */
  readonly forge?: ForgeAccess | undefined;
}

/**
 * Looks at everything that has to be there for Assay to do its work, one finding each, in the order in which one would
 * mend them. Brings nothing, writes nothing, runs no code of the repository; a part that cannot be looked at before
 * another is mended is left out.
 */
export async function doctor(context: Context, request: DoctorRequest): Promise<DoctorOutput> {
  const environment = await environmentFindings(context, request);
  const git = await gitFindings(context);
  const findings: Finding[] = [...environment, ...git.findings];
  const project = await projectFinding(context, findings);
  if (project !== undefined) {
    const canRead = environment.every(({ subject, status }) => subject !== 'duckdb' || status === 'ok');
    const data = canRead ? await readData(context, project) : { findings: [], sound: new Set<string>() };
    findings.push(...data.findings);
    const { warn } = findingsOf('data');
    for (const one of await dataWarnings(context, project)) findings.push(warn('git', one, 'See docs/guides/data.md.'));
    findings.push(...(await storeFindings(context, project, { write: request.write, remote: git.remote })));
    findings.push(...(await commandFindings(context, project)));
    if (git.remote) findings.push(...(await registryFindings(context, project)));
    findings.push(...(await gateFindings(context, project, data.sound)));
    if (git.top !== undefined) {
      const forge = request.forge === undefined ? undefined : await openForge(context, request.forge).catch(noForge);
      findings.push(...(await workflowFindings(context, project, { top: git.top, forge })));
    }
  }
  return { schema: 'assay/doctor/1', status: worstOf(findings), findings };
}

/** assay.yaml, with every word known; what is wrong with it is put among the findings. */
async function projectFinding({ root }: Context, findings: Finding[]): Promise<Project | undefined> {
  const { ok, fail, thrown } = findingsOf('project');
  try {
    const project = await loadProject(root);
    const { data, models } = project.config;
    const counts = `${Object.keys(data).length} dataset(s), ${Object.keys(models).length} model(s)`;
    findings.push(
      Object.keys(models).length > 0
        ? ok(project.file, counts)
        : fail(project.file, 'it names no model', 'Add one under models: (docs/reference/assay-yaml.md).'),
    );
    return project;
  } catch (error) {
    const missing = error instanceof AssayError && error.code === 'E_PROJECT_MISSING';
    findings.push(
      missing
        ? fail(
            'assay.yaml',
            `there is no ${join(root, 'assay.yaml')}`,
            'assay init writes one from what the repository holds.',
          )
        : thrown('assay.yaml', error),
    );
    return undefined;
  }
}

async function readData(context: Context, project: Project): Promise<DataFacts> {
  const engine = await context.openEngine(projectFolders(project));
  try {
    return await dataFindings(context, project, engine);
  } finally {
    await engine.close();
  }
}

/** Its own finding has said it. */
function noForge(error: unknown): undefined {
  if (error instanceof AssayError) return undefined;
  throw new Error(messageOf(error), { cause: error });
}

function worstOf(findings: readonly Finding[]): DoctorOutput['status'] {
  if (findings.some(({ status }) => status === 'fail')) return 'fail';
  return findings.some(({ status }) => status === 'warn') ? 'warn' : 'ok';
}
