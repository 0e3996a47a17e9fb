import { type CheckAnswer, judgeChecks } from '../checks/judge-checks.ts';
import { type CheckPlan, planChecks, TABLE_PLAN } from '../checks/plan-checks.ts';
import type { CheckResult, Validation } from '../checks/validation.ts';
import type { Engine } from '../engine/engine.ts';
import { AssayError, oneLine } from '../errors.ts';
import { type ChecksFile, readChecksFile } from '../project/checks-file.ts';
import type { Project } from '../project/project.ts';
import { worstVerdict } from '../verdict.ts';
import type { Context } from './context.ts';
import { targetChecks } from './evaluate/target-project.ts';
import { type OpenDataset, openDataset, projectFolders } from './open-dataset.ts';

export interface ValidateRequest {
  readonly project: Project;
  /** Datasets to check; all of assay.yaml when left out. */
  readonly datasets?: readonly string[] | undefined;
  /** The commit whose checks count, e.g. the target branch's; the work tree's when left out. */
  readonly checksFrom?: string | undefined;
}

/** Runs every dataset's checks: one verdict a check, and none that is vacuous. */
export async function validateData(context: Context, request: ValidateRequest): Promise<Validation[]> {
  const { project, datasets, checksFrom } = request;
  const engine = await context.openEngine(projectFolders(project));
  try {
    const validations: Validation[] = [];
    for (const name of datasets ?? Object.keys(project.config.data)) {
      const dataset = await openDataset(context, project, engine, name);
      const file =
        (checksFrom === undefined ? undefined : await targetChecks(context, project, name, checksFrom)) ??
        (await readChecksFile(project, name));
      validations.push(await validateDataset(context, engine, dataset, file, project.file));
    }
    return validations;
  } finally {
    await engine.close();
  }
}

async function validateDataset(
  context: Context,
  engine: Engine,
  dataset: OpenDataset,
  file: ChecksFile | undefined,
  projectFile: string,
): Promise<Validation> {
  if (file === undefined) return validation(dataset, 0, [undeclared(projectFile)]);
  const { spec } = file;
  const answers = new Map<string, CheckAnswer>();
  for (const plan of planChecks(spec, dataset.columns)) answers.set(plan.id, await answerOf(engine, dataset, plan));
  const now = context.clock.now().getTime();
  const results = judgeChecks(spec, dataset.columns, answers, { now });
  const table = answers.get(TABLE_PLAN);
  const rows = table !== undefined && 'row' in table ? Number(table.row.rows ?? 0) : 0;
  return validation(
    dataset,
    rows,
    results.map((result) => placed(result, file)),
  );
}

/** One plan that cannot be answered is one check's error; the others go on. */
async function answerOf(engine: Engine, { source }: OpenDataset, { query, plan }: CheckPlan): Promise<CheckAnswer> {
  try {
    const [row] = await engine.aggregate(query === undefined ? source : { ...source, probe: query }, plan);
    return { row: row ?? {} };
  } catch (error) {
    if (error instanceof AssayError) return { failure: oneLine(error.message) };
    throw error;
  }
}

function validation({ name, digest }: OpenDataset, rows: number, checks: readonly CheckResult[]): Validation {
  const verdict = worstVerdict(checks.map((check) => check.verdict));
  return { schema: 'assay/validation/1', dataset: name, verdict, rows, data: digest, checks: [...checks] };
}

/** A result with its line in the checks file, for annotations. */
function placed(result: CheckResult, { place }: ChecksFile): CheckResult {
  const { file, line } = place(result.path ?? []);
  return { ...result, file, ...(line === undefined ? {} : { line }) };
}

/** A dataset without checks: nothing was found wrong because nothing was looked at. */
function undeclared(file: string): CheckResult {
  return {
    check: 'checks',
    columns: [],
    verdict: 'skipped',
    expected: 'a file of checks',
    observed: 'none declared',
    reason: `no checks: in ${file}`,
  };
}
