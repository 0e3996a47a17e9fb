import { z } from 'zod';
import { type Api, answerAs } from './api.ts';

const Runs = z.object({ workflow_runs: z.array(z.object({ created_at: z.iso.datetime({ offset: true }) })) });

const LIST = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';

/**
 * When the newest run of a workflow was started, by whomever; undefined when it never ran.
 *
 * @param workflow its file name, such as `retrain.yml`, or its number
 * @param event only of runs that this event started, such as `schedule`
 * @throws E_FORGE_* also when there is no such workflow
 */
export async function lastRunOf(api: Api, workflow: string, event?: string): Promise<Date | undefined> {
  const asked = { workflow_id: workflow, per_page: 1, ...(event === undefined ? {} : { event }) };
  const { data } = await api.request(LIST, asked, { needs: 'actions: read' });
  const [newest] = answerAs(Runs, data, LIST).workflow_runs;
  return newest === undefined ? undefined : new Date(newest.created_at);
}
