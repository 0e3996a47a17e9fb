import { z } from 'zod';

/** Documents of the verbs `assay data …`. Paths are relative to the repository's top, forward slashes. */

const Count = z.number().int().min(0);
/** DVC's address: 32 hex digits, with `.dir` for a folder. */
const Address = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/);

/** What `data add --json` prints. */
export const DataAddOutput = z.strictObject({
  schema: z.literal('assay/data-add/1'),
  added: z.array(
    z.strictObject({
      path: z.string(),
      /** The `.dvc` file. */
      pointer: z.string(),
      md5: Address,
      /** Bytes. */
      size: Count,
      files: Count,
      state: z.enum(['new', 'changed', 'unchanged']),
    }),
  ),
  /** Files that were written and belong to git. */
  written: z.array(z.string()),
});
export type DataAddOutput = z.infer<typeof DataAddOutput>;

const Changes = z.strictObject({
  added: z.array(z.string()),
  modified: z.array(z.string()),
  deleted: z.array(z.string()),
});

/** What `data status --json` prints. */
export const DataStatusOutput = z.strictObject({
  schema: z.literal('assay/data-status/1'),
  /** Nothing differs. */
  clean: z.boolean(),
  outputs: z.array(
    z.strictObject({
      path: z.string(),
      declaredIn: z.string(),
      state: z.enum(['unchanged', 'modified', 'deleted', 'new', 'not in cache']),
      /** Files of a changed folder, relative to it, where the cache knows what they were. */
      changes: Changes.optional(),
    }),
  ),
  /** With --cloud: what cache and remote do not both have. */
  cloud: z.array(z.strictObject({ path: z.string(), state: z.enum(['new', 'deleted', 'missing']) })).optional(),
});
export type DataStatusOutput = z.infer<typeof DataStatusOutput>;

/** What `data checkout --json` prints, and a part of `data pull --json`. */
export const CheckedOut = z.strictObject({
  path: z.string(),
  state: z.enum(['unchanged', 'added', 'modified', 'failed', 'skipped']),
  /** Files. */
  added: Count,
  modified: Count,
  deleted: Count,
  /** Why it failed or was left out. */
  reason: z.string().optional(),
});
export type CheckedOut = z.infer<typeof CheckedOut>;

export const DataCheckoutOutput = z.strictObject({
  schema: z.literal('assay/data-checkout/1'),
  outputs: z.array(CheckedOut),
});
export type DataCheckoutOutput = z.infer<typeof DataCheckoutOutput>;

const Failed = z.strictObject({ path: z.string(), code: z.string(), reason: z.string() });

/** What `data push --json` and `data fetch --json` print. */
export const DataTransferOutput = z.strictObject({
  schema: z.literal('assay/data-transfer/1'),
  direction: z.enum(['push', 'fetch']),
  /** Objects: files and listings of folders, each content once. */
  transferred: Count,
  present: Count,
  /** Neither here nor there, or damaged where they are. */
  failed: z.array(Failed),
});
export type DataTransferOutput = z.infer<typeof DataTransferOutput>;

/** What `data pull --json` prints. */
export const DataPullOutput = z.strictObject({
  schema: z.literal('assay/data-pull/1'),
  fetched: Count,
  present: Count,
  failed: z.array(Failed),
  outputs: z.array(CheckedOut),
});
export type DataPullOutput = z.infer<typeof DataPullOutput>;
