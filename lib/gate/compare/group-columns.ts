import type { GateRules } from '../rules.ts';

/** The columns whose values the rules look at one by one, as slices or as groups; each once. */
export function groupColumns({ slices, fairness = [] }: Pick<GateRules, 'slices' | 'fairness'>): string[] {
  return [...new Set([...slices, ...fairness].map(({ column }) => column))];
}
