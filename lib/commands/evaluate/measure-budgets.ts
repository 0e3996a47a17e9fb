import type { Engine } from '../../engine/engine.ts';
import type { Measured } from '../../gate/compare/compare-budgets.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { Context } from '../context.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { measureLatency } from './measure-latency.ts';
import type { ContestedSide } from './score-both.ts';
import type { ScoringModel } from './score-model.ts';

/**
 * What the rules' budgets ask of the sides: the size of their files from the run records, and times of predict. Undefined
 * where there are no budgets, or no model whose calls could be timed. Throws E_MODEL_*, E_COMMAND_*.
 */
export async function measureBudgets(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  { budgets }: Pick<GateRules, 'budgets'>,
  sides: { readonly candidate: ContestedSide; readonly baseline: ContestedSide },
): Promise<Measured | undefined> {
  const candidate = modelAt(sides.candidate);
  if (budgets === undefined || candidate === undefined) return undefined;
  const baseline = modelAt(sides.baseline);
  const size = {
    candidate: bytesOf(candidate),
    ...(baseline === undefined ? {} : { baseline: bytesOf(baseline) }),
  };
  const isTimed = budgets.latency_p95 !== undefined || budgets.latency_ratio !== undefined;
  if (!isTimed || rows.ids.length === 0) return { size };
  const compared = budgets.latency_ratio === undefined ? undefined : baseline;
  const latency = await context.log.group('timing predict', () =>
    measureLatency(context, engine, rows, budgets, { candidate, baseline: compared }),
  );
  return { size, latency };
}

/** A side's model, where its files are here. */
function modelAt(side: ContestedSide): ScoringModel | undefined {
  return 'model' in side && side.missing === undefined ? side.model : undefined;
}

function bytesOf({ record }: ScoringModel): number {
  return record.outputs.reduce((sum, { size }) => sum + size, 0);
}
