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
});
export type DataPullOutput = z.infer<typeof DataPullOutput>;

/** What `data diff --json` prints: files, or whole folders where neither cache nor work tree tells their files. */
export const DataDiffOutput = z.strictObject({
  schema: z.literal('assay/data-diff/1'),
  /** A revision, or `workspace`. */
  from: z.string(),
  to: z.string(),
  added: z.array(z.string()),
  modified: z.array(z.string()),
  deleted: z.array(z.string()),
  renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});
export type DataDiffOutput = z.infer<typeof DataDiffOutput>;

/** What `data ls --json` prints. */
export const DataListOutput = z.strictObject({
  schema: z.literal('assay/data-list/1'),
  entries: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.enum(['file', 'directory']),
      /** Tracked by a pointer; else by git. */
      tracked: z.boolean(),
      md5: Address.optional(),
      /** Bytes, where a pointer tells. */
      size: Count.optional(),
    }),
  ),
});
export type DataListOutput = z.infer<typeof DataListOutput>;

/** What `data du --json` prints. */
export const DataUsageOutput = z.strictObject({
  schema: z.literal('assay/data-usage/1'),
  outputs: z.array(z.strictObject({ path: z.string(), size: Count, files: Count })),
  /** Bytes of all outputs together, and of the objects that the cache holds. */
  size: Count,
  cache: Count,
});
export type DataUsageOutput = z.infer<typeof DataUsageOutput>;

/** What `data verify --json` prints. */
export const DataVerifyOutput = z.strictObject({
  schema: z.literal('assay/data-verify/1'),
  sound: z.boolean(),
  /** Objects that were read and are what their names say. */
  verified: Count,
  problems: z.array(z.strictObject({ path: z.string(), md5: Address, problem: z.enum(['missing', 'damaged']) })),
});
export type DataVerifyOutput = z.infer<typeof DataVerifyOutput>;

/** What `data gc --json` prints. */
export const DataGcOutput = z.strictObject({
  schema: z.literal('assay/data-gc/1'),
  dry: z.boolean(),
  /** Objects that something still uses. */
  kept: Count,
  /** Addresses of the objects that were removed, or would be. */
  cache: z.array(Address),
  remote: z.array(Address),
});
export type DataGcOutput = z.infer<typeof DataGcOutput>;

/** What `data get --json`, `data import --json` and `data import-url --json` print. */
export const DataImportOutput = z.strictObject({
  schema: z.literal('assay/data-import/1'),
  /** Where the data is now, relative to the folder that was started from. */
  path: z.string(),
  /** Absent where nothing was downloaded. */
  md5: Address.optional(),
  size: Count,
  files: Count,
  /** The commit that it comes from. */
  commit: z.string().optional(),
  /** The `.dvc` file, for imports. */
  pointer: z.string().optional(),
});
export type DataImportOutput = z.infer<typeof DataImportOutput>;

/** What `data update --json` prints. */
export const DataUpdateOutput = z.strictObject({
  schema: z.literal('assay/data-update/1'),
  updated: z.array(
    z.strictObject({
      path: z.string(),
      pointer: z.string(),
      md5: Address,
      /** Of the data: the commit that they come from may be another all the same. */
      state: z.enum(['unchanged', 'changed']),
      /** The commit that it comes from now. */
      commit: z.string().optional(),
    }),
  ),
});
export type DataUpdateOutput = z.infer<typeof DataUpdateOutput>;

/** What `store move --json` prints. */
export const StoreMoveOutput = z.strictObject({
  schema: z.literal('assay/store-move/1'),
  /** Locations as `store:` takes them. */
  from: z.string(),
  to: z.string(),
  /** Objects and bytes that were copied. */
  copied: Count,
  copiedBytes: Count,
  /** Objects that were there already. */
  present: Count,
  /** Keys that are no address of content and were left: they cannot be verified. */
  unaddressed: z.array(z.string()),
});
export type StoreMoveOutput = z.infer<typeof StoreMoveOutput>;
