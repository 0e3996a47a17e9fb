import { InvalidArgumentError } from 'commander';

/** Names separated by commas. */
export function list(text: string): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('it names nothing');
  return items;
}

/** Numbers separated by commas. */
export function numbers(text: string): number[] {
  return list(text).map(number);
}

/** One finite number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('it is not a number');
  return value;
}

/** `METRIC=VALUE`, gathered over repetitions. */
export function margin(text: string, earlier: Record<string, number>): Record<string, number> {
  const [name, value, rest] = text.split('=');
  if (name === undefined || value === undefined || rest !== undefined)
    throw new InvalidArgumentError('write METRIC=VALUE, e.g. roc_auc=0.01');
  return { ...earlier, [name]: number(value) };
}
