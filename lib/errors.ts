import { commandErrors } from './errors/commands.ts';
import { dataErrors } from './errors/data.ts';
import { engineErrors } from './errors/engine.ts';
import type { ErrorText } from './errors/entry.ts';
import { forgeErrors } from './errors/forge.ts';
import { gateErrors } from './errors/gate.ts';
import { gitErrors } from './errors/git.ts';
import { initErrors } from './errors/init.ts';
import { modelErrors } from './errors/model.ts';
import { nativeErrors } from './errors/native.ts';
import { pointerErrors } from './errors/pointers.ts';
import { profileErrors } from './errors/profile.ts';
import { projectErrors } from './errors/project.ts';
import { registryErrors } from './errors/registry.ts';
import { simulateErrors } from './errors/simulate.ts';
import { storeErrors } from './errors/stores.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import { withoutPasswords } from './plain-address.ts';

/** Every error a user can meet, by its stable code. Codes are never renamed or reused: people search for them. */
const CATALOGUE = {
  ...commandErrors,
  ...dataErrors,
  ...engineErrors,
  ...forgeErrors,
  ...gateErrors,
  ...gitErrors,
  ...initErrors,
  ...modelErrors,
  ...nativeErrors,
  ...pointerErrors,
  ...profileErrors,
  ...projectErrors,
  ...registryErrors,
  ...simulateErrors,
  ...storeErrors,
};

export type ErrorCode = keyof typeof CATALOGUE;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof CATALOGUE)[C]['text']>[0];

/** All codes, sorted: the documentation's table and the tests walk over them. */
export const ERROR_CODES: readonly ErrorCode[] = (Object.keys(CATALOGUE) as ErrorCode[]).sort();

/** An error from the catalogue: one line that names what and where, one line that says how to mend it. */
export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly fix: string;
  readonly exitCode: ExitCode;
  /** What its text was made of, for whoever can tell more of it (see `detailed`). */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    { message, fix }: ErrorText,
    exitCode: ExitCode,
    { details = {}, cause }: { readonly details?: object | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'AssayError';
    this.code = code;
    this.fix = fix;
    this.exitCode = exitCode;
    this.details = { ...details };
  }
}

/**
 * Makes (does not throw) the catalogued error `code`.
 *
 * @param details the values its text names; they may be untrusted, so control characters are made visible here
 * @param cause the error underneath, kept for `--verbose` and for tests
 */
export function assayError<C extends ErrorCode>(code: C, details: ErrorDetails<C>, cause?: unknown): AssayError {
  return made(code, details, cause);
}

/** Whether what was thrown is an error of the catalogue with one of these codes. */
export function hasCode(thrown: unknown, ...codes: readonly ErrorCode[]): thrown is AssayError {
  return thrown instanceof AssayError && codes.includes(thrown.code);
}

/** The same error told with more details, such as the rows of its ids; a text that does not use them stays as it is. */
export function detailed(error: AssayError, more: Readonly<Record<string, unknown>>): AssayError {
  return made(error.code, { ...error.details, ...more }, error.cause);
}

function made(code: ErrorCode, details: object, cause: unknown): AssayError {
  // The catalogue's entries each take their own details; the signature of `assayError` is what checks the pairing.
  const entry = CATALOGUE[code] as {
    exit: 'usage' | 'environment' | 'internal';
    text: (details: unknown) => ErrorText;
  };
  const { message, fix } = entry.text(details);
  const text = { message: oneLine(withoutPasswords(message)), fix: oneLine(withoutPasswords(fix)) };
  return new AssayError(code, text, EXIT_CODE[entry.exit], { details, cause });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A message of untrusted parts as one line: a line break or an escape sequence in a name must not forge a log line. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
