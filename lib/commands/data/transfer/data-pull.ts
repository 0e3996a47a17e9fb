import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { Context } from '../../context.ts';
import type { DataPullOutput } from '../data-outputs.ts';
import { hasRevisions, revisionOutputs } from '../data-revisions.ts';
import { globTargets, workTargets } from '../data-targets.ts';
import { verifyObjects } from '../data-verify.ts';
import { withWorkspace } from '../data-workspace.ts';
import type { Outcome } from '../outcome.ts';
import { requireParts } from '../require-parts.ts';
import { checkoutAll, type DataCheckoutRequest, failureOf, inOrder } from './data-checkout.ts';
import { fetchAll, isLacking } from './data-fetch.ts';
import type { DataTransferRequest } from './data-push.ts';
import { removeLeft } from './remove-left.ts';
import { runCachePart } from './run-cache-part.ts';

export interface DataPullRequest
  extends DataTransferRequest,
    Pick<DataCheckoutRequest, 'force' | 'relink' | 'allowMissing'> {}

/**
 * Fetch and checkout, as `dvc pull`. Where the checkout finds a damaged object in the cache, all that its output has of them
 * are fetched anew, once.
 *
 * @throws as `dataFetch` and `dataCheckout`
 */
export async function dataPull(context: Context, request: DataPullRequest): Promise<Outcome<DataPullOutput>> {
  return withWorkspace(context, {}, async (workspace) => {
    const targets = request.glob === true ? await globTargets(workspace, request.targets) : request.targets;
    const all = await workTargets(workspace, targets, request);
    const runs = await runCachePart(context, workspace, 'fetch', request);
    // What may be pushed is brought, and what was imported; the rest is checked out if the cache has it.
    const brought = ({ output }: TargetedOutput) => output.push || output.import !== undefined || targets.length > 0;
    let chosen = all.filter((target) => brought(target) || !isLacking(target, workspace.cache));
    // What only other commits use is brought into the cache beside it.
    const wanted = hasRevisions(request) ? await revisionOutputs(context, workspace, targets, request) : chosen;
    let fetched = await fetchAll(context, workspace, wanted, request);
    const { completed, written } = fetched;
    const asCompleted = (targets: readonly TargetedOutput[]) =>
      targets.map((target) => ({ ...target, output: completed.get(target.output) ?? target.output }));
    chosen = asCompleted(chosen);
    requireParts(workspace, chosen);
    const removed = targets.length === 0 ? await removeLeft(context, workspace) : [];
    let checked = await checkoutAll(context, workspace, chosen, request);
    const damaged = new Set(checked.outputs.filter(({ state }) => state === 'failed').map(({ path }) => path));
    if (checked.errors.some(({ code }) => code === 'E_CACHE_CORRUPT')) {
      const again = chosen.filter(({ output }) => damaged.has(output.path));
      // The checkout stopped at the first: what was restored or copied as a whole has more of them.
      await verifyObjects(workspace, again, () => {});
      // All of it: what could not be brought the first time is told in the end, too.
      const refetched = await fetchAll(context, workspace, asCompleted(wanted), request);
      const rechecked = await checkoutAll(context, workspace, again, request);
      // What came anew was not there, as it had seemed.
      const present = Math.max(0, fetched.present - refetched.transferred);
      fetched = { ...refetched, transferred: fetched.transferred + refetched.transferred, present };
      const sound = checked.outputs.filter(({ path }) => !damaged.has(path));
      checked = { outputs: [...sound, ...rechecked.outputs], errors: rechecked.errors };
    }
    const document: DataPullOutput = {
      schema: 'assay/data-pull/1',
      fetched: fetched.transferred,
      present: fetched.present,
      failed: fetched.failed,
      outputs: inOrder([...removed, ...checked.outputs]),
      ...(written.length === 0 ? {} : { written: [...written] }),
      ...runs,
    };
    const missing =
      request.allowMissing === true && fetched.failed.every(({ code }) => code === 'E_STORE_OBJECT_MISSING');
    if (fetched.error !== undefined && !missing) return { document, error: fetched.error };
    return { document, ...failureOf(checked.outputs, checked.errors) };
  });
}
