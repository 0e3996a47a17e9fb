import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import type { BudgetRules } from '../../gate/budget-rules.ts';
import type { Measured } from '../../gate/compare/compare-budgets.ts';
import { loadBuiltInModel } from '../../model/built-in-model.ts';
import type { Clock } from '../../ports.ts';
import { stateFolder } from '../../train/run-folder.ts';
import type { Context } from '../context.ts';
import { runPredictCommand } from '../train/user-command.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { predictSpec } from './predict-spec.ts';
import { inItsCode, type ScoringModel } from './score-model.ts';
import { selectFrame } from './select-frame.ts';

/** One call of predict, everything made ready before. */
type Call = () => Promise<void>;

/** Calls of each side before the first that counts: files are read and code is compiled then. */
const WARM_UP_CALLS = { builtIn: 20, command: 1 } as const;

/** Both sides are called twice in a turn: A B B A, so that a machine that slows down or speeds up favours neither. */
const TURN = ['candidate', 'baseline', 'baseline', 'candidate'] as const;

/**
 * Times calls of predict on the first rows of the holdout, candidate and baseline in turns, warm-up left out. A call of
 * a built-in model is its scoring in this process; of a user's command, one run of the command from start to end.
 * Milliseconds. Throws E_MODEL_*, E_COMMAND_*.
 */
export async function measureLatency(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  budgets: BudgetRules,
  sides: { readonly candidate: ScoringModel; readonly baseline: ScoringModel | undefined },
): Promise<NonNullable<Measured['latency']>> {
  const perCall = Math.min(budgets.rows, rows.ids.length);
  const { candidate, baseline } = sides;
  const both = [candidate, baseline].filter((side) => side !== undefined);
  const warmUp = both.some(isCommand) ? WARM_UP_CALLS.command : WARM_UP_CALLS.builtIn;
  const times = await withCall(context, engine, rows, candidate, perCall, (own) =>
    baseline === undefined
      ? timeTurns(context.clock, { candidate: own, baseline: undefined }, budgets.calls, warmUp)
      : withCall(context, engine, rows, baseline, perCall, (other) =>
          timeTurns(context.clock, { candidate: own, baseline: other }, budgets.calls, warmUp),
        ),
  );
  return { ...times, rows: perCall };
}

function isCommand({ record }: ScoringModel): boolean {
  return record.inputs.predict !== undefined;
}

/** Calls in turns, at least so many of each side; the times in the order of the calls. */
export async function timeTurns(
  clock: Clock,
  calls: { readonly candidate: Call; readonly baseline: Call | undefined },
  count: number,
  warmUp: number,
): Promise<{ candidate: number[]; baseline?: number[] }> {
  const elapsed = (): number => clock.elapsed?.() ?? clock.now().getTime();
  const times: { candidate: number[]; baseline: number[] } = { candidate: [], baseline: [] };
  for (let call = 0; call < warmUp; call++) {
    await calls.candidate();
    await calls.baseline?.();
  }
  while (times.candidate.length < count) {
    for (const side of TURN) {
      const call = calls[side];
      if (call === undefined) continue;
      const start = elapsed();
      await call();
      times[side].push(elapsed() - start);
    }
  }
  return calls.baseline === undefined ? { candidate: times.candidate } : times;
}

/** Makes a call ready, and cleans up after the last. */
async function withCall<T>(
  context: Context,
  engine: Engine,
  rows: HoldoutRows,
  model: ScoringModel,
  perCall: number,
  body: (call: Call) => Promise<T>,
): Promise<T> {
  if (!isCommand(model)) {
    const builtIn = await loadBuiltInModel(model.folder);
    const frame = selectFrame(rows.frame, [...Array(perCall).keys()]);
    return body(async () => {
      builtIn.score(frame);
    });
  }
  const work = await mkdtemp(join(await stateFolder(context.root), 'latency-'));
  try {
    const spec = await predictSpec(engine, model, rows, work, perCall);
    const command = model.record.inputs.predict ?? [];
    return await inItsCode(context, model, (cwd) => body(() => runPredictCommand(context, command, cwd, work, spec)));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
