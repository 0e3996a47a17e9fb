import { type AssayError, assayError } from '../errors.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The options of a DVC remote, read as what they have to be. All throw E_STORE_OPTION for what they are not. */
export interface RemoteOptions {
  text(key: string): string | undefined;
  /** DVC's booleans: `true` and `false` in any case. */
  flag(key: string): boolean | undefined;
  flagOrText(key: string): boolean | string | undefined;
  /** Seconds in the file, milliseconds here. */
  seconds(key: string): number | undefined;
  /** An address of http or https. @param value what is read in its place, where something was put before it */
  address(key: string, value?: string): string | undefined;
  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined;
  /** The error for an option; its value is not in it, because it may be a secret. */
  bad(key: string, reason: string): AssayError;
}

/**
 * @param unsupported options whose meaning this version does not keep: set to anything but false they are an error,
 * because to store without them would be something else than what was asked for
 */
export function remoteOptions(
  location: string,
  values: ReadonlyMap<string, string>,
  unsupported: ReadonlyMap<string, string> = new Map(),
): RemoteOptions {
  const store = `the store ${withoutSecrets(location)}`;
  const bad = (option: string, reason: string) => assayError('E_STORE_OPTION', { option, store, reason });
  for (const [key, reason] of unsupported) {
    const value = values.get(key);
    if (value !== undefined && value.toLowerCase() !== 'false') throw bad(key, reason);
  }
  const text = (key: string) => (values.get(key) === '' ? undefined : values.get(key));
  const asFlag = (value: string | undefined) =>
    value === undefined ? undefined : { true: true, false: false }[value.toLowerCase()];
  return {
    bad,
    text,
    flag(key) {
      const flag = asFlag(text(key));
      if (flag === undefined && text(key) !== undefined) throw bad(key, 'it has to be true or false');
      return flag;
    },
    flagOrText: (key) => asFlag(text(key)) ?? text(key),
    seconds(key) {
      const value = text(key);
      if (value === undefined) return undefined;
      const seconds = Number(value);
      if (!Number.isFinite(seconds) || seconds < 0) throw bad(key, 'it has to be a number of seconds');
      return seconds * 1000;
    },
    address(key, value = text(key)) {
      if (value !== undefined && !(URL.canParse(value) && /^https?:\/\//i.test(value))) {
        throw bad(key, 'it has to be an address of http or https');
      }
      return value;
    },
    oneOf(key, allowed) {
      const value = text(key);
      const known = allowed.find((one) => one === value);
      if (value !== undefined && known === undefined) throw bad(key, `it has to be one of ${allowed.join(', ')}`);
      return known;
    },
  };
}
