import type { DataOptions, DataVerbs } from './data-options.ts';

/** The verb of `assay data` that looks after the cache. */
export function addDataCareVerbs({ verb, run }: DataVerbs): void {
  verb('verify [targets...]', 'read in the cache what the pointers name, and hold it against its name')
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .action((targets: string[], options: DataOptions) =>
      run(options, async (context) => {
        const { recursive } = options;
        const { dataVerify } = await import('../../commands/data/data-verify.ts');
        const { dataVerifyAnswer } = await import('../../commands/data/data-answer.ts');
        return dataVerifyAnswer(await dataVerify(context, { targets, recursive }));
      }),
    );
}
