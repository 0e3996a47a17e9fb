import { posix, win32 } from 'node:path';
import type { DvcConfigSources } from './dvc-config.ts';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Where DVC looks for the machine's and the user's configuration. The environment is passed in.
 * Source: dvc/dirs.py and platformdirs (`site_config_dir`, `user_config_dir`).
 */
export function dvcConfigSources({ platform, home, env }: Machine): DvcConfigSources {
  const { join } = platform === 'win32' ? win32 : posix;
  const set = (name: string) => env[name] || undefined;
  const system = set('DVC_SYSTEM_CONFIG_DIR') ?? systemFolder();
  const global = set('DVC_GLOBAL_CONFIG_DIR') ?? userFolder();
  return { system: join(system, 'config'), global: join(global, 'config'), home };

  function systemFolder(): string {
    if (platform === 'win32') return join(set('PROGRAMDATA') ?? 'C:\\ProgramData', 'iterative', 'dvc');
    if (platform === 'darwin') return '/Library/Application Support/dvc';
    return join(set('XDG_CONFIG_DIRS')?.split(':')[0] || '/etc/xdg', 'dvc');
  }
  function userFolder(): string {
    if (platform === 'win32') return join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'iterative', 'dvc');
    if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'dvc');
    return join(set('XDG_CONFIG_HOME') ?? join(home, '.config'), 'dvc');
  }
}
