import type { Block } from '../../../report/blocks/block.ts';
import { code, type Text } from '../../../report/blocks/span.ts';
import { toMarkdown } from '../../../report/formats/markdown.ts';
import type { Answer } from '../../answer.ts';
import { answer, list, paragraph } from '../data-answer.ts';
import type { DataDiffOutput } from '../data-outputs.ts';

/** Digits of an address that people see. DVC shows as many. */
const SHORT = 8;

export interface DiffShown {
  /** As a Markdown table, as `dvc diff --md`. */
  readonly md?: boolean;
}

/** One thing that differs. */
interface DiffRow {
  readonly state: string;
  readonly path: Text;
  /** `old..new`; empty where no addresses were asked for. */
  readonly hash: string;
}

export function dataDiffAnswer(document: DataDiffOutput, { md = false }: DiffShown = {}): Answer & { text?: string } {
  const rows = diffRows(document, md);
  if (md) return { ...answer(document, []), text: toMarkdown([diffTable(rows, document.hashes !== undefined)]) };
  const items = rows.map(({ state, path, hash }): Text => [`${state}: `, ...path, hash === '' ? '' : ` (${hash})`]);
  return answer(document, items.length === 0 ? [paragraph('No data differs.')] : [list(items)]);
}

/** DVC's columns. */
function diffTable(rows: readonly DiffRow[], hashes: boolean): Block {
  const columns = ['Status', ...(hashes ? ['Hash'] : []), 'Path'].map((title) => ({ title }));
  return {
    kind: 'table',
    columns,
    rows: rows.map(({ state, path, hash }) => [[state], ...(hashes ? [hash === '' ? [] : [code(hash)]] : []), path]),
  };
}

/** In DVC's order. Folders are told in its table, where people look for them; a list of files says as much without. */
function diffRows(document: DataDiffOutput, withFolders: boolean): DiffRow[] {
  const { folders, missing = [], hashes = [] } = document;
  const known = new Map(hashes.map((one) => [one.path, one]));
  const hashOf = (path: string, onlyOld = false) => {
    const { old, new: now } = known.get(path) ?? {};
    const young = onlyOld ? undefined : now;
    const both = [old, young === old ? undefined : young].flatMap((md5) => md5?.slice(0, SHORT) ?? []);
    return both.join('..');
  };
  const paths = (kind: 'added' | 'deleted' | 'modified') =>
    [...new Set([...document[kind], ...(withFolders ? (folders?.[kind] ?? []) : [])])].sort();
  const row = (state: string, path: string): DiffRow => ({ state, path: [code(path)], hash: hashOf(path) });
  const renamed = [...document.renamed, ...(withFolders ? (folders?.renamed ?? []) : [])];
  renamed.sort((a, b) => (a.from < b.from ? -1 : 1));
  return [
    ...paths('added').map((path) => row('added', path)),
    ...paths('deleted').map((path) => row('deleted', path)),
    ...renamed.map(({ from, to }) => ({ state: 'renamed', path: [code(from), ' → ', code(to)], hash: hashOf(to) })),
    ...paths('modified').map((path) => row('modified', path)),
    ...missing.map((path) => ({ state: 'not in cache', path: [code(path)], hash: hashOf(path, true) })),
  ];
}
