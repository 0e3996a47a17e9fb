import type { DataLayersRequest } from '../../commands/data/status/data-layers.ts';
import { assayError } from '../../errors.ts';
import {
  type CheckoutFlags,
  type DataOptions,
  type DataVerbs,
  flagsOf,
  revisionsOf,
  transferOf,
  wholeNumber,
  withDependencies,
} from './data-options.ts';

const answers = () => import('../../commands/data/data-answer.ts');

/** The verbs of `assay data` that hold the work tree, its pointers and history against each other. */
export function addDataLocalVerbs({ verb, transferVerb, run }: DataVerbs): void {
  verb('add <targets...>', 'track files and folders: bytes into the cache, a .dvc file beside them')
    .option('--no-commit', 'write the pointers alone; bytes go into the cache when they are added again')
    .option('--glob', 'targets are patterns: *, ?, [], **', false)
    .option('-o, --out <path>', 'add a copy of what lies elsewhere (a path or an address) under this name')
    .option('--to-remote', 'send a copy of what lies elsewhere to the remote, and keep none here', false)
    .option('-r, --remote <name>', 'DVC remote that --to-remote sends to, instead of the default one')
    .option('--remote-jobs <number>', 'transfers at a time of --to-remote', wholeNumber)
    .option('-f, --force', 'with --out and --to-remote: replace what is there', false)
    .option('--no-relink', 'leave the files of the work tree as they are, also where cache.type is a link')
    .action((targets: string[], options: DataOptions & AddFlags) =>
      run(options, async (context, standing) => {
        const { jobs, commit, glob, out, toRemote, remote, remoteJobs, force, relink } = options;
        for (const [option, value] of Object.entries({ '--remote': remote, '--remote-jobs': remoteJobs })) {
          const reason = 'only --to-remote sends to a remote';
          if (!toRemote && value !== undefined) throw assayError('E_DATA_OPTION', { option, reason });
        }
        const { dataAddAnswer } = await answers();
        if (out !== undefined || toRemote) {
          const { dataAddFrom } = await import('../../commands/data/add/data-add-from.ts');
          const request = { targets, out, toRemote, commit, glob, remote, force, jobs, remoteJobs };
          return dataAddAnswer(await dataAddFrom(context, request), standing);
        }
        const { dataAdd } = await import('../../commands/data/add/data-add.ts');
        return dataAddAnswer(await dataAdd(context, { targets, jobs, commit, glob, relink }), standing);
      }),
    );

  transferVerb(
    'status [targets...]',
    'what differs between work tree and pointers, or with --cloud cache and remote (with -q the exit code tells)',
  )
    .option('-c, --cloud', 'hold the cache against the remote', false)
    .option('--no-updates', 'do not ask whether imported data have something newer where they come from')
    .option('--granular', 'from the last commit to the pointers to the work tree, as dvc data status: each file', false)
    .option('--unchanged', 'the same by outputs, with what did not change', false)
    .option('--untracked-files [which]', 'the same, with files that nothing tracks (all, or no)')
    .option('--not-in-remote', 'the same, with what the remote lacks', false)
    .action((targets: string[], options: DataOptions & StatusFlags) =>
      run(options, async (context) => {
        const { cloud, remote, jobs, recursive, withDeps = false, updates, quiet } = options;
        if (asksForLayers(options)) {
          const { dataLayers } = await import('../../commands/data/status/data-layers.ts');
          const { dataLayersAnswer } = await import('../../commands/data/status/data-layers-answer.ts');
          return dataLayersAnswer(await dataLayers(context, { targets, ...layersOf(options) }), { asked: quiet });
        }
        // As in DVC, a remote is asked for only to be held against.
        const against = cloud || remote !== undefined;
        const { dataStatus } = await import('../../commands/data/status/data-status.ts');
        const { dataStatusAnswer } = await answers();
        const revisions = revisionsOf(options);
        const request = { targets, cloud: against, remote, jobs, recursive, withDeps, revisions, updates };
        const document = await dataStatus(context, request);
        return dataStatusAnswer(document, { asked: quiet });
      }),
    );

  withDependencies(verb('checkout [targets...]', 'make the work tree hold what the pointers say, from the cache'))
    .option('--summary', 'tell the numbers of files alone', false)
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .option('--relink', 'make files anew that are as they should be', false)
    .option('--allow-missing', 'leave out what the cache does not have', false)
    .action((targets: string[], options: DataOptions & CheckoutFlags & { summary: boolean }) =>
      run(options, async (context) => {
        const { dataCheckout } = await import('../../commands/data/transfer/data-checkout.ts');
        const { dataCheckoutAnswer } = await answers();
        const outcome = await dataCheckout(context, { targets, ...transferOf(options), ...flagsOf(options) });
        return dataCheckoutAnswer(outcome, options);
      }),
    );

  verb('diff [from] [to]', 'data that two revisions do not have in common; HEAD and the work tree when left out')
    .option('--targets <paths...>', 'only these outputs, or files in them')
    .option('--show-hash', 'tell the addresses of what differs', false)
    .option('--hide-missing', 'do not tell what the cache lacks', false)
    .option('--md', 'print a Markdown table', false)
    .action((from: string | undefined, to: string | undefined, options: DataOptions & DiffFlags) =>
      run(options, async (context) => {
        const { targets = [], showHash: hashes, hideMissing } = options;
        const { dataDiff } = await import('../../commands/data/status/data-diff.ts');
        const { dataDiffAnswer } = await import('../../commands/data/status/data-diff-answer.ts');
        return dataDiffAnswer(await dataDiff(context, { from, to, targets, hashes, hideMissing }), options);
      }),
    );
}

