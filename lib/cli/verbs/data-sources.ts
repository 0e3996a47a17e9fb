import { type Command, InvalidArgumentError } from 'commander';
import { assayError } from '../../errors.ts';
import { type DataOptions, type DataVerbs, wholeNumber } from './data-options.ts';

const answers = () => import('../../commands/data/source/source-answer.ts');

/** The verbs of `assay data` that look into other repositories and addresses, and bring from there. */
export function addDataSourceVerbs({ verb, run }: DataVerbs): void {
  ofRepository(verb('ls [url] [path]', 'what a repository holds, in git and by pointers'))
    .option('-R, --recursive', 'everything below, not only the next level', false)
    .option('-T, --tree', 'everything below, drawn as a tree', false)
    .option('-L, --level <depth>', 'with --recursive or --tree: so many levels', wholeNumber)
    .option('--dvc-only', 'only what pointers track', false)
    .option('--size', 'sizes of what git keeps too', false)
    .option('--show-hash', 'the MD5 of what pointers track', false)
    .action((url: string | undefined, path: string | undefined, options: SourceOptions & ListFlags) =>
      run(options, async (context) => {
        const { recursive, tree, level, dvcOnly, size, showHash } = options;
        const { dataList } = await import('../../commands/data/source/data-list.ts');
        const request = { ...sourceOf(url ?? '.', options), path, recursive, tree, level, dvcOnly, size };
        return (await answers()).dataListAnswer(await dataList(context, request), { tree, top: path, size, showHash });
      }),
    );

  ofRepository(verb('get <url> <path>', 'bring data of another repository, without a pointer'))
    .option('-o, --out <path>', 'where it goes')
    .option('-f, --force', 'replace what is there', false)
    .option('--show-url', 'print where the data lie in storage, and bring nothing', false)
    .action((url: string, path: string, options: SourceOptions & BringFlags & { showUrl: boolean }) =>
      run(options, async (context) => {
        const source = { ...sourceOf(url, options), path };
        if (options.showUrl) {
          const given = options.force ? '--force' : options.out === undefined ? undefined : '--out';
          if (given !== undefined) throw assayError('E_DATA_OPTIONS', { one: '--show-url', other: given });
          const { sourceUrl } = await import('../../commands/data/source/source-url.ts');
          return (await answers()).dataUrlAnswer(await sourceUrl(context, source));
        }
        const { dataGet } = await import('../../commands/data/source/data-get.ts');
        const { out, force, jobs } = options;
        return (await answers()).dataImportAnswer(await dataGet(context, { ...source, out, force, jobs }));
      }),
    );

  withoutData(
    ofRepository(verb('import <url> <path>', 'bring data of another repository and remember where it comes from')),
  )
    .option('-o, --out <path>', 'where it goes')
    .option('-f, --force', 'replace what is there', false)
    .action((url: string, path: string, options: SourceOptions & BringFlags & ImportFlags) =>
      run(options, async (context, standing) => {
        const { out, force, jobs } = options;
        const { dataImport } = await import('../../commands/data/imports/data-import.ts');
        const request = { ...sourceOf(url, options), path, out, force, jobs, download: downloading(options) };
        return (await answers()).dataImportAnswer(await dataImport(context, request), standing);
      }),
    );

  withoutData(verb('import-url <url> [out]', 'bring a file or folder from an address and remember where it comes from'))
    .option('-f, --force', 'replace what is there', false)
    .option('--to-remote', 'send the data to the remote, and keep none here', false)
    .option('-r, --remote <name>', 'DVC remote that --to-remote sends to, instead of the default one')
    .option('--version-aware', 'note the versions of a bucket that keeps them, and bring those again', false)
    .option(
      '--fs-config <name=value...>',
      'options of a remote that the address is read with; the pointer keeps them',
      keyValue,
    )
    .action((url: string, out: string | undefined, options: DataOptions & ImportFlags & UrlFlags) =>
      run(options, async (context, standing) => {
        const { force, jobs, toRemote, remote, versionAware, fsConfig } = options;
        const { dataImportUrl } = await import('../../commands/data/imports/data-import-url.ts');
        const how = { force, jobs, toRemote, remote, versionAware, fsConfig, download: downloading(options) };
        return (await answers()).dataImportAnswer(await dataImportUrl(context, { url, out, ...how }), standing);
      }),
    );

  verb('import-db', 'not here: dvc import-db brings a table or a query of a database')
    .allowUnknownOption()
    .allowExcessArguments()
    .action((options: DataOptions) =>
      run(options, async () => {
        throw assayError('E_DATA_DATABASE', {});
      }),
    );

  verb('update <targets...>', 'bring the newest of what was imported, or of a remote that mirrors the work tree')
    .option('--rev <revision>', 'another revision of the repository, or version of the file, that it comes from')
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .option('-f, --force', 'give up data in the work tree that is nowhere else', false)
    .option('--no-download', 'bring the pointers up to date alone; pull brings their data')
    .option('--to-remote', 'send the data to the remote, and keep none here', false)
    .option('-r, --remote <name>', 'DVC remote that --to-remote sends to, instead of the default one')
    .action((targets: string[], options: DataOptions & UpdateFlags) =>
      run(options, async (context) => {
        const { rev, force, recursive, jobs, download, toRemote, remote } = options;
        const { dataUpdate } = await import('../../commands/data/imports/data-update.ts');
        const request = { targets, rev, force, recursive, jobs, download, toRemote, remote };
        return (await answers()).dataUpdateAnswer(await dataUpdate(context, request));
      }),
    );

  ofRepository(verb('du [targets...]', 'how much data there is: of targets here, or of URL and PATH'))
    .option('-R, --recursive', 'folders stand for everything that is tracked below them', false)
    .option('-s, --summarize', 'the sum alone', false)
    .action((targets: string[], options: SourceOptions & { summarize: boolean }) =>
      run(options, async (context) => {
        const { recursive, summarize } = options;
        const { dataUsageAnswer } = await answers();
        const { isRepository, sourceUsage } = await import('../../commands/data/source/source-usage.ts');
        const [url, path, ...more] = targets;
        if (url !== undefined && isRepository(context, url)) {
          if (more.length > 0) throw assayError('E_DATA_OPTIONS', { one: `URL ${url}`, other: 'more than one path' });
          return dataUsageAnswer(await sourceUsage(context, { ...sourceOf(url, options), path, summarize }));
        }
        refuseOfRepository(options);
        const { dataUsage } = await import('../../commands/data/data-usage.ts');
        return dataUsageAnswer(await dataUsage(context, { targets, recursive, summarize }));
      }),
    );
}

