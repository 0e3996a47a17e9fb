import type { Command } from 'commander';
import { checkedAnswer } from '../../commands/data/checked-answer.ts';
import { storeMoveAnswer } from '../../commands/data/data-answer.ts';
import { storeMove } from '../../commands/data/store/store-move.ts';
import type { Invocation } from '../invocation.ts';
import { runVerb } from '../run-verb.ts';
import { commonOf, type DataOptions, wholeNumber } from './data-options.ts';

/** The group `assay store`: the place of the bytes itself. */
export function addStoreGroup(program: Command, { process, end }: Invocation): void {
  const group = program.command('store').description('where the bytes of data and models are');
  group
    .command('move <to>')
    .description('copy everything to another store: a folder, ref, an address, or the name of a DVC remote')
    .option('-C, --project <folder>', 'folder to start from', '.')
    .option('--json', 'print one JSON document and nothing else', false)
    .option('--details', 'show everything, folded parts too', false)
    .option('--verbose', 'say more, with causes of errors', false)
    .option('--from <store>', "where the objects are; the project's store when left out")
    .option('-j, --jobs <number>', 'transfers at a time', wholeNumber)
    .action(async (to: string, options: DataOptions & { from?: string }) => {
      const { from, jobs } = options;
      end(
        await runVerb(process, commonOf(options), async (context) =>
          checkedAnswer(storeMoveAnswer(await storeMove(context, { to, from, jobs }))),
        ),
      );
    });
}