interface AddFlags {
  readonly commit: boolean;
  readonly glob: boolean;
  readonly out?: string;
  readonly toRemote: boolean;
  readonly force: boolean;
  readonly remoteJobs?: number;
  readonly relink: boolean;
}

interface StatusFlags {
  readonly cloud: boolean;
  readonly updates: boolean;
  readonly granular: boolean;
  readonly unchanged: boolean;
  readonly untrackedFiles?: string | true;
  readonly notInRemote: boolean;
}

function asksForLayers({ granular, unchanged, untrackedFiles, notInRemote }: StatusFlags): boolean {
  return granular || unchanged || untrackedFiles !== undefined || notInRemote;
}

function layersOf(options: DataOptions & StatusFlags): Omit<DataLayersRequest, 'targets'> {
  const { cloud, granular, unchanged, untrackedFiles = 'no', notInRemote, remote, jobs } = options;
  if (cloud) throw assayError('E_DATA_OPTIONS', { one: '--cloud', other: 'the last commit' });
  const refused: Record<string, boolean> = {
    '--with-deps': options.withDeps === true,
    '--all-branches': options.allBranches === true,
    '--all-tags': options.allTags === true,
    '--all-commits': options.allCommits === true,
  };
  for (const [option, given] of Object.entries(refused)) {
    if (given)
      throw assayError('E_DATA_OPTION', { option, reason: 'the targets are held against the last commit alone' });
  }
  if (remote !== undefined && !notInRemote) {
    throw assayError('E_DATA_OPTION', { option: '--remote', reason: 'only --not-in-remote asks one' });
  }
  if (untrackedFiles !== true && untrackedFiles !== 'all' && untrackedFiles !== 'no') {
    throw assayError('E_DATA_OPTION', { option: `--untracked-files ${untrackedFiles}`, reason: 'it takes all or no' });
  }
  return { granular, unchanged, untracked: untrackedFiles !== 'no', notInRemote, remote, jobs };
}

interface DiffFlags {
  readonly targets?: string[];
  readonly showHash: boolean;
  readonly hideMissing: boolean;
  readonly md: boolean;
}
