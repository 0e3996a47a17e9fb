import { EXIT_CODE } from '../../../exit-code.ts';
import type { Block } from '../../../report/blocks/block.ts';
import { code, type Text } from '../../../report/blocks/span.ts';
import type { Answer } from '../../answer.ts';
import { answer, list, paragraph } from '../data-answer.ts';
import type { DataStatusOutput, LayersOutput } from '../data-outputs.ts';

/** @param asked whether the exit code tells if something differs */
export function dataLayersAnswer(document: DataStatusOutput, { asked = false }: { readonly asked?: boolean }): Answer {
  const { layers, clean } = document;
  const sections = layers === undefined ? [] : sectionsOf(layers);
  const blocks = sections.flatMap(({ title, items }): Block[] =>
    items.length === 0 ? [] : [paragraph(title), list(items)],
  );
  if (clean) blocks.unshift(paragraph('Data, pointers and the last commit agree.'));
  return { ...answer(document, blocks), exitCode: asked && !clean ? EXIT_CODE.no : EXIT_CODE.yes };
}

/** In DVC's order, each with what to do. */
function sectionsOf(layers: LayersOutput): { readonly title: string; readonly items: readonly Text[] }[] {
  const { notInCache, notInRemote = [], committed, uncommitted, untracked = [], unchanged = [] } = layers;
  return [
    { title: 'Not in the cache (assay data fetch brings them):', items: notInCache.map(pathText) },
    { title: 'Not in the remote (assay data push sends them):', items: notInRemote.map(pathText) },
    { title: 'Pointers that differ from the last commit (git commit keeps them):', items: changeTexts(committed) },
    {
      title: 'Data that differ from their pointers (assay data add keeps them, assay data checkout gives them up):',
      items: changeTexts(uncommitted),
    },
    { title: 'Files that nothing tracks:', items: untracked.map(pathText) },
    { title: 'Unchanged:', items: unchanged.map(pathText) },
  ];
}

function pathText(path: string): Text {
  return [code(path)];
}

function changeTexts({ added, modified, deleted, renamed, unknown }: LayersOutput['committed']): Text[] {
  const told = (state: string, paths: readonly string[]) => paths.map((path): Text => [`${state}: `, code(path)]);
  return [
    ...told('added', added),
    ...told('modified', modified),
    ...told('deleted', deleted),
    ...renamed.map(({ from, to }): Text => ['renamed: ', code(from), ' → ', code(to)]),
    ...told('unknown', unknown),
  ];
}
