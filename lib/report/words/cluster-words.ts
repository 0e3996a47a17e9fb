import type { Decision, HoldoutFacts } from '../../gate/decision.ts';
import { code, type Text } from '../blocks/span.ts';
import { counted } from './number-format.ts';

/** `31 days`, `812 groups`, `4,210 rows`: so many of what counts as independent. */
export function clustersWords(clusters: number, holdout: Pick<HoldoutFacts, 'clusterUnit'>): string {
  return counted(clusters, holdout.clusterUnit);
}

/** ` on 54,321 rows over 28 days`: how much a statement rests on. */
export function evidenceWords(rows: number, clusters: number, { holdout }: Pick<Decision, 'holdout'>): Text {
  const start = ` on ${counted(rows, 'row')}`;
  switch (holdout.clusterUnit) {
    case 'day':
      return [`${start} over ${counted(clusters, 'day')}`];
    case 'block':
      return [`${start} over ${counted(clusters, 'block')} of ${counted(holdout.blockDays ?? 1, 'day')}`];
    case 'group':
      return holdout.clusterColumn === undefined
        ? [`${start} in ${counted(clusters, 'group')}`]
        : [`${start} of ${counted(clusters, 'group')} by `, code(holdout.clusterColumn)];
    case 'row':
      return [start];
  }
}
