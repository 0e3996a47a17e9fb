import { homedir, platform } from 'node:os';
import { type DvcConfig, type DvcConfigSources, readDvcConfig } from '../../../pointers/config/dvc-config.ts';
import { dvcConfigSources } from '../../../pointers/config/dvc-config-sources.ts';
import type { Context } from '../../context.ts';

/**
 * DVC's configuration of a repository as it holds here: with that of the machine and of the user, where remotes, credentials and
 * the cache may be set as well.
 *
 * @param root the folder that holds `.dvc`
 * @param more what goes before all of them
 * @throws as `readDvcConfig`
 */
export function repositoryConfig(
  { environment: env }: Pick<Context, 'environment'>,
  root: string,
  more: DvcConfigSources = {},
): Promise<DvcConfig> {
  return readDvcConfig(root, {
    ...dvcConfigSources({ platform: platform(), home: env.HOME ?? homedir(), env }),
    ...more,
  });
}
