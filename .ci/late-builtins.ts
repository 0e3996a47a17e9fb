/**
 * Modules of Node that cost a start several milliseconds (measured with 24: child_process 4, crypto 5 of the 70 that `data status`
 * takes) and that many commands never use, although something that they load does.
 */
const LATE = ['child_process', 'crypto'];

const LOADED = new RegExp(
  `module\\.exports = (__WEBPACK_EXTERNAL_createRequire\\(import\\.meta\\.url\\)\\("(?:node:)?(?:${LATE.join('|')})"\\));`,
  'g',
);

/** What a module is asked for reaches the real one, which is loaded by the first question. */
const LATE_MODULE = `(load) => {
  let loaded;
  const real = () => (loaded ??= load());
  return new Proxy({}, {
    get: (_, name) => (name === '__esModule' ? undefined : real()[name]),
    set: (_, name, value) => Reflect.set(real(), name, value),
    has: (_, name) => name in real(),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, name) => {
      const found = Reflect.getOwnPropertyDescriptor(real(), name);
      return found && { ...found, configurable: true };
    },
  });
}`;

/** Makes a chunk load these modules when they are first used, in place of when whatever may use them is. */
export function loadLate(code: string): string {
  return code.replace(LOADED, (_, load: string) => `module.exports = (${LATE_MODULE})(() => ${load});`);
}
