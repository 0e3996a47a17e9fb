import type { Engine } from '../engine/engine.ts';
import type { Forge } from '../forge/forge.ts';
import type { Git } from '../git/git.ts';
import type { Clock, Log, Progress } from '../ports.ts';
import type { SnapshotMemory } from '../registry/snapshot.ts';
import type { Environment } from '../train/user-environment.ts';

/** The outside world of one command (design §2): everything it may touch comes in here. */
export interface Context {
  /** Absolute folder of assay.yaml. */
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  /** A line that a user's command wrote: untrusted, shown apart from our own. */
  readonly userLine: (line: string) => void;
  /** The environment users' commands are started from; the forge's and runner's secrets are taken out before. */
  readonly environment: Environment;
  /** Who changes the registry. Asked when somebody writes: most verbs only read. */
  readonly actor: () => Promise<{ readonly name: string; readonly email: string }>;
  readonly git: Git;
  /** Remote that holds the registry. */
  readonly remote: string;
  /** The registry as it was read last. */
  readonly registryMemory: SnapshotMemory;
  /** Where bytes go when neither assay.yaml nor DVC names a store: a folder on a laptop, the repository's own ref in CI. */
  readonly defaultStore: 'folder' | 'ref';
  /** Opens the table engine for files under these folders; the caller closes it. */
  readonly openEngine: (folders: readonly string[]) => Promise<Engine>;
  /** The forge's API, where there is one; throws E_FORGE_NO_TOKEN when there is no token. */
  readonly openForge: () => Promise<Forge>;
  /** Folder of the TensorFlow.js .wasm files, where they are not those of the installed package. */
  readonly wasmFolder: string | undefined;
  /** Assay's own version: part of a run's identity. */
  readonly toolVersion: string;
}
