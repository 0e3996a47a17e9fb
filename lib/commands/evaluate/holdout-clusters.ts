import { dayOf } from '../../duration.ts';
import { stringsOf } from '../../engine/collect.ts';
import type { Frame } from '../../engine/frame.ts';
import type { HoldoutFacts } from '../../gate/decision.ts';
import { clusterCodes } from '../../gate/evidence/paired-examples.ts';
import { daysInOrder, timeBlocks } from '../../gate/holdout/time-blocks.ts';
import type { GateRules } from '../../gate/rules.ts';

/** What makes rows hang together, and which rows do. */
export interface HoldoutClusters {
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  readonly unit: HoldoutFacts['clusterUnit'];
  /** The column that they come from; absent where every row is one. */
  readonly column?: string;
  /** Days in a block. */
  readonly blockDays?: number;
}

/**
 * The clusters of a holdout: by the declared column, else by day, else by query (a ranking's rows are judged by query at
 * least), else every row by itself.
 *
 * @param time the dataset's time column
 */
export function holdoutClusters(
  frame: Frame,
  rules: Pick<GateRules, 'cluster' | 'time_series'>,
  time: string | undefined,
  queries: { readonly column: string; readonly values: readonly (string | null)[] } | undefined,
): HoldoutClusters {
  if (rules.cluster !== undefined) {
    return { ...groupCodes(stringsOf(frame, rules.cluster)), unit: 'group', column: rules.cluster };
  }
  const times = time === undefined ? undefined : frame.columns.get(time);
  if (time !== undefined && times?.kind === 'time') {
    const days = times.values.map(dayOf);
    const { block, horizon } = rules.time_series ?? {};
    if (block !== undefined) return { ...timeBlocks(days, block), unit: 'block', blockDays: block, column: time };
    return { ...(horizon === undefined ? clusterCodes(days) : daysInOrder(days)), unit: 'day', column: time };
  }
  if (queries !== undefined) return { ...groupCodes(queries.values), unit: 'group', column: queries.column };
  return { ...eachRow(frame.rows), unit: 'row' };
}

/** Codes of a column's values; the rows without one are a group of their own. */
export function groupCodes(values: readonly (string | null)[]) {
  return clusterCodes(values.map((value) => value ?? '(missing)'));
}

/** Every row by itself. */
export function eachRow(rows: number) {
  return { clusters: Int32Array.from({ length: rows }, (_none, row) => row), clusterCount: rows };
}
