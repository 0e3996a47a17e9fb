import { dirname, resolve } from 'node:path';
import type { DvcConfigSources } from '../../../pointers/config/dvc-config.ts';
import type { ImportSource, SourceConfig, SourceOptions } from '../../../pointers/formats/dvc-file.ts';
import { isFolder } from '../../../stores/bytes/make-folders.ts';

/** What goes before the configuration of a source repository. */
export interface SourceOverrides {
  /** A file of DVC's configuration; a relative path starts from the present folder. */
  readonly config?: string | undefined;
  /** What such a file would say, by section. */
  readonly settings?: SourceConfig | undefined;
  /** Its default remote. */
  readonly remote?: string | undefined;
  /** Options of its default remote. */
  readonly remoteOptions?: SourceOptions | undefined;
}

/**
 * Where a pointer's repository is. A relative path of this machine starts from the top, wherever a command was started; DVC writes
 * down what was typed, so where that leads nowhere it starts from the pointer.
 *
 * @param root the top of the repository that has the pointer
 * @param declaredIn the pointer
 */
export function sourceAddress(url: string, root: string, declaredIn: string): string {
  if (isAddress(url)) return url;
  const places = [resolve(root, url), resolve(root, dirname(declaredIn), url)];
  return places.find(isFolder) ?? resolve(root, url);
}

/** `https://…`, `ssh://…`, `git@host:path`, `host:folder/repository`: what is no path of this machine, nor a stage (`dvc.yaml:train`). */
export function isAddress(url: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(url) || /^([\w.-]+@[\w.-]+:|[\w.-]{2,}:.*(\/|\.git$))/.test(url);
}

/** As `isAddress`, and on another machine. */
export function isRemote(url: string): boolean {
  return isAddress(url) && !/^file:/i.test(url);
}

/** The same as a pointer keeps it. A relative file starts from the top of the repository that has the pointer. */
export function sourceOverrides(
  { remote, config }: Pick<Extract<ImportSource, { kind: 'repository' }>, 'remote' | 'config'>,
  root: string,
): SourceOverrides {
  return {
    ...(typeof config === 'string' ? { config: resolve(root, config) } : { settings: config }),
    ...(typeof remote === 'string' ? { remote } : { remoteOptions: remote }),
  };
}

/** As `readDvcConfig` takes them. `cwd` is the present folder. */
export function configSources(
  { config, settings, remote, remoteOptions }: SourceOverrides,
  cwd: string,
): Partial<DvcConfigSources> {
  return {
    override: config === undefined ? undefined : resolve(cwd, config),
    settings: settings === undefined ? undefined : sectionsOf(settings),
    remote,
    remoteOptions: remoteOptions === undefined ? undefined : plainOf(remoteOptions),
  };
}

/** DVC nests remotes by their names; a file has a section for each. */
function sectionsOf(settings: SourceConfig): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  for (const [section, values] of Object.entries(settings)) {
    const plain = new Map<string, string>();
    for (const [key, value] of Object.entries(values)) {
      if (typeof value === 'object') sections.set(`${section} "${key}"`, plainOf(value));
      else plain.set(key, String(value));
    }
    sections.set(section, plain);
  }
  return sections;
}

function plainOf(options: SourceOptions): Map<string, string> {
  return new Map(Object.entries(options).map(([key, value]) => [key, String(value)]));
}
