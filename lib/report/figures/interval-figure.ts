import type { Comparison } from '../../gate/decision.ts';
import type { IntervalRow } from '../blocks/block.ts';
import { plainText } from '../blocks/span.ts';
import { allowedLossOf, comparisonSubject, differenceWords } from '../words/difference-words.ts';

/** The line of a comparison in a figure; undefined where it has no interval. */
export function intervalRowOf(comparison: Comparison): IntervalRow | undefined {
  const { interval, difference, margin, verdict } = comparison;
  if (interval === undefined || difference === undefined || !(margin > 0)) return undefined;
  if ([interval.lower, interval.upper, difference].some(Number.isNaN)) return undefined;
  const loss = allowedLossOf(comparison);
  const words = differenceWords(comparison);
  return {
    label: labelOf(comparison),
    lower: interval.lower,
    upper: interval.upper,
    value: difference,
    margin,
    ...(loss === undefined ? {} : { limit: -loss }),
    verdict,
    words: `${words.difference ?? ''}; plausible range ${words.range ?? ''}; ${words.allowed}`,
  };
}

/** Short, for it stands before a drawing: of a gap what tells it from the other. */
function labelOf(comparison: Comparison): string {
  const { groups, requirement } = comparison;
  if (groups === undefined) return plainText(comparisonSubject(comparison));
  const what = requirement === 'above-floor' ? 'gap' : 'gap growth';
  return `${what} by ${plainText([groups.column])}${groups.against === 'rest' ? ', to the rest' : ''}`;
}
