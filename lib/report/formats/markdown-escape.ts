import { encodeHtml } from './html-encode.ts';
import { NAME_LIMIT, visibleLines, visibleText, withEnds } from './visible-text.ts';

/**
 * Text into GitHub-flavoured Markdown. Escaping alone is not enough on a forge: mentions, issue numbers, commit ids,
 * emoji codes and bare addresses are looked for in the **rendered** text, after escapes are resolved. Those are broken by
 * a zero-width space (our own; one in the input has been made visible before).
 */
const BREAK = '&#8203;';

/** Characters of a fenced block; a command line or a plot is far shorter. */
const BLOCK_LIMIT = 20_000;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;' };

/** A piece of text as one line of Markdown that renders to just this text: no structure, no links, no mentions. */
export function markdownText(text: string, limit?: number): string {
  return escapeStart(breakReferences(visibleText(text, limit), escapePlain));
}

/** As {@link markdownText} for a part of a line: the spaces at both ends are kept (one each). */
export function markdownPart(text: string, limit?: number): string {
  return withEnds(text, markdownText(text, limit));
}

/**
 * As {@link markdownText} for inside of an HTML block (`<summary>`), where Markdown's escapes are not read but the
 * forge still looks for references.
 */
export function markdownHtml(text: string, limit?: number): string {
  return breakReferences(visibleText(text, limit), (piece) => encodeHtml(piece).replaceAll('$', '<span>$</span>'));
}

function escapePlain(text: string): string {
  return text
    .replace(/[&<>|]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replaceAll('$', '<span>$</span>');
}

/** What begins a block at the start of a line: lists, headings, rules, setext underlines, numbered lists. */
function escapeStart(text: string): string {
  return text.replace(/^(?:[-+=](?=[-=\s]|$)|#(?=[#\s]|$))/, '\\$&').replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** Splits the text where the forge would find a reference, escapes the pieces and joins them by a zero-width space. */
function breakReferences(text: string, escaped: (piece: string) => string): string {
  const pieces = text.split(
    /(?<=@)|(?<=#)(?=\d)|(?<=GH-)(?=\d)|(?<=:)(?=\/\/)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+:)|(?<=(?:mailto|xmpp):)|(?<=\b[0-9a-f]{6})(?=[0-9a-f]{1,34}\b)/iu,
  );
  return pieces.map(escaped).join(BREAK);
}

/**
 * A name or a value as inline code. Plain ones stand between back-ticks; those with characters that would end the
 * code span, a table's cell or an HTML comment (`` ` ``, `|`, `<`, `\` …) become `<code>` with every such character as an
 * entity, which is the same in a cell and out of it.
 */
export function markdownCode(text: string, limit: number = NAME_LIMIT): string {
  const shown = visibleText(text, limit);
  if (shown === '') return '`(empty)`';
  if (!/[`|<>\\&$]/.test(shown)) return `\`${shown}\``;
  const encoded = shown.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
  // cmark looks for mail addresses in the text after entities are resolved, whatever HTML stands around it.
  return `<code>${encoded.replaceAll('&#64;', `&#64;${BREAK}`)}</code>`;
}

/** A link, or only its text where the address is not a plain http(s) one. */
export function markdownLink(text: string, url: string, code = false): string {
  const address = safeUrl(url);
  const shown = code ? markdownCode(text) : markdownText(text);
  return address === undefined ? shown : `[${shown}](${address.replaceAll('&', '&amp;')})`;
}

/** An http(s) address with everything encoded that could end a Markdown link or an HTML attribute; else undefined. */
export function safeUrl(url: string): string | undefined {
  if (url.length > 2_000 || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return undefined;
  if (parsed.username !== '' || parsed.password !== '') return undefined;
  return parsed.href.replace(/[()<>"'`\\|[\]{}*$]/g, percentEncoded);
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A fenced block whose fence is longer than any run of back-ticks in it, and that holds no hidden marker. */
export function markdownBlock(text: string, language: 'text' | 'sh' = 'text'): string {
  const body = visibleLines(text, BLOCK_LIMIT).replaceAll('<!--', '<\u200b!--');
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}
