import { visibleLines } from './visible-text.ts';

/** What a workflow-command token may be: unguessable is the caller's duty, harmless to the parser is ours. */
const TOKEN = /^[A-Za-z0-9-]{16,100}$/;

/**
 * Lines of a user's program for a workflow's log, between `::stop-commands::` and its end, so that none of them is taken
 * for a command (`::add-mask::`, `::set-env::`). Lines in the older form (`##[…]`), which that does not stop, get a
 * zero-width space. Source: GitHub Docs, "Workflow commands: stopping and starting workflow commands".
 *
 * @param token random and fresh for every call; anybody who knows it can start commands again
 * @throws TypeError for a token that the runner would not take as one
 */
export function untrustedLog(text: string, token: string): string {
  if (!TOKEN.test(token)) throw new TypeError('a stop-commands token is 16 to 100 letters, digits or hyphens');
  // A line that held the very token would end the block: it cannot be known, and is removed all the same.
  const body = visibleLines(text, Number.MAX_SAFE_INTEGER).replaceAll(token, '…').split('\n').map(untrustedLogLine);
  return [`::stop-commands::${token}`, ...body, `::${token}::`].join('\n');
}

/** One line of untrusted text that is no workflow command, wherever it is printed. */
export function untrustedLogLine(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '##\u200b[');
}
