import type { Block } from '../../../report/blocks/block.ts';
import { code, type Text } from '../../../report/blocks/span.ts';
import type { Answer } from '../../answer.ts';
import { answer, byteText, counted, list, paragraph } from '../data-answer.ts';
import type {
  DataImportOutput,
  DataListOutput,
  DataUpdateOutput,
  DataUrlOutput,
  DataUsageOutput,
} from '../data-outputs.ts';
import { gitAddAdvice, type Standing } from '../git-add-advice.ts';
import { type ListEntry, treeLines } from './tree-lines.ts';

/** Lines of a tree that are shown; `--json` has all of them. */
const TREE_LINES = 400;

export interface ListStyle {
  readonly tree?: boolean;
  /** The path that was listed. */
  readonly top?: string | undefined;
  readonly showHash?: boolean;
  /** In a tree; a table shows what is known in any case. */
  readonly size?: boolean;
}

export function dataListAnswer(document: DataListOutput, style: ListStyle = {}): Answer {
  if (style.tree === true) return answer(document, treeBlocks(document.entries, style));
  const { showHash = false } = style;
  const rows = document.entries.map((entry): Text[] => {
    const { path, kind, tracked, md5 = '' } = entry;
    const hash: Text[] = showHash ? [[md5]] : [];
    return [[kind === 'directory' ? `${path}/` : path], [tracked ? 'data' : 'git'], [sizeOf(entry)], ...hash];
  });
  const columns = [{ title: 'path' }, { title: 'kept by' }, { title: 'size', align: 'right' as const }];
  return answer(document, [{ kind: 'table', columns: showHash ? [...columns, { title: 'md5' }] : columns, rows }]);
}

/** As DVC draws it: what is asked for goes before the names. */
function treeBlocks(entries: readonly ListEntry[], { top = '.', size = false, showHash = false }: ListStyle): Block[] {
  const lines = treeLines(entries, top);
  const sizes = lines.map(({ entry }) => sizeOf(entry));
  const sizeWidth = Math.max(0, ...sizes.map((text) => text.length));
  const hashWidth = Math.max(1, ...lines.map(({ entry }) => entry?.md5?.length ?? 0));
  const drawn = lines.map(({ text, entry }, index) =>
    [
      ...(size ? [(sizes[index] ?? '').padStart(sizeWidth)] : []),
      ...(showHash ? [(entry?.md5 ?? '-').padEnd(hashWidth)] : []),
      text,
    ].join('  '),
  );
  const more = drawn.length - TREE_LINES;
  const shown: Block = { kind: 'command', text: drawn.slice(0, TREE_LINES).join('\n') };
  return more > 0 ? [shown, paragraph(`and ${more} more (--json has all)`)] : [shown];
}

function sizeOf(entry: ListEntry | undefined): string {
  return entry?.size === undefined ? '' : byteText(entry.size);
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

export function dataImportAnswer(document: DataImportOutput, standing?: Standing): Answer {
  const { path, md5, size, files, written = [] } = document;
  const told = md5 === undefined ? ': not downloaded' : `: ${counted(files, 'file')}, ${byteText(size)}`;
  return answer(document, [paragraph(code(path), told), ...gitAddAdvice(written, standing)]);
}

export function dataUpdateAnswer(document: DataUpdateOutput): Answer {
  const items = document.updated.map(({ path, state, commit, reason }): Text => {
    const at = commit === undefined ? '' : ` (${commit.slice(0, 12)})`;
    return [code(path), `: ${state}${at}${reason === undefined ? '' : `: ${reason}`}`];
  });
  return answer(document, [list(items)]);
}
