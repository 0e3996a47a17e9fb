import { InvalidArgumentError } from 'commander';
import { type DataOptions, type DataVerbs, wholeNumber } from './data-options.ts';

/** `assay data gc`: what may go. */
export function addDataGcVerb({ verb, run }: DataVerbs): void {
  verb('gc', 'remove objects that neither the work tree nor any branch or tag uses')
    .option(
      '-w, --workspace',
      'keep what the work tree uses (it, and tips of branches and tags, are always kept)',
      false,
    )
    .option('--rev <commit>', 'keep what this commit uses')
    .option('-n, --num <number>', 'with --rev and --all-branches: so many commits back from each', wholeNumber)
    .option('-a, --all-branches', 'keep what branches use', false)
    .option('-T, --all-tags', 'keep what tags use', false)
    .option('-A, --all-commits', 'keep what any commit of history uses', false)
    .option('--date <yyyy-mm-dd>', 'keep what commits of that day or later use', day)
    .option('--all-experiments', "keep what DVC's experiments use", false)
    .option('--not-in-remote', 'keep only what is on no remote: the rest of the cache can be brought again', false)
    .option('-c, --cloud', 'the remote too', false)
    .option('-r, --remote <name>', 'DVC remote, instead of the default one')
    .option('-p, --projects <paths...>', 'keep what these repositories use, which share the cache')
    .option('--skip-failed', 'go on where a commit cannot be read: what only it uses may go', false)
    .option('--dry', 'remove nothing, tell what would be', false)
    .option('-f, --force', 'remove; it cannot be undone', false)
    .action((options: DataOptions & GcFlags) =>
      run(options, async (context) => {
        const { workspace, allBranches, allTags, allCommits, allExperiments, rev, num, date } = options;
        const { cloud, remote, notInRemote, projects = [], skipFailed, dry, force, jobs } = options;
        const { dataGc } = await import('../../commands/data/gc/data-gc.ts');
        const kept = { workspace, allBranches, allTags, allCommits, allExperiments, rev, num, date, projects };
        const how = { cloud, remote, notInRemote, skipFailed, dry, force, jobs };
        const { dataGcAnswer } = await import('../../commands/data/data-answer.ts');
        return dataGcAnswer(await dataGc(context, { ...kept, ...how }));
      }),
    );
}

interface GcFlags {
  readonly workspace: boolean;
  readonly allBranches: boolean;
  readonly allTags: boolean;
  readonly allCommits: boolean;
  readonly allExperiments: boolean;
  readonly rev?: string;
  readonly num?: number;
  readonly date?: string;
  readonly notInRemote: boolean;
  readonly cloud: boolean;
  readonly projects?: string[];
  readonly skipFailed: boolean;
  readonly dry: boolean;
  readonly force: boolean;
}

function day(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // The 30th of February is read as the 2nd of March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('it has to be a day, as 2026-01-31');
  }
  return text;
}
