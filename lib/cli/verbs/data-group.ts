import { type Command, InvalidArgumentError } from 'commander';
import type { Answer } from '../../commands/answer.ts';
import type { Context } from '../../commands/context.ts';
import type { Invocation } from '../invocation.ts';
import { type CommonOptions, runVerb } from '../run-verb.ts';
import { addDataCareVerbs } from './data-care.ts';

/** Options of every verb of the group; `remote` is a DVC remote here. */
export interface DataOptions {
  readonly project: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly details: boolean;
  readonly remote?: string;
  readonly jobs?: number;
  readonly recursive: boolean;
  readonly allBranches?: boolean;
  readonly allTags?: boolean;
  readonly allCommits?: boolean;
}

const answers = () => import('../../commands/data-answer.ts');

/** The group `assay data`: DVC's verbs, by DVC's names. What is behind a verb is loaded when it runs. */
export function addDataGroup(program: Command, { process, end }: Pick<Invocation, 'process' | 'end'>): void {
  const group = program.command('data').description('data and models that are too large for git, as DVC keeps them');

  const verb = (declaration: string, summary: string): Command =>
    group
      .command(declaration)
      .description(summary)
      .option('-C, --project <folder>', 'folder to start from', '.')
      .option('--json', 'print one JSON document and nothing else', false)
      .option('--details', 'show everything, folded parts too', false)
      .option('--verbose', 'say more, with causes of errors', false)
      .option('-j, --jobs <number>', 'files or transfers at a time', wholeNumber);
  const transferVerb = (declaration: string, summary: string): Command =>
    verb(declaration, summary)
      .option('-r, --remote <name>', 'DVC remote, instead of those that the outputs name')
      .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
      .option('-a, --all-branches', 'the data of all local branches too', false)
      .option('-T, --all-tags', 'the data of all tags too', false)
      .option('-A, --all-commits', 'the data of every commit of history too', false);
  const run = async (options: DataOptions, body: (context: Context) => Promise<Answer>): Promise<void> => {
    const checked = async (context: Context) => {
      const answer = await body(context);
      return options.json ? (await import('../../commands/checked-answer.ts')).checkedAnswer(answer) : answer;
    };
    end(await runVerb(process, commonOf(options), checked));
  };

  verb('add <targets...>', 'track files and folders: bytes into the cache, a .dvc file beside them')
    .option('--no-commit', 'write the pointers alone; bytes go into the cache when they are added again')
    .option('--glob', 'targets are patterns: *, ?, [], **', false)
    .option('-o, --out <path>', 'add a copy of what lies elsewhere (a path or an address) under this name')
    .option('--to-remote', 'send a copy of what lies elsewhere to the remote, and keep none here', false)
    .option('-r, --remote <name>', 'DVC remote that --to-remote sends to, instead of the default one')
    .option('-f, --force', 'with --out and --to-remote: replace what is there', false)
    .action((targets: string[], options: DataOptions & AddFlags) =>
      run(options, async (context) => {
        const { jobs, commit, glob, out, toRemote, remote, force } = options;
        const { dataAddAnswer } = await answers();
        if (out !== undefined || toRemote) {
          const { dataAddFrom } = await import('../../commands/data-add-from.ts');
          const request = { targets, out, toRemote, commit, remote, force, jobs };
          return dataAddAnswer(await dataAddFrom(context, request));
        }
        const { dataAdd } = await import('../../commands/data-add.ts');
        return dataAddAnswer(await dataAdd(context, { targets, jobs, commit, glob }));
      }),
    );

  transferVerb('status [targets...]', 'what differs between work tree and pointers, or with --cloud cache and remote')
    .option('-c, --cloud', 'hold the cache against the remote', false)
    .option('-q, --quiet', 'print nothing; exit code 1 when anything differs', false)
    .action((targets: string[], options: DataOptions & { cloud: boolean; quiet: boolean }) =>
      run(options, async (context) => {
        const { cloud, remote, jobs, recursive, quiet } = options;
        // As in DVC, a remote is asked for only to be held against.
        const against = cloud || remote !== undefined;
        const { dataStatus } = await import('../../commands/data-status.ts');
        const { dataStatusAnswer } = await answers();
        const revisions = revisionsOf(options);
        const document = await dataStatus(context, { targets, cloud: against, remote, jobs, recursive, revisions });
        const answer = dataStatusAnswer(document, { asked: quiet });
        return quiet ? { ...answer, blocks: [] } : answer;
      }),
    );

  transferVerb('push [targets...]', 'send data from the cache to the remote')
    .option('--repair', 'read what the remote has first, and replace what is damaged there', false)
    .action((targets: string[], options: DataOptions & { repair: boolean }) =>
      run(options, async (context) => {
        const { dataPush } = await import('../../commands/data-push.ts');
        const { dataTransferAnswer } = await answers();
        return dataTransferAnswer(await dataPush(context, { targets, ...transferOf(options), repair: options.repair }));
      }),
    );

  transferVerb('fetch [targets...]', 'bring data from the remote into the cache').action(
    (targets: string[], options: DataOptions) =>
      run(options, async (context) => {
        const { dataFetch } = await import('../../commands/data-fetch.ts');
        const { dataTransferAnswer } = await answers();
        return dataTransferAnswer(await dataFetch(context, { targets, ...transferOf(options) }));
      }),
  );

  transferVerb('pull [targets...]', 'bring data from the remote into cache and work tree')
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .option('--relink', 'make files anew that are as they should be', false)
    .option('--allow-missing', 'leave out what the remote does not have', false)
    .action((targets: string[], options: DataOptions & CheckoutFlags) =>
      run(options, async (context) => {
        const { dataPull } = await import('../../commands/data-pull.ts');
        const { dataPullAnswer } = await answers();
        return dataPullAnswer(await dataPull(context, { targets, ...transferOf(options), ...flagsOf(options) }));
      }),
    );

  verb('checkout [targets...]', 'make the work tree hold what the pointers say, from the cache')
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .option('--relink', 'make files anew that are as they should be', false)
    .option('--allow-missing', 'leave out what the cache does not have', false)
    .action((targets: string[], options: DataOptions & CheckoutFlags) =>
      run(options, async (context) => {
        const { dataCheckout } = await import('../../commands/data-checkout.ts');
        const { dataCheckoutAnswer } = await answers();
        return dataCheckoutAnswer(
          await dataCheckout(context, { targets, ...transferOf(options), ...flagsOf(options) }),
        );
      }),
    );

  addDataCareVerbs({ verb, run });
}

/** What the verbs of the group are made with. */
export interface DataVerbs {
  readonly verb: (declaration: string, summary: string) => Command;
  readonly run: (options: DataOptions, body: (context: Context) => Promise<Answer>) => Promise<void>;
}

interface CheckoutFlags {
  readonly force: boolean;
  readonly relink: boolean;
  readonly allowMissing: boolean;
}

function flagsOf({ force, relink, allowMissing }: CheckoutFlags): CheckoutFlags {
  return { force, relink, allowMissing };
}

function transferOf(options: DataOptions) {
  const { remote, jobs, recursive } = options;
  return { remote, jobs, recursive, ...revisionsOf(options) };
}

function revisionsOf({ allBranches = false, allTags = false, allCommits = false }: DataOptions) {
  return { allBranches, allTags, allCommits };
}

interface AddFlags {
  readonly commit: boolean;
  readonly glob: boolean;
  readonly out?: string;
  readonly toRemote: boolean;
  readonly force: boolean;
}

/** The registry's git remote matters only to a store that is a ref of the repository. */
export function commonOf({ project, json, details, verbose }: DataOptions): CommonOptions {
  return { project, json, details, verbose, remote: 'origin' };
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it has to be a whole number from 1 to 9999');
  return Number(text);
}
