/** A cache that outlives a CI job (@actions/cache). Best effort: what goes wrong with it is nobody's error. */
export interface RunnerCache {
  /**
   * Puts back what was kept of these paths under `key`, else under the newest key with one of the prefixes.
   *
   * @returns the key that was found
   */
  restore(paths: string[], key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /** Keeps these paths under a key that is not taken yet. */
  save(paths: string[], key: string): Promise<void>;
}
