import { clears, type Hurdle } from '../simulate/drawn-hurdles.ts';
import type { Chances, FurtherRule } from '../simulate/simulation.ts';

/** How often every further rule lets a model past that is truly the same; slices of a column count together. */
export function furtherRules(hurdles: readonly (readonly Hurdle[])[]): FurtherRule[] {
  const byRule = new Map<string, Hurdle[][]>();
  hurdles.forEach((drawn, draw) => {
    for (const hurdle of drawn) {
      const key = JSON.stringify([hurdle.rule, hurdle.requirement]);
      const found = byRule.get(key) ?? hurdles.map(() => []);
      byRule.set(key, found);
      found[draw]?.push(hurdle);
    }
  });
  return [...byRule.values()].flatMap((drawn): FurtherRule[] => {
    const all = drawn.flat();
    const [first] = all;
    if (first === undefined) return [];
    // A value that a draw does not have is judged as little as one with too few rows.
    const passed = (look: keyof Chances) =>
      drawn.filter((one) => (first.waived || one.length > 0) && one.every((hurdle) => clears(hurdle, 0, look))).length;
    return [
      {
        ...first.rule,
        requirement: first.requirement,
        passed: { advisory: passed('advisory') / drawn.length, promotion: passed('promotion') / drawn.length },
        judged: all.filter(({ limits }) => limits !== undefined).length / all.length,
      },
    ];
  });
}
