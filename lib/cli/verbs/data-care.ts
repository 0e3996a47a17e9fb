import type { Command } from 'commander';
import type { DataOptions, DataVerbs } from './data-options.ts';

const answers = () => import('../../commands/data-answer.ts');
const getting = async () => (await import('../../commands/data-get.ts')).dataGet;
const importing = async () => (await import('../../commands/data-import.ts')).dataImport;

/** The verbs of `assay data` that look, check, and bring from other repositories. */
export function addDataCareVerbs({ verb, run }: DataVerbs): void {
  verb('ls [url] [path]', 'what a repository holds, in git and by pointers')
    .option('--rev <revision>', 'commit, branch or tag')
    .option('-R, --recursive', 'everything below, not only the next level', false)
    .option('--dvc-only', 'only what pointers track', false)
    .action(
      (url: string | undefined, path: string | undefined, options: DataOptions & { rev?: string; dvcOnly: boolean }) =>
        run(options, async (context) => {
          const { rev, recursive, dvcOnly } = options;
          const { dataList } = await import('../../commands/data-list.ts');
          return (await answers()).dataListAnswer(
            await dataList(context, { url: url ?? '.', path, rev, recursive, dvcOnly }),
          );
        }),
    );

  for (const [name, summary, load] of [
    ['get', 'bring data of another repository, without a pointer', getting],
    ['import', 'bring data of another repository and remember where it comes from', importing],
  ] as const) {
    const command = verb(`${name} <url> <path>`, summary)
      .option('-o, --out <path>', 'where it goes')
      .option('--rev <revision>', 'commit, branch or tag')
      .option('-f, --force', 'replace what is there', false);
    if (name === 'import') withoutData(command);
    command.action((url: string, path: string, options: DataOptions & ImportFlags & { out?: string; rev?: string }) =>
      run(options, async (context) => {
        const { out, rev, force } = options;
        const bring = await load();
        const request = { url, path, out, rev, force, download: downloading(options) };
        return (await answers()).dataImportAnswer(await bring(context, request));
      }),
    );
  }

  withoutData(verb('import-url <url> [out]', 'bring a file or folder from an address and remember where it comes from'))
    .option('-f, --force', 'replace what is there', false)
    .option('--to-remote', 'send the data to the remote, and keep none here', false)
    .option('-r, --remote <name>', 'DVC remote that --to-remote sends to, instead of the default one')
    .action((url: string, out: string | undefined, options: DataOptions & ImportFlags & { toRemote: boolean }) =>
      run(options, async (context) => {
        const { force, jobs, toRemote, remote } = options;
        const { dataImportUrl } = await import('../../commands/data-import-url.ts');
        const request = { url, out, force, jobs, toRemote, remote, download: downloading(options) };
        return (await answers()).dataImportAnswer(await dataImportUrl(context, request));
      }),
    );

  verb('update <targets...>', 'bring the newest of what was imported')
    .option('--rev <revision>', 'another revision of the repository that it comes from')
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .action((targets: string[], options: DataOptions & { rev?: string; force: boolean }) =>
      run(options, async (context) => {
        const { rev, force, recursive, jobs } = options;
        const { dataUpdate } = await import('../../commands/data-update.ts');
        return (await answers()).dataUpdateAnswer(await dataUpdate(context, { targets, rev, force, recursive, jobs }));
      }),
    );

  for (const [name, summary] of [
    ['verify', "read the cache's objects and hold them against their names"],
    ['du', 'how much data there is'],
  ] as const) {
    verb(`${name} [targets...]`, summary)
      .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
      .action((targets: string[], options: DataOptions) =>
        run(options, async (context) => {
          const { recursive } = options;
          const { dataUsageAnswer, dataVerifyAnswer } = await answers();
          if (name === 'du') {
            const { dataUsage } = await import('../../commands/data-usage.ts');
            return dataUsageAnswer(await dataUsage(context, { targets, recursive }));
          }
          const { dataVerify } = await import('../../commands/data-verify.ts');
          return dataVerifyAnswer(await dataVerify(context, { targets, recursive }));
        }),
      );
  }
}

/** The options of imports that leave the data where they are. */
function withoutData(command: Command): Command {
  return command
    .option('--no-download', 'write the pointer with what tells the data from others, and bring none of them')
    .option('--no-exec', 'write the pointer alone, without a look at the source');
}

interface ImportFlags {
  readonly force: boolean;
  readonly download?: boolean;
  readonly exec?: boolean;
}

function downloading({ download, exec }: ImportFlags): 'data' | 'digests' | 'nothing' {
  return exec === false ? 'nothing' : download === false ? 'digests' : 'data';
}
