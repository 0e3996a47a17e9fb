import { visibleText, withEnds } from './visible-text.ts';

/**
 * Untrusted text for a terminal: escape sequences, carriage returns and bidi overrides are shown by name and do nothing
 * (CWE-150). Spaces at both ends are kept (one each), so that parts of a line can be joined.
 */
export function terminalText(text: string, limit?: number): string {
  return withEnds(text, visibleText(text, limit));
}

/** Scripts and forms that take two columns (Unicode TR 11, East Asian Wide), and emoji that are drawn as pictures. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** Columns that `text` takes in a terminal; it must hold no escape sequences. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
