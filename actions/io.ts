import * as core from '@actions/core';
import { assayError } from '../lib/errors.ts';
import { terminalText } from '../lib/report/formats/terminal-escape.ts';

/** Characters of one message in the log. A path and what the system says of it have room; an input of 100 kB has not. */
const LOG_CHARACTERS = 4_000;

/** A message of untrusted parts for log and annotations: one line, whose characters can all be seen. */
export function logText(message: string): string {
  return terminalText(message, LOG_CHARACTERS).trim();
}

/** An input as text; the empty text, which is what the runner gives for one that is not set, is none. */
export function optional(name: string): string | undefined {
  const value = core.getInput(name);
  return value === '' ? undefined : value;
}

/** An input that has to be set: the runner itself does not enforce `required`. Throws E_INPUT_MISSING. */
export function required(name: string): string {
  const value = optional(name);
  if (value === undefined) throw assayError('E_INPUT_MISSING', { name });
  return value;
}

/**
 * `true` or `false` and nothing else: a typo is not a no. An expression that comes out empty is what it is when left out. Throws
 * E_INPUT_VALUE.
 */
export function flag(name: string, leftOut = false): boolean {
  return choice(name, leftOut ? (['false', 'true'] as const) : (['true', 'false'] as const)) === 'true';
}

/** Whether the whole reasoning is to be told. Throws E_INPUT_VALUE. */
export function explainInput(): { readonly explain: boolean } {
  return { explain: flag('explain') };
}

/** One of the allowed values, the last one when the input is not set. Throws E_INPUT_VALUE. */
export function choice<T extends string>(name: string, allowed: readonly [...T[], T]): T {
  const value = optional(name) ?? allowed.at(-1);
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw assayError('E_INPUT_VALUE', { name, value: value ?? '', allowed });
  return found;
}

/** Items of one line, separated by commas, or one a line: then a comma belongs to the item. */
export function list(name: string): string[] {
  const text = core.getInput(name);
  return text
    .split(text.includes('\n') ? '\n' : ',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `name=number` items. Throws E_INPUT_VALUE. */
export function numbers(name: string): Record<string, number> {
  return Object.fromEntries(
    list(name).map((item) => {
      const [key, value, rest] = item.split('=');
      const number = Number(value);
      if (key === undefined || value === undefined || rest !== undefined || !Number.isFinite(number)) {
        throw assayError('E_INPUT_VALUE', { name, value: item, allowed: ['name=number'] });
      }
      return [key.trim(), number];
    }),
  );
}
