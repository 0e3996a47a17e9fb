import { type AssayError, assayError, type ErrorCode, hasCode } from '../../../errors.ts';
import { type CheckoutOptions, checkoutOutput } from '../../../pointers/checkout/checkout-output.ts';
import { type PlacedData, rememberPlaced } from '../../../pointers/checkout/placed-data.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { Context } from '../../context.ts';
import type { CheckedOut, DataCheckoutOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import { type TargetScope, workTargets } from '../data-targets.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import type { Outcome } from '../outcome.ts';
import { removeLeft } from './remove-left.ts';

export interface DataCheckoutRequest extends TargetScope {
  readonly targets: readonly string[];
  readonly force?: boolean;
  readonly relink?: boolean;
  /** What the cache does not have is left out, without an error. */
  readonly allowMissing?: boolean;
  readonly jobs?: number | undefined;
}

/**
 * Makes the work tree hold what the pointers say, from the cache. Without targets, data of pointers that have gone leave it.
 *
 * @throws E_DATA_NO_REPOSITORY, E_OUTPUT_TARGET, the index's problems, E_STORE_WRITE
 */
export async function dataCheckout(
  context: Context,
  request: DataCheckoutRequest,
): Promise<Outcome<DataCheckoutOutput>> {
  const { targets, jobs } = request;
  return withWorkspace(context, { jobs }, async (workspace) => {
    const chosen = await workTargets(workspace, targets, request);
    const removed = targets.length === 0 ? await removeLeft(context, workspace) : [];
    const { outputs, errors } = await checkoutAll(context, workspace, chosen, request);
    const document: DataCheckoutOutput = {
      schema: 'assay/data-checkout/1',
      outputs: inOrder([...removed, ...outputs]),
    };
    return { document, ...failureOf(outputs, errors) };
  });
}

/** What an output's own trouble is; the others are checked out all the same. */
const OF_ONE_OUTPUT: readonly ErrorCode[] = [
  'E_CACHE_MISSING',
  'E_CACHE_CORRUPT',
  'E_CHECKOUT_LOSES',
  'E_DIR_OBJECT_CORRUPT',
  'E_POINTER_OUTSIDE',
  'E_STORE_SOURCE_CHANGED',
];

/** Checks outputs out one after the other. Those without an address, or that git keeps, have nothing to check out. */
export async function checkoutAll(
  context: Context,
  workspace: DataWorkspace,
  chosen: readonly TargetedOutput[],
  options: Pick<DataCheckoutRequest, 'force' | 'relink' | 'allowMissing'>,
): Promise<{ readonly outputs: CheckedOut[]; readonly errors: AssayError[] }> {
  const outputs: CheckedOut[] = [];
  const errors: AssayError[] = [];
  const placed: PlacedData[] = [];
  const none = { added: 0, modified: 0, deleted: 0 };
  for (const { output, inside } of chosen) {
    const { md5, path } = output;
    if (!output.cache || md5 === undefined) continue;
    const progress = byteProgress(context.progress, `checking out ${path}`);
    progress.onTotal(output.size ?? 0);
    const how: CheckoutOptions = { force: options.force === true, relink: options.relink === true, inside };
    try {
      const ports = await workspace.checkoutPorts(output, progress.onBytes);
      outputs.push({ path, ...(await checkoutOutput({ ...output, md5 }, ports, how)) });
      if (inside === undefined) placed.push({ path, md5, hash: output.hash });
    } catch (error) {
      if (!hasCode(error, ...OF_ONE_OUTPUT)) throw error;
      const left = error.code === 'E_CACHE_MISSING' && options.allowMissing === true;
      outputs.push({ path, state: left ? 'skipped' : 'failed', ...none, reason: error.message, code: error.code });
      if (!left) errors.push(error);
    } finally {
      progress.end();
    }
  }
  rememberPlaced(workspace.root, placed);
  return { outputs, errors };
}

/** By path. */
export function inOrder(outputs: readonly CheckedOut[]): CheckedOut[] {
  return [...outputs].sort((a, b) => byCodePoint(a.path, b.path));
}

/** One failure speaks for itself; of several the first is told, with how many more there are. */
export function failureOf(
  outputs: readonly CheckedOut[],
  errors: readonly AssayError[],
): { readonly error?: AssayError } {
  const [first] = errors;
  if (first === undefined) return {};
  if (errors.length === 1) return { error: first };
  const output = outputs.find(({ state }) => state === 'failed')?.path ?? '';
  return { error: assayError('E_CACHE_OUTPUT', { output, reason: first.message, others: errors.length - 1 }, first) };
}
