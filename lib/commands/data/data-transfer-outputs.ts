import { z } from 'zod';

/** Documents of the verbs of `assay data` that move data between remote, cache and work tree. */

export const Count = z.number().int().min(0);
/** DVC's address: 32 hex digits, with `.dir` for a folder. */
export const Address = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/);

/** What `data checkout --json` prints, and a part of `data pull --json`. */
export const CheckedOut = z.strictObject({
  path: z.string(),
  /** `deleted`: the pointer has gone, as after `git switch`, and the data that it had left with it. */
  state: z.enum(['unchanged', 'added', 'modified', 'deleted', 'failed', 'skipped']),
  /** Files. */
  added: Count,
  modified: Count,
  deleted: Count,
  /** Why it failed or was left out, and the error's code. */
  reason: z.string().optional(),
  code: z.string().optional(),
});
export type CheckedOut = z.infer<typeof CheckedOut>;

export const DataCheckoutOutput = z.strictObject({
  schema: z.literal('assay/data-checkout/1'),
  outputs: z.array(CheckedOut),
});
export type DataCheckoutOutput = z.infer<typeof DataCheckoutOutput>;

const Failed = z.strictObject({ path: z.string(), code: z.string(), reason: z.string() });

/** What became of DVC's run cache, with --run-cache. Paths are below the folder `runs`. */
export const RunsOutput = z.strictObject({
  /** Runs. */
  transferred: Count,
  present: Count,
  /** Not what their names say: they stayed where they are. */
  refused: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** There already, with other bytes: both stay as they are. */
  differing: z.array(z.string()),
});
export type RunsOutput = z.infer<typeof RunsOutput>;

/** What `data push --json` and `data fetch --json` print. */
export const DataTransferOutput = z.strictObject({
  schema: z.literal('assay/data-transfer/1'),
  direction: z.enum(['push', 'fetch']),
  /** Objects: files and listings of folders, each content once. */
  transferred: Count,
  present: Count,
  /** Neither here nor there, or damaged where they are. */
  failed: z.array(Failed),
  /** Pointers that were written and belong to git: by a push to version-aware remotes, or of imports that named no data yet. */
  written: z.array(z.string()).optional(),
  runs: RunsOutput.optional(),
});
export type DataTransferOutput = z.infer<typeof DataTransferOutput>;

/** What `data pull --json` prints. */
export const DataPullOutput = z.strictObject({
  schema: z.literal('assay/data-pull/1'),
  fetched: Count,
  present: Count,
  failed: z.array(Failed),
  outputs: z.array(CheckedOut),
  /** Pointers of imports that named no data yet: they were written and belong to git. */
  written: z.array(z.string()).optional(),
  runs: RunsOutput.optional(),
});
export type DataPullOutput = z.infer<typeof DataPullOutput>;
