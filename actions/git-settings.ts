import type { Environment } from '../lib/train/user-environment.ts';

/**
 * The environment with further settings for git. They end with the process: nothing is written to a configuration, where users'
 * code could read it. Behind the settings that the job gives in the same way. Source: git-config, `GIT_CONFIG_COUNT`.
 */
export function withGitSettings(
  env: Environment,
  settings: readonly (readonly [key: string, value: string])[],
): Environment {
  if (settings.length === 0) return env;
  const at = Number(env.GIT_CONFIG_COUNT ?? 0);
  const added = settings.flatMap(([key, value], place) => [
    [`GIT_CONFIG_KEY_${at + place}`, key],
    [`GIT_CONFIG_VALUE_${at + place}`, value],
  ]);
  return { ...env, GIT_CONFIG_COUNT: String(at + settings.length), ...Object.fromEntries(added) };
}
