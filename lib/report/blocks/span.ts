import type { Verdict } from '../../verdict.ts';
import { visibleText, withEnds } from '../formats/visible-text.ts';

/** What a colour would say; a word always says it too. */
export type Tone = 'good' | 'bad' | 'warn' | 'unsure' | 'muted';

/**
 * A piece of a line. A string is text, ours or anybody's: every renderer escapes it, so that no caller has to think of
 * it. That there is no other way to put text on a page is what makes the reports safe.
 */
export type Span =
  | string
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: Text }
  | { readonly kind: 'tone'; readonly tone: Tone; readonly text: string }
  /** A verdict's sign with its word: a picture, a badge or a letter, whatever the page has. */
  | { readonly kind: 'mark'; readonly verdict: Verdict; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string; readonly code?: boolean };

/** A line of text. */
export type Text = readonly Span[];

export function code(text: string): Span {
  return { kind: 'code', text };
}

export function strong(...text: Span[]): Span {
  return { kind: 'strong', text };
}

export function toned(tone: Tone, text: string): Span {
  return { kind: 'tone', tone, text };
}

export function mark(verdict: Verdict, text: string): Span {
  return { kind: 'mark', verdict, text };
}

export function link(text: string, url: string): Span {
  return { kind: 'link', text, url };
}

/** A link on a commit, a digest, a name. */
export function codeLink(text: string, url: string): Span {
  return { kind: 'link', text, url, code: true };
}

/** The bare words of a line, on one line, every character visible: for a check's title or a step's output. */
export function plainText(text: Text): string {
  return text.map((span) => (typeof span === 'string' ? spaced(span) : plainSpan(span))).join('');
}

function plainSpan(span: Exclude<Span, string>): string {
  return span.kind === 'strong' ? plainText(span.text) : spaced(span.text);
}

function spaced(text: string): string {
  return withEnds(text, visibleText(text));
}

/** `parts` with `separator` between them. */
export function joined(parts: readonly Text[], separator: Span): Text {
  return parts.flatMap((part, index) => (index === 0 ? [...part] : [separator, ...part]));
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly Text[], last = 'and'): Text {
  return parts.flatMap((part, index) => {
    if (index === 0) return [...part];
    return [index === parts.length - 1 ? ` ${last} ` : ', ', ...part];
  });
}
