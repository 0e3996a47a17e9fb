import { byCodePoint } from '../code-point-order.ts';

/** What makes a pattern of a name. Source: CPython, Lib/glob.py, `has_magic`. */
const MAGIC = /[*?[]/;
/** `**` */
const ANY_FOLDERS = 'any folders';

export function hasMagic(pattern: string): boolean {
  return MAGIC.test(pattern);
}

/**
 * Whether a path is what a pattern names, as Python's `glob(pattern, recursive=True)` says of files: `*`, `?`, `[a-z]`, `[!a-z]`
 * in a name, and `**` for any folders. None of them stands for the dot that a hidden name begins with.
 *
 * @param pattern and the path that is asked for: from the same folder, forward slashes
 */
export function pythonGlob(pattern: string): (path: string) => boolean {
  const parts = pattern
    .replace(/^(\.\/+)+/, '')
    .replace(/\/+$/, '')
    .split(/\/+/)
    .map((part) => (part === '**' ? ANY_FOLDERS : nameExpression(part)));
  // All places of the pattern where the path read so far can be: the time does not grow with the ways to get there.
  return (path) => {
    let places = withSkipped(new Set([0]), parts);
    for (const name of path.split('/')) {
      const next = new Set<number>();
      for (const place of places) {
        const part = parts[place];
        if (part === ANY_FOLDERS && !name.startsWith('.')) next.add(place);
        else if (part instanceof RegExp && part.test(name)) next.add(place + 1);
      }
      places = withSkipped(next, parts);
    }
    return places.has(parts.length);
  };
}

/** `**` may stand for no folder at all. */
function withSkipped(places: Set<number>, parts: readonly unknown[]): Set<number> {
  for (const place of places) if (parts[place] === ANY_FOLDERS) places.add(place + 1);
  return places;
}

/**
 * One name as `fnmatch.translate` makes it: what stands between two stars is taken where it is found first, and never looked for
 * again further on.
 */
function nameExpression(part: string): RegExp {
  const pieces = namePieces(part);
  const text = pieces.map((piece, index) => {
    if (index === 0) return piece;
    return index === pieces.length - 1 ? `.*${piece}` : `(?=(?<p${index}>.*?${piece}))\\k<p${index}>`;
  });
  return new RegExp(`^${/^[*?[]/.test(part) ? '(?!\\.)' : ''}${text.join('')}$`, 'su');
}

/** Expressions of what stands before, between and after the stars of a name. */
function namePieces(part: string): string[] {
  const pieces: string[] = [];
  let text = '';
  for (let at = 0; at < part.length; at++) {
    const char = part[at] ?? '';
    const end = char === '[' ? setEnd(part, at) : undefined;
    if (char === '*') {
      pieces.push(text);
      text = '';
    } else if (char === '?') text += '.';
    else if (end !== undefined) {
      text += setText(part.slice(at + 1, end));
      at = end;
    } else text += char === '-' ? char : quoted(char);
  }
  return [...pieces, text];
}

/** Where the `]` of a set is: one directly after its beginning is a member. */
function setEnd(part: string, start: number): number | undefined {
  const from = start + (part[start + 1] === '!' ? 2 : 1);
  const end = part.indexOf(']', from + (part[from] === ']' ? 1 : 0));
  return end === -1 ? undefined : end;
}

/** Ranges that go backwards hold nothing. */
function setText(set: string): string {
  const [not, members] = set.startsWith('!') ? ['^', set.slice(1)] : ['', set];
  const chars = [...members];
  let text = '';
  for (let at = 0; at < chars.length; at++) {
    const [from = '', dash, to] = chars.slice(at, at + 3);
    if (dash !== '-' || to === undefined) {
      text += quoted(from);
      continue;
    }
    if (byCodePoint(from, to) <= 0) text += `${quoted(from)}-${quoted(to)}`;
    at += 2;
  }
  if (text === '') return not === '' ? '(?!)' : '[^/]';
  return `(?!/)[${not}${text}]`;
}

function quoted(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
