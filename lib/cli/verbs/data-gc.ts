import type { DataOptions, DataVerbs } from './data-options.ts';

/** `assay data gc`: what may go. */
export function addDataGcVerb({ verb, run }: DataVerbs): void {
  verb('gc', 'remove objects that neither the work tree nor any branch or tag uses')
    .option('-w, --workspace', 'keep what the work tree uses (branches and tags are always kept)', false)
    .option('-a, --all-branches', 'keep what branches use', false)
    .option('-T, --all-tags', 'keep what tags use', false)
    .option('-A, --all-commits', 'keep what any commit of history uses', false)
    .option('-c, --cloud', 'the remote too', false)
    .option('-r, --remote <name>', 'DVC remote, instead of the default one')
    .option('--dry', 'remove nothing, tell what would be', false)
    .option('-f, --force', 'remove; it cannot be undone', false)
    .action((options: DataOptions & GcFlags) =>
      run(options, async (context) => {
        const { workspace, allBranches, allTags, allCommits, cloud, dry, force, remote } = options;
        const { dataGc } = await import('../../commands/data-gc.ts');
        return (await import('../../commands/data-answer.ts')).dataGcAnswer(
          await dataGc(context, { workspace, allBranches, allTags, allCommits, cloud, dry, force, remote }),
        );
      }),
    );
}

interface GcFlags {
  readonly workspace: boolean;
  readonly allBranches: boolean;
  readonly allTags: boolean;
  readonly allCommits: boolean;
  readonly cloud: boolean;
  readonly dry: boolean;
  readonly force: boolean;
}
