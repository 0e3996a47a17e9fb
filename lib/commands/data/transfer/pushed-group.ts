import type { DataObject } from '../../../pointers/outputs/output-objects.ts';
import type { Store } from '../../../stores/store.ts';
import type { DataTransferOutput } from '../data-outputs.ts';

/** What became of the outputs of one remote: a part of what the whole push tells. */
export type PushedGroup = Pick<DataTransferOutput, 'transferred' | 'present' | 'failed'> & {
  /** Pointers that were written. */
  readonly written: readonly string[];
};

/** Why objects were not sent that neither the cache nor the remote has. */
export function lackingEverywhere(
  missing: readonly DataObject[],
  store: Pick<Store, 'describe'>,
): DataTransferOutput['failed'] {
  return missing.map(({ path, md5 }) => ({
    path,
    code: 'E_CACHE_MISSING',
    reason: `neither the cache nor ${store.describe().title} has ${md5}`,
  }));
}
