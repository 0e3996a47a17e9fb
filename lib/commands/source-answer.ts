import type { Block } from '../report/block.ts';
import { code, type Text } from '../report/span.ts';
import type { Answer } from './answer.ts';
import { answer, byteText, counted, list, paragraph, shellWord } from './data-answer.ts';
import type {
  DataImportOutput,
  DataListOutput,
  DataUpdateOutput,
  DataUrlOutput,
  DataUsageOutput,
} from './data-outputs.ts';
import { type ListEntry, treeLines } from './tree-lines.ts';

/** Lines of a tree that are shown; `--json` has all of them. */
const TREE_LINES = 400;

export interface ListStyle {
  readonly tree?: boolean;
  /** The path that was listed. */
  readonly top?: string | undefined;
  readonly showHash?: boolean;
}

export function dataListAnswer(document: DataListOutput, { tree, top, showHash }: ListStyle = {}): Answer {
  const { entries } = document;
  if (tree === true) {
    const lines = treeLines(entries, top ?? '.');
    const rows = lines.map(({ text, entry }) => [...factsOf(entry, showHash === true), text]);
    const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
    const shown = rows
      .slice(0, TREE_LINES)
      .map(([size = '', ...rest]) => [size.padStart(widths[0] ?? 0), ...padded(rest, widths[1] ?? 0)].join('  '));
    const more = rows.length - shown.length;
    const rest = more > 0 ? [paragraph(`and ${more} more (--json has all)`)] : [];
    return answer(document, [{ kind: 'command', text: shown.join('\n') }, ...rest]);
  }
  const rows = entries.map((entry): Text[] => {
    const { path, kind, tracked } = entry;
    const [size = '', ...hash] = factsOf(entry, showHash === true);
    return [
      [kind === 'directory' ? `${path}/` : path],
      [tracked ? 'data' : 'git'],
      [size],
      ...hash.map((md5) => [md5]),
    ];
  });
  const columns = [{ title: 'path' }, { title: 'kept by' }, { title: 'size', align: 'right' as const }];
  return answer(document, [
    { kind: 'table', columns: showHash === true ? [...columns, { title: 'md5' }] : columns, rows },
  ]);
}

/** Size, and where it is asked for the digest. */
function factsOf(entry: ListEntry | undefined, showHash: boolean): string[] {
  const size = entry?.size === undefined ? '' : byteText(entry.size);
  return showHash ? [size, entry?.md5 ?? '-'] : [size];
}

/** The digest to the column's width; the name behind it as it is. */
function padded(cells: readonly string[], width: number): string[] {
  return cells.map((cell, index) => (index < cells.length - 1 ? cell.padEnd(width) : cell));
}

export function dataUsageAnswer(document: DataUsageOutput): Answer {
  const { outputs, size, cache, unsized } = document;
  const rows = outputs.map((output): Text[] => [[output.path], [String(output.files)], [byteText(output.size)]]);
  const right = { align: 'right' as const };
  const together = cache === undefined ? 'together.' : `of data; the cache holds ${byteText(cache)}.`;
  const unknown = unsized === undefined ? '' : ` Of ${counted(unsized, 'file')} nothing here tells the size.`;
  return answer(document, [
    { kind: 'table', columns: [{ title: 'output' }, { title: 'files', ...right }, { title: 'size', ...right }], rows },
    paragraph(`${byteText(size)} ${together}${unknown}`),
  ]);
}

export function dataUrlAnswer(document: DataUrlOutput): Answer {
  return answer(document, [paragraph(document.url)]);
}

export function dataImportAnswer(document: DataImportOutput): Answer {
  const { path, md5, size, files, pointer } = document;
  const told = md5 === undefined ? ': not downloaded' : `: ${counted(files, 'file')}, ${byteText(size)}`;
  const blocks: Block[] = [paragraph(code(path), told)];
  if (pointer !== undefined) {
    blocks.push(
      { kind: 'next', text: ['keep the pointer in git:'] },
      { kind: 'command', text: `git add ${shellWord(pointer)}` },
    );
  }
  return answer(document, blocks);
}

export function dataUpdateAnswer(document: DataUpdateOutput): Answer {
  const items = document.updated.map(({ path, state, commit, reason }): Text => {
    const at = commit === undefined ? '' : ` (${commit.slice(0, 12)})`;
    return [code(path), `: ${state}${at}${reason === undefined ? '' : `: ${reason}`}`];
  });
  return answer(document, [list(items)]);
}
