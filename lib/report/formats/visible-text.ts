/** Characters of one sentence or message that a report shows. Longer is cut with `…`. */
export const TEXT_LIMIT = 2_000;

/** Characters of one name or value (a model, a column, a category). */
export const NAME_LIMIT = 160;

/**
 * What can change how its neighbours look, or what cannot be seen: control characters (Cc), format characters (Cf: bidi
 * overrides and isolates, zero-width characters, soft hyphen, tags), line and paragraph separators, lone surrogates,
 * private use, unassigned, and the fillers that Unicode counts as letters. See Unicode TR 36 §3 and "Trojan Source"
 * (Boucher & Anderson 2021).
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]|\u034f/gu;

/** More combining marks than this on one character only deface the lines above and below. */
const MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * Untrusted text as one line in which every character can be seen: runs of white space become one space, what is
 * invisible becomes `⟨U+202E⟩`, stacked marks are cut, and the end is cut at `limit` characters.
 */
export function visibleText(text: string, limit: number = TEXT_LIMIT): string {
  // Cut first, generously: a text of megabytes is not worth walking through.
  const head = text.slice(0, limit * 4 + 16);
  const line = head.replace(/\s+/gu, ' ').trim().replace(MARKS, '$1').replace(INVISIBLE, codePointName);
  const characters = [...line];
  if (characters.length <= limit && head.length === text.length) return line;
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`;
}

/** `body`, made of `text`, with a space at either end where `text` has one: for parts of a line that are joined. */
export function withEnds(text: string, body: string): string {
  if (body === '') return /^\s/.test(text) ? ' ' : '';
  return `${/^\s/.test(text) ? ' ' : ''}${body}${/\s$/.test(text) ? ' ' : ''}`;
}

/** A file's or a log's text with its line breaks and leading spaces kept, and every other invisible character named. */
export function visibleLines(text: string, limit: number): string {
  const head = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return head
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll('\t', '  ').replace(MARKS, '$1').replace(INVISIBLE, codePointName))
    .join('\n');
}

function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
