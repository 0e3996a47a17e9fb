import { encodeHtml } from './html-encode.ts';
import { safeUrl } from './markdown-escape.ts';
import { visibleText, withEnds } from './visible-text.ts';

/** Text for an element's content or for a quoted attribute, every character of it visible. */
export function htmlText(text: string, limit?: number): string {
  return together(encodeHtml(visibleText(text, limit)));
}

/** A number stays on the line of its per cent sign, and an arrow on that of what it says. */
function together(html: string): string {
  return html.replace(/(?<=\d) (?=%)|(?<=[▲▼]) /gu, '\u00a0');
}

/** As {@link htmlText} for a part of a line: the spaces at both ends are kept (one each). */
export function htmlPart(text: string, limit?: number): string {
  return withEnds(text, htmlText(text, limit));
}

/** An `href` value, or undefined for anything but a plain http(s) address. */
export function htmlUrl(url: string): string | undefined {
  const address = safeUrl(url);
  return address === undefined ? undefined : encodeHtml(address);
}
