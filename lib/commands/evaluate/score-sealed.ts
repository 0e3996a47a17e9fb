import { modelOf, type Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { projectFolders } from '../open-dataset.ts';
import { projectRegistry } from '../registry/open-registry.ts';
import { stageOf } from './evaluate-gate.ts';
import type { PredictionsFile } from './predictions-file.ts';
import { scoredRows } from './scored-rows.ts';
import { baselineVersionOf, chooseVersion, openContest, scoreContest } from './sealed-contest.ts';
import { tellingRows } from './telling-rows.ts';

export interface ScoreSealedRequest {
  readonly project: Project;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  readonly stage?: string | undefined;
}

/**
 * Scores a version and the stage's holder on the sealed half, and says nothing about the result: no label is looked
 * at, no metric computed. For the job of a promotion that may run users' code and may not write.
 */
export async function scoreSealed(context: Context, request: ScoreSealedRequest): Promise<PredictionsFile> {
  const { project } = request;
  const { name, model } = modelOf(project, request.model);
  const stage = stageOf(name, model, request.stage);
  const snapshot = await projectRegistry(context).read();
  const version = chooseVersion(snapshot, name, request.version);
  const engine = await context.openEngine(projectFolders(project));
  try {
    const { contest, scored } = await tellingRows({ context, engine, project, model }, async () => {
      const opened = await openContest(context, engine, project, snapshot, { name, stage, version });
      return { contest: opened, scored: await scoreContest(context, engine, opened) };
    });
    const of = baselineVersionOf(contest);
    return {
      schema: 'assay/predictions/1',
      model: name,
      stage,
      holdout: contest.rows.facts.digest,
      rows: scoredRows(contest.rows),
      ...('unavailable' in scored
        ? {
            candidate: { version, scores: [...scored.candidateScores] },
            baseline: { version: of, scores: [], unavailable: scored.unavailable },
          }
        : {
            candidate: { version, scores: [...scored.examples.candidate] },
            baseline: { version: of, scores: [...scored.examples.baseline] },
            ...(scored.proven?.scores === undefined
              ? {}
              : { proven: { version: scored.proven.side.version ?? null, scores: [...scored.proven.scores] } }),
            ...(scored.measured === undefined ? {} : { measured: scored.measured }),
          }),
    };
  } finally {
    await engine.close();
  }
}
