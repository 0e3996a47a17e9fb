/** A set in brackets, and where its end is. */
export interface BracketSet {
  readonly has: (unit: number) => boolean;
  /** What it costs to ask it. */
  readonly cost: number;
  /** The place of the closing bracket. */
  readonly end: number;
}

/** Names of sets, as ranges; ASCII alone, whatever the locale. Source: git, wildmatch.c and git-compat-util.h (`sane_ctype`). */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  blank: '  \t\t',
  cntrl: '\u0000\u001f\u007f\u007f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '  \t\n\r\r',
  upper: 'AZ',
  xdigit: '09AFaf',
};

const code = (char: string) => char.charCodeAt(0);
const CLOSING = code(']');
const BACKSLASH = code('\\');

/**
 * Reads a set that begins at `start`. Source: git, wildmatch.c.
 *
 * @returns undefined for one that is not closed, or names a class that is not there: the whole pattern matches nothing then
 */
export function bracketSet(pattern: ArrayLike<number>, start: number): BracketSet | undefined {
  const ranges: (readonly [from: number, to: number])[] = [];
  let at = start + 1;
  const negated = pattern[at] === code('!') || pattern[at] === code('^');
  if (negated) at++;
  /** What a range can begin with. */
  let before: number | undefined;
  // The first member is one even if it is a closing bracket.
  do {
    let unit = pattern[at];
    if (unit === undefined) return undefined;
    if (unit === BACKSLASH) {
      unit = pattern[++at];
      if (unit === undefined) return undefined;
      ranges.push([unit, unit]);
      before = unit;
    } else if (unit === code('-') && before !== undefined && endsRange(pattern[at + 1])) {
      unit = pattern[++at];
      if (unit === BACKSLASH) unit = pattern[++at];
      if (unit === undefined) return undefined;
      ranges.push([before, unit]);
      before = undefined;
    } else if (unit === code('[') && pattern[at + 1] === code(':')) {
      const named = namedClass(pattern, at + 2);
      if (named === undefined) return undefined;
      ranges.push(...named.ranges);
      before = named.before;
      at = named.end;
    } else {
      ranges.push([unit, unit]);
      before = unit;
    }
    at++;
  } while (pattern[at] !== CLOSING);
  return {
    end: at,
    cost: ranges.length,
    has: (unit) => ranges.some(([from, to]) => from <= unit && unit <= to) !== negated,
  };
}

function endsRange(unit: number | undefined): boolean {
  return unit !== undefined && unit !== CLOSING;
}

/** What follows `[:`: a class, or a bracket that is a member when no `:]` follows. */
function namedClass(pattern: ArrayLike<number>, start: number) {
  let end = start;
  while (end < pattern.length && pattern[end] !== CLOSING) end++;
  if (end === pattern.length) return undefined;
  const bracket = code('[');
  if (end === start || pattern[end - 1] !== code(':')) {
    return { ranges: [[bracket, bracket]] as const, before: bracket, end: start - 2 };
  }
  const name = String.fromCharCode(
    ...Array.from({ length: end - 1 - start }, (_, index) => pattern[start + index] ?? 0),
  );
  const pairs = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (pairs === undefined) return undefined;
  const ranges = (pairs.match(/../gs) ?? []).map((pair) => [code(pair), pair.charCodeAt(1)] as const);
  return { ranges, before: undefined, end };
}
