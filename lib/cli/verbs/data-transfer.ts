import { InvalidArgumentError } from 'commander';
import {
  byteSize,
  type CheckoutFlags,
  type DataOptions,
  type DataVerbs,
  flagsOf,
  sendOptions,
  transferOf,
} from './data-options.ts';

const answers = () => import('../../commands/data/data-answer.ts');

/** The verbs of `assay data` that send to remotes and bring from them. */
export function addDataTransferVerbs({ transferVerb, run }: DataVerbs): void {
  sendOptions(transferVerb('push [targets...]', 'send data from the cache to the remote'))
    .option('--repair', 'read what the remote has first, and replace what is damaged there', false)
    .action((targets: string[], options: DataOptions & { repair: boolean }) =>
      run(options, async (context, standing) => {
        const { repair } = options;
        const { dataPush } = await import('../../commands/data/transfer/data-push.ts');
        const { dataTransferAnswer } = await answers();
        return dataTransferAnswer(await dataPush(context, { targets, ...transferOf(options), repair }), standing);
      }),
    );

  sendOptions(transferVerb('fetch [targets...]', 'bring data from the remote into the cache'))
    .option('--max-size <bytes>', 'only outputs that are smaller, each by itself', byteSize)
    .option('--type <type>', 'only what DVC shows as metrics, or as plots; both when given twice', shownType)
    .action((targets: string[], options: DataOptions & FetchFlags) =>
      run(options, async (context, standing) => {
        const { maxSize, type: types } = options;
        const { dataFetch } = await import('../../commands/data/transfer/data-fetch.ts');
        const { dataTransferAnswer } = await answers();
        return dataTransferAnswer(
          await dataFetch(context, { targets, ...transferOf(options), maxSize, types }),
          standing,
        );
      }),
    );

  sendOptions(transferVerb('pull [targets...]', 'bring data from the remote into cache and work tree'))
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .option('--relink', 'make files anew that are as they should be', false)
    .option('--allow-missing', 'leave out what the remote does not have', false)
    .action((targets: string[], options: DataOptions & CheckoutFlags) =>
      run(options, async (context, standing) => {
        const { dataPull } = await import('../../commands/data/transfer/data-pull.ts');
        const { dataPullAnswer } = await answers();
        return dataPullAnswer(
          await dataPull(context, { targets, ...transferOf(options), ...flagsOf(options) }),
          standing,
        );
      }),
    );
}

interface FetchFlags {
  readonly maxSize?: number;
  readonly type?: readonly Shown[];
}

type Shown = 'metrics' | 'plots';

function shownType(text: string, earlier: readonly Shown[] = []): readonly Shown[] {
  if (text !== 'metrics' && text !== 'plots') throw new InvalidArgumentError('it has to be metrics or plots');
  return [...earlier, text];
}
