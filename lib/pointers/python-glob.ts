/** What makes a pattern of a name. Source: CPython, Lib/glob.py, `has_magic`. */
const MAGIC = /[*?[]/;

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
    .split(/\/+/);
  const last = parts.length - 1;
  const text = parts.map((part, index) => {
    if (part !== '**') return `${nameText(part)}${index === last ? '' : '/'}`;
    // At the end it names the folder and what lies below, else the folders up to the next name.
    return index === last ? '(?:[^./][^/]*(?:/[^./][^/]*)*)?' : '(?:[^./][^/]*/)*';
  });
  const expression = new RegExp(`^${text.join('')}$`, 'su');
  const below = parts.at(-1) === '**';
  return (path) => expression.test(path) || (below && expression.test(`${path}/`));
}

/** One name as `fnmatch.translate` makes it. */
function nameText(part: string): string {
  let text = /^[*?[]/.test(part) ? '(?!\\.)' : '';
  for (let at = 0; at < part.length; at++) {
    const char = part[at] ?? '';
    if (char === '*') text += '[^/]*';
    else if (char === '?') text += '[^/]';
    else if (char === '[') {
      const end = setEnd(part, at);
      if (end === undefined) text += '\\[';
      else {
        text += setText(part.slice(at + 1, end));
        at = end;
      }
    } else text += quoted(char);
  }
  return text;
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
    if (from <= to) text += `${quoted(from)}-${quoted(to)}`;
    at += 2;
  }
  if (text === '') return not === '' ? '(?!)' : '[^/]';
  return `(?!/)[${not}${text}]`;
}

function quoted(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
