import { expect } from 'vitest';
import { expectGolden, type GoldenCase } from './golden.ts';

/**
 * Compares every expected key of a fixture: each is either given here or named as skipped, so that a key added to a
 * fixture cannot go unseen.
 */
export function expectKeys(
  golden: GoldenCase,
  actual: Readonly<Record<string, number | undefined>>,
  skipped: readonly string[] = [],
): void {
  const expected = Object.keys(golden.expected);
  const unseen = expected.filter((key) => !(key in actual) && !skipped.includes(key));
  expect(unseen, `${golden.id}: keys neither compared nor skipped`).toEqual([]);
  const compared = expected.filter((key) => key in actual && !skipped.includes(key));
  expect(compared.length, `${golden.id}: compared keys`).toBeGreaterThan(0);
  for (const key of compared) expectGolden(golden, key, actual[key]);
}
