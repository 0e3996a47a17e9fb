import { assayError } from '../../errors.ts';
import type { CheckoutPlan } from './checkout-plan.ts';
import type { WorkData } from './describe-data.ts';
import { scanTree } from './scan-tree.ts';

/** What lies in an output's place. */
interface InPlace {
  /** Where, absolute. */
  readonly target: string;
  readonly present: WorkData;
}

/**
 * Whether an output can be made what its pointer says without giving up anything. Data is safe when the cache holds its bytes; a
 * link, a device or a folder in the way is nowhere else.
 *
 * @param isKept whether bytes of that address are in the cache
 * @throws E_CHECKOUT_LOSES
 */
export function checkNothingLost(
  { path, md5 }: { readonly path: string; readonly md5: string },
  plan: CheckoutPlan,
  { target, present }: InPlace,
  isKept: (md5: string) => boolean,
): void {
  const otherKind = (present.kind === 'directory') !== md5.endsWith('.dir');
  const wanted = new Set([...plan.added, ...plan.modified].map((file) => file.relpath));
  const lost = [
    ...plan.lost,
    ...(otherKind
      ? allButKept(target, present, isKept)
      : present.skipped.map((entry) => entry.relpath).filter((name) => wanted.has(name))),
  ];
  if (lost.length > 0) throw assayError('E_CHECKOUT_LOSES', { output: path, files: lost, count: lost.length });
}

/** What would go with a file or folder that makes room for the other, but what the cache has; what `.dvcignore` hides is data all the same. */
function allButKept(target: string, present: WorkData, isKept: (md5: string) => boolean): string[] {
  const kept = new Set(present.files.filter(({ md5 }) => isKept(md5)).map(({ relpath }) => relpath));
  const { files, skipped } = present.kind === 'directory' ? scanTree(target) : present;
  return [...files.filter(({ relpath }) => !kept.has(relpath)), ...skipped].map(({ relpath }) => relpath);
}
