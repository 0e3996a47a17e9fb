import type { Examples } from '../../metrics/metric.ts';
import { pinball } from '../../metrics/quantile-loss.ts';
import { shortNumber } from '../short-number.ts';
import type { FindingsOf } from './evidence.ts';

/** Coverage and loss by level: an honest 90 % quantile has 90 % of the rows at or below it. Every row counts once. */
export function quantileFindings(
  levels: Float64Array,
  candidate: Examples,
  baseline: Examples,
): FindingsOf<'quantile'> {
  return {
    task: 'quantile',
    levels: Array.from(levels, (level, column) => {
      const [one, other] = [candidate, baseline].map((side) => levelFacts(level, column, levels.length, side));
      return {
        level,
        below: { candidate: one?.below ?? 0, baseline: other?.below ?? 0 },
        pinball: { candidate: one?.pinball ?? 0, baseline: other?.pinball ?? 0 },
      };
    }),
  };
}

function levelFacts(level: number, column: number, width: number, { labels, scores }: Examples) {
  let below = 0;
  let loss = 0;
  labels.forEach((actual, row) => {
    const predicted = scores[row * width + column] as number;
    if (actual <= predicted) below++;
    loss += pinball(level, actual, predicted);
  });
  return { below: shortNumber(below / labels.length), pinball: shortNumber(loss / labels.length) };
}