/** The options of verbs that read another repository. */
function ofRepository(command: Command): Command {
  return command
    .option('--rev <revision>', 'commit, branch or tag')
    .option('--config <file>', "a DVC configuration that goes before the repository's own")
    .option('--remote <name>', "the repository's default remote, instead of its own")
    .option('--remote-config <name=value...>', "options of the repository's default remote, or of --remote", keyValue);
}

/** The options of imports that leave the data where they are. */
function withoutData(command: Command): Command {
  return command
    .option('--no-download', 'write the pointer with what tells the data from others, and bring none of them')
    .option('--no-exec', 'write the pointer alone, without a look at the source');
}

interface SourceOptions extends DataOptions {
  readonly rev?: string;
  readonly config?: string;
  readonly remoteConfig?: Readonly<Record<string, string>>;
}

function sourceOf(url: string, { rev, config, remote, remoteConfig: remoteOptions }: SourceOptions) {
  return { url, rev, config, remote, remoteOptions };
}

function refuseOfRepository({ rev, config, remote, remoteConfig }: SourceOptions): void {
  const given = { '--rev': rev, '--config': config, '--remote': remote, '--remote-config': remoteConfig };
  const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  throw assayError('E_DATA_OPTION', {
    option,
    reason: 'no repository is named (assay data du URL [PATH]; "." is this one)',
  });
}

interface ListFlags {
  readonly tree: boolean;
  readonly level?: number;
  readonly dvcOnly: boolean;
  readonly size: boolean;
  readonly showHash: boolean;
}

interface BringFlags {
  readonly out?: string;
  readonly force: boolean;
}

interface ImportFlags {
  readonly force: boolean;
  readonly download?: boolean;
  readonly exec?: boolean;
}

interface UrlFlags {
  readonly toRemote: boolean;
  readonly versionAware: boolean;
  readonly fsConfig?: Readonly<Record<string, string>>;
}

interface UpdateFlags {
  readonly rev?: string;
  readonly force: boolean;
  readonly download: boolean;
  readonly toRemote: boolean;
}

function downloading({ download, exec }: ImportFlags): 'data' | 'digests' | 'nothing' {
  if (exec === false && download === false) {
    throw assayError('E_DATA_OPTIONS', { one: '--no-exec', other: '--no-download' });
  }
  return exec === false ? 'nothing' : download === false ? 'digests' : 'data';
}

/** `NAME=VALUE`, gathered over repetitions. */
function keyValue(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('write NAME=VALUE, e.g. region=eu-west-1');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}
