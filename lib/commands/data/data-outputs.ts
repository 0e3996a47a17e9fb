import { z } from 'zod';
import {
  Address,
  Count,
  DataCheckoutOutput,
  DataPullOutput,
  DataTransferOutput,
  RunsOutput,
} from './data-transfer-outputs.ts';

export { CheckedOut, RunsOutput } from './data-transfer-outputs.ts';
export { DataCheckoutOutput, DataPullOutput, DataTransferOutput };

/** Documents of the verbs `assay data …`. Paths are relative to the repository's top, forward slashes. */

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

const Difference = {
  added: z.array(z.string()),
  modified: z.array(z.string()),
  deleted: z.array(z.string()),
  renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
};

/** `unknown`: files in a folder of which nothing here tells what it held before. */
const LayerChanges = z.strictObject({ ...Difference, unknown: z.array(z.string()) });

const LayersOutput = z.strictObject({
  /** What the pointers of the work tree name and the cache lacks. */
  notInCache: z.array(z.string()),
  /** With --not-in-remote. */
  notInRemote: z.array(z.string()).optional(),
  /** From the last commit's pointers to those of the work tree. */
  committed: LayerChanges,
  /** From the pointers of the work tree to the work tree. */
  uncommitted: LayerChanges,
  /** With --untracked-files. */
  untracked: z.array(z.string()).optional(),
  /** With --unchanged: what is the same in all three. */
  unchanged: z.array(z.string()).optional(),
});
export type LayersOutput = z.infer<typeof LayersOutput>;

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
      /** Of an import: the commit that its repository has now, where that is another. */
      update: z.string().optional(),
      /** Files of a changed folder, relative to it, where the cache knows what they were. */
      changes: Changes.optional(),
    }),
  ),
  /** With --cloud: what cache and remote do not both have. */
  cloud: z.array(z.strictObject({ path: z.string(), state: z.enum(['new', 'deleted', 'missing']) })).optional(),
  /** With --granular, --unchanged, --untracked-files or --not-in-remote. Paths of folders end with a slash. */
  layers: LayersOutput.optional(),
});
export type DataStatusOutput = z.infer<typeof DataStatusOutput>;

/** What `data diff --json` prints: files, or whole folders where neither cache nor work tree tells their files. */
export const DataDiffOutput = z.strictObject({
  schema: z.literal('assay/data-diff/1'),
  /** A revision, or `workspace`. */
  from: z.string(),
  to: z.string(),
  ...Difference,
  /** Tracked folders as a whole; their paths end with a slash. */
  folders: z.strictObject(Difference).optional(),
  /** Against the work tree: what of the revision the cache lacks. Absent with --hide-missing. */
  missing: z.array(z.string()).optional(),
  /** With --show-hash: the addresses of all of these, by the path that is now; without `old` it came, without `new` it went. */
  hashes: z.array(z.strictObject({ path: z.string(), old: Address.optional(), new: Address.optional() })).optional(),
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
  /** Bytes of all outputs together, and of the objects that the cache holds; of another repository's cache nothing is told. */
  size: Count,
  cache: Count.optional(),
  /** Files whose size nothing tells; they are not in the sum. */
  unsized: Count.optional(),
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
  /** Objects that something still uses; with --not-in-remote only those that its remote does not have. */
  kept: Count,
  /** Addresses of the objects that were removed, or would be. */
  cache: z.array(Address),
  remote: z.array(Address),
  /** With --skip-failed: commits that could not be read entirely. What only they use may be among what went. */
  skipped: z.array(z.strictObject({ commit: z.string(), reason: z.string() })).optional(),
});
export type DataGcOutput = z.infer<typeof DataGcOutput>;

/** What `data get --show-url --json` prints. */
export const DataUrlOutput = z.strictObject({
  schema: z.literal('assay/data-url/1'),
  path: z.string(),
  /** Where the data lie, without credentials. */
  url: z.string(),
});
export type DataUrlOutput = z.infer<typeof DataUrlOutput>;

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
  /** It, and the `.gitignore` that keeps the data out of git, where it was written: both belong to git. */
  written: z.array(z.string()).optional(),
});
export type DataImportOutput = z.infer<typeof DataImportOutput>;

/** What `data update --json` prints. */
export const DataUpdateOutput = z.strictObject({
  schema: z.literal('assay/data-update/1'),
  updated: z.array(
    z.strictObject({
      path: z.string(),
      pointer: z.string(),
      /** Absent where the data were not brought. */
      md5: Address.optional(),
      /** Of the data: the commit that they come from may be another all the same. */
      state: z.enum(['unchanged', 'changed', 'skipped']),
      /** Why it was skipped. */
      reason: z.string().optional(),
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
  /** Where the store has a run cache of DVC, and the new one can hold it. */
  runs: RunsOutput.optional(),
});
export type StoreMoveOutput = z.infer<typeof StoreMoveOutput>;

/** Whatever a data verb, or `store move`, prints with `--json`. */
export const DataDocument = z.discriminatedUnion('schema', [
  DataAddOutput,
  DataCheckoutOutput,
  DataDiffOutput,
  DataGcOutput,
  DataImportOutput,
  DataListOutput,
  DataPullOutput,
  DataStatusOutput,
  DataTransferOutput,
  DataUpdateOutput,
  DataUrlOutput,
  DataUsageOutput,
  DataVerifyOutput,
  StoreMoveOutput,
]);
