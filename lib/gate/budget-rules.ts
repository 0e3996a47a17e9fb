import { z } from 'zod';
import { parseByteSize } from '../byte-size.ts';

/** Units of a short time, in milliseconds. */
const SHORT_TIME = { us: 1e-3, ms: 1, s: 1e3 } as const;

/** `50ms`, `0.5s`, `200us` in milliseconds; undefined for anything else. */
export function parseShortTime(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * SHORT_TIME[match[2] as keyof typeof SHORT_TIME];
}

/** A quantity written with its unit, or as a number in the unit that is recorded. */
function quantity(parse: (text: string) => number | undefined, wanted: string) {
  // Ends in a plain number, so that a recorded rule reads back and what comes out can be published as JSON Schema.
  return z.union([
    z.number().positive(),
    z
      .string()
      .refine((text) => (parse(text) ?? 0) > 0, wanted)
      .transform((text) => parse(text) as number)
      .pipe(z.number().positive()),
  ]);
}

/** Calls of predict that are timed on each side when nothing else is said: a p95's limits need 72 and some to spare. */
export const LATENCY_CALLS = 100;

/** What the candidate may cost. A budget that was not measured holds the verdict up. */
export const BudgetRules = z.strictObject({
  latency_p95: quantity(parseShortTime, 'a time such as 50ms or 0.5s')
    .optional()
    .describe('The 95th percentile of the time of one call of predict has to stay under this.'),
  latency_ratio: z
    .number()
    .positive()
    .optional()
    .describe("The candidate's calls may take at most this many times as long as the baseline's, measured in turns."),
  size: quantity(parseByteSize, 'a size such as 100MB or 1.5GiB')
    .optional()
    .describe("The model's files may have at most this many bytes."),
  calls: z
    .number()
    .int()
    .min(8)
    .max(10_000)
    .default(LATENCY_CALLS)
    .describe('How many calls of predict are timed on each side, warm-up not counted. A p95 needs at least 72.'),
  rows: z.number().int().min(1).max(100_000).default(1).describe('Rows of the holdout in one call.'),
});
export type BudgetRules = z.infer<typeof BudgetRules>;
