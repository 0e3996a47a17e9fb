import { byCodePoint } from '../code-point-order.ts';

/** One file as it should be, or as it is. */
export interface PlannedFile {
  /** Below the output's folder, forward slashes; the name of an output that is one file. */
  readonly relpath: string;
  /** 32 hex digits. */
  readonly md5: string;
}

export interface CheckoutPlan {
  /** Files that come new, or in the place of others. */
  readonly added: readonly PlannedFile[];
  readonly modified: readonly PlannedFile[];
  /** Files that are not in the output any more. */
  readonly deleted: readonly string[];
  /** Files that stay; with `relink` they are made anew from the cache. */
  readonly kept: readonly PlannedFile[];
  /** Files whose present bytes would be lost: they are nowhere else. */
  readonly lost: readonly string[];
}

/**
 * What has to change for `present` to become `wanted`. Pure.
 *
 * @param isKept whether bytes of that address are in the cache, so that nothing is lost with the file
 */
export function planCheckout(
  wanted: readonly PlannedFile[],
  present: readonly PlannedFile[],
  isKept: (md5: string) => boolean,
): CheckoutPlan {
  const before = new Map(present.map((file) => [file.relpath, file.md5]));
  const after = new Set(wanted.map((file) => file.relpath));
  const added: PlannedFile[] = [];
  const modified: PlannedFile[] = [];
  const kept: PlannedFile[] = [];
  for (const file of wanted) {
    const md5 = before.get(file.relpath);
    (md5 === undefined ? added : md5 === file.md5 ? kept : modified).push(file);
  }
  const deleted = present.filter((file) => !after.has(file.relpath));
  const changing = [...modified.map(({ relpath }) => ({ relpath, md5: before.get(relpath) ?? '' })), ...deleted];
  return {
    added,
    modified,
    kept,
    deleted: deleted.map((file) => file.relpath).sort(byCodePoint),
    lost: changing
      .filter((file) => !isKept(file.md5))
      .map((file) => file.relpath)
      .sort(byCodePoint),
  };
}
