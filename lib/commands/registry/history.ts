import { modelOf, type Project } from '../../project/project.ts';
import { allVersions } from '../../registry/find-model.ts';
import { sharingLooks } from '../../registry/look.ts';
import type { LookRecord } from '../../registry/records.ts';
import type { ModelState } from '../../registry/state.ts';
import type { Context } from '../context.ts';
import { projectRegistry } from './open-registry.ts';
import type { HistoryOutput } from './outputs.ts';

export interface HistoryRequest {
  readonly project: Project;
  readonly model?: string | undefined;
}

/** Everything the registry knows of a model: stages, versions, changes, and the ledger of looks. Reads only. */
export async function history(context: Context, { project, model }: HistoryRequest): Promise<HistoryOutput> {
  const { name } = modelOf(project, model);
  const { state, head, problems } = await projectRegistry(context).read();
  for (const { file, reason } of problems) context.log.warning(`the registry is damaged (${file}: ${reason})`);
  const found = state.models.get(name);
  const facts = { schema: 'assay/history/1', model: name, head } as const;
  if (found === undefined) return { ...facts, stages: [], versions: [], events: [], looks: [] };
  return {
    ...facts,
    stages: [...found.stages].map(([stage, { holder }]) => ({ stage, holder })),
    versions: allVersions(found).map((version) => ({ version, quarantined: found.quarantined.has(version) })),
    events: [...found.events],
    looks: ledger(found),
  };
}

function ledger({ looks }: ModelState): HistoryOutput['looks'] {
  return looks.map((look, index) => {
    const { ids, ...shown } = look;
    return { ...shown, used: countedWith(looks.slice(0, index + 1), look) };
  });
}

/** As the gate counts: distinct looks at windows that share enough of their ids with this one. */
function countedWith(looks: readonly LookRecord[], { ids, holdout }: LookRecord): number {
  return new Set(sharingLooks(looks, ids, holdout).map(({ look }) => look)).size;
}
