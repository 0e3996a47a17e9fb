import type { Command } from 'commander';
import type { Context } from '../../commands/context.ts';
import { requireFolder } from '../../commands/data/store/dvc-folder.ts';
import { assayError } from '../../errors.ts';
import type { Invocation } from '../invocation.ts';
import { runVerb } from '../run-verb.ts';
import { addDataCareVerbs } from './data-care.ts';
import { addDataGcVerb } from './data-gc.ts';
import { addDataLocalVerbs } from './data-local.ts';
import { commonOf, type DataVerbs, wholeNumber, withDependencies } from './data-options.ts';
import { addDataSourceVerbs } from './data-sources.ts';
import { addDataTransferVerbs } from './data-transfer.ts';

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
      .option('-v, --verbose', 'say more, with causes of errors', false)
      .option('-q, --quiet', 'print nothing but errors', false)
      .option('-j, --jobs <number>', 'files or transfers at a time', wholeNumber);
  const transferVerb = (declaration: string, summary: string): Command =>
    withDependencies(verb(declaration, summary))
      .option('-r, --remote <name>', 'DVC remote, instead of the default one; outputs that name another stay out')
      .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
      .option('-a, --all-branches', 'the data of all local branches too', false)
      .option('-T, --all-tags', 'the data of all tags too', false)
      .option('-A, --all-commits', 'the data of every commit of history too', false);
  const run: DataVerbs['run'] = async (options, body) => {
    const checked = async (context: Context) => {
      if (options.quiet && options.verbose) throw assayError('E_DATA_OPTIONS', { one: '--quiet', other: '--verbose' });
      requireFolder(context.root);
      const answer = await body(context, { cwd: process.cwd, start: context.root });
      return options.json ? (await import('../../commands/data/checked-answer.ts')).checkedAnswer(answer) : answer;
    };
    end(await runVerb(process, commonOf(options), checked));
  };

  const verbs = { verb, transferVerb, run };
  addDataLocalVerbs(verbs);
  addDataTransferVerbs(verbs);
  addDataCareVerbs(verbs);
  addDataSourceVerbs(verbs);
  addDataGcVerb(verbs);
}
