/**
 * What ncc makes of `path.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath)` in @actions/exec: a
 * path into the bundle, joined in the wrong order. The tool's path is relative and has a slash there.
 */
const MISTAKEN_CWD = /\w+\.ab \+ "[^"]*" \+ this\.options\.cwd \|\| process\.cwd\(\) \+ '\/' \+ this\.toolPath/g;
const MEANT_CWD = "(this.options.cwd || process.cwd()) + '/' + this.toolPath";

/** The script that `open` brings to start a browser, which is left out of the bundle: it takes the system's instead. */
const OWN_XDG_OPEN = /\w+\.ab \+ "xdg-open"/g;

/**
 * node-fetch knows a signal by the name of its class, which the minifier shortens where the class is a package's own: below
 * Google's SDK no large object could be sent. Such a class says what it is in another way too.
 */
const SIGNAL_BY_NAME = /proto\.constructor\.name === 'AbortSignal'/g;
const SIGNAL_BY_TAG = "Object.prototype.toString.call(signal) === '[object AbortSignal]'";

/**
 * Names of classes that packages compare with: those of Node and of browsers, which keep theirs, and the ones of which nothing
 * depends on the answer here. (Azure: other versions' policies and credentials, which nobody gives it. AWS: the logger that is
 * given says nothing either.)
 */
const CLASS_NAMES: ReadonlySet<string> = new Set([
  ...['URLSearchParams', 'ArrayBuffer', 'RawJSON', 'EnvironmentSettingsObject', 'ServiceWorkerGlobalScope', 'Window'],
  ...['Error', 'Object', 'StorageSharedKeyCredential', 'StorageBrowserPolicyFactory', 'StorageRetryPolicyFactory'],
  ...['TelemetryPolicyFactory', 'InjectorPolicyFactory', 'AnonymousCredential', 'NoOpLogger'],
  ...['FetchHttpHandler', 'DOMException'],
]);

/** Packages that node-fetch and its like try to load and do without; everything else that is missing is a defect. */
const OPTIONAL_MODULES: ReadonlySet<string> = new Set(['encoding']);

/**
 * Puts right what ncc is known to break, and refuses what it left unresolved without saying so: webpack's throwing
 * stand-in for a missing module, ncc's `eval("require")`, and classes known by names that minifying takes from them.
 *
 * @param name the chunk's file name, for the message
 * @throws Error naming the missing module
 */
export function repairChunk(name: string, code: string): string {
  const repaired = code
    .replace(MISTAKEN_CWD, MEANT_CWD)
    .replace(OWN_XDG_OPEN, '"xdg-open"')
    .replace(SIGNAL_BY_NAME, SIGNAL_BY_TAG);
  const names = [...repaired.matchAll(/constructor\??\.name\s*[!=]==?\s*["'`]([A-Z]\w*)["'`]/g)].map(
    ([, known = '']) => known,
  );
  const unknown = names.filter((known) => !CLASS_NAMES.has(known));
  if (unknown.length > 0) {
    throw new Error(`${name} knows classes by their names, which minifying shortens: ${unknown.join(', ')}`);
  }
  const stray = /\w+\.ab \+ .{0,60}/.exec(repaired)?.[0];
  if (stray !== undefined) throw new Error(`${name} refers to a file beside the bundle: ${stray}`);
  for (const [, module = ''] of repaired.matchAll(/eval\("require"\)\(([^)]*)\)/g)) {
    const wanted = /^"([^"]*)"$/.exec(module)?.[1];
    if (wanted === undefined || !OPTIONAL_MODULES.has(wanted)) {
      throw new Error(`${name} needs a module that is not in the bundle: ${module}`);
    }
  }
  const missing = /Cannot find module '([^']+)'/.exec(repaired)?.[1];
  if (missing !== undefined) throw new Error(`${name} needs a module that is not in the bundle: ${missing}`);
  return repaired;
}
