import type { AssayError } from '../../errors.ts';
import { EXIT_CODE } from '../../exit-code.ts';
import type { Block } from '../../report/blocks/block.ts';
import { code, listed, type Text } from '../../report/blocks/span.ts';
import type { Answer } from '../answer.ts';
import type {
  CheckedOut,
  DataAddOutput,
  DataCheckoutOutput,
  DataGcOutput,
  DataPullOutput,
  DataStatusOutput,
  DataTransferOutput,
  DataVerifyOutput,
  RunsOutput,
  StoreMoveOutput,
} from './data-outputs.ts';
import { gitAddAdvice, type Standing } from './git-add-advice.ts';
import type { Outcome } from './outcome.ts';

/** Names shown of a long list; `--json` has all of them. */
const SHOWN = 20;

export function dataAddAnswer(document: DataAddOutput, standing?: Standing): Answer {
  const items = document.added.map(
    ({ path, files, size, state }): Text => [code(path), `: ${state}, ${counted(files, 'file')}, ${byteText(size)}`],
  );
  return answer(document, [list(items), ...gitAddAdvice(document.written, standing)]);
}

export function dataStatusAnswer(document: DataStatusOutput, options: { readonly asked?: boolean } = {}): Answer {
  const blocks: Block[] = [];
  const changed = document.outputs.filter(({ state, update }) => state !== 'unchanged' || update !== undefined);
  for (const { path, declaredIn, state, update, changes } of changed) {
    const newer = update === undefined ? [] : [`update available (${update.slice(0, 12)})`];
    const words = [...(state === 'unchanged' ? [] : [state]), ...newer].join(', ');
    blocks.push(paragraph(code(path), ` (${declaredIn}): ${words}`));
    const entries = Object.entries(changes ?? {}).flatMap(([kind, paths]) =>
      paths.map((file): Text => [`${kind}: `, code(file)]),
    );
    if (entries.length > 0) blocks.push(list(entries));
  }
  const cloud = document.cloud ?? [];
  if (cloud.length > 0) blocks.push(list(cloud.map(({ path, state }): Text => [`${state}: `, code(path)])));
  if (document.clean) {
    blocks.push(
      paragraph(document.cloud === undefined ? 'Data and pointers are up to date.' : 'Cache and remote are in sync.'),
    );
  }
  const exitCode = options.asked === true && !document.clean ? EXIT_CODE.no : EXIT_CODE.yes;
  return { ...answer(document, blocks), exitCode };
}

export function dataTransferAnswer({ document, error }: Outcome<DataTransferOutput>, standing?: Standing): Answer {
  const { direction, transferred, present } = document;
  const done = direction === 'push' ? 'pushed' : 'fetched';
  const blocks: Block[] = [paragraph(`${counted(transferred, 'object')} ${done}, ${present} there already.`)];
  blocks.push(...runBlocks(document.runs, done));
  blocks.push(...gitAddAdvice(document.written ?? [], standing));
  return withError(answer(document, blocks), document.failed, error);
}

function runBlocks(runs: RunsOutput | undefined, done: string): Block[] {
  if (runs === undefined) return [];
  return [paragraph(`${counted(runs.transferred, 'run')} of the run cache ${done}, ${runs.present} there already.`)];
}

export function dataCheckoutAnswer(
  { document, error }: Outcome<DataCheckoutOutput>,
  { summary = false }: { readonly summary?: boolean } = {},
): Answer {
  const { outputs } = document;
  return withError(answer(document, summary ? [summaryOf(outputs)] : checkedBlocks(outputs)), [], error);
}

/** DVC's words for it. */
function summaryOf(outputs: readonly CheckedOut[]): Block {
  const told = (['modified', 'added', 'deleted'] as const).flatMap((what): Text[] => {
    const files = outputs.reduce((sum, output) => sum + output[what], 0);
    return files === 0 ? [] : [[`${counted(files, 'file')} ${what}`]];
  });
  return paragraph(...(told.length === 0 ? ['No changes.'] : listed(told)));
}

export function dataPullAnswer({ document, error }: Outcome<DataPullOutput>, standing?: Standing): Answer {
  const { fetched, outputs, failed, written = [] } = document;
  const fetchedBlocks = [paragraph(`${counted(fetched, 'object')} fetched.`), ...runBlocks(document.runs, 'fetched')];
  const blocks = [...fetchedBlocks, ...checkedBlocks(outputs), ...gitAddAdvice(written, standing)];
  return withError(answer(document, blocks), failed, error);
}

export function dataVerifyAnswer(document: DataVerifyOutput): Answer {
  const { problems, sound, verified } = document;
  const blocks: Block[] = [paragraph(`${counted(verified, 'object')} read and sound.`)];
  if (!sound) {
    blocks.push(list(problems.map(({ path, problem }): Text => [`${problem}: `, code(path)])));
    blocks.push({ kind: 'next', text: ['bring them anew with assay data pull.'] });
  }
  return { ...answer(document, blocks), exitCode: sound ? EXIT_CODE.yes : EXIT_CODE.no };
}

export function dataGcAnswer(document: DataGcOutput): Answer {
  const { dry, cache, remote, kept } = document;
  const lead = dry ? 'Would remove' : 'Removed';
  const text = `${lead} ${counted(cache.length, 'object')} of the cache and ${counted(remote.length, 'object')} of the remote; ${kept} ${kept === 1 ? 'is' : 'are'} needed.`;
  return answer(document, [paragraph(text)]);
}

export function storeMoveAnswer(document: StoreMoveOutput): Answer {
  const { from, to, copied, copiedBytes, present, unaddressed } = document;
  const blocks: Block[] = [
    paragraph(`${counted(copied, 'object')} (${byteText(copiedBytes)}) copied from `, code(from), ' to ', code(to)),
    paragraph(`${present} there already. The old store is left as it is.`),
    ...runBlocks(document.runs, 'copied'),
  ];
  if (unaddressed.length > 0) {
    blocks.push(
      paragraph('Left out, because nothing says what their bytes have to be, or the new store holds no run cache:'),
    );
    blocks.push(list(unaddressed.map((key): Text => [code(key)])));
  }
  blocks.push({
    kind: 'next',
    text: ['name the new store, as store: in assay.yaml or as the DVC remote, and commit:'],
  });
  blocks.push({ kind: 'command', text: `store: ${to}` });
  return answer(document, blocks);
}

function checkedBlocks(outputs: readonly CheckedOut[]): Block[] {
  const changed = outputs.filter(({ state }) => state !== 'unchanged');
  if (changed.length === 0) return [paragraph('The work tree is as the pointers say.')];
  return [
    list(
      changed.map(({ path, state, added, modified, deleted, reason }): Text => {
        if (reason !== undefined) return [`${state}: `, code(path), ` (${reason})`];
        return [`${state}: `, code(path), ` (${added} added, ${modified} modified, ${deleted} deleted)`];
      }),
    ),
  ];
}

/** An answer of a verb that did what it was asked. */
export function answer(document: unknown, blocks: readonly Block[]): Answer {
  return { document, blocks, verdict: 'pass', exitCode: EXIT_CODE.yes };
}

/** What was done, then what could not be, with its way out. */
function withError(
  done: Answer,
  failed: readonly { readonly path: string; readonly reason: string }[],
  error: AssayError | undefined,
): Answer {
  if (error === undefined) return done;
  const blocks: Block[] = [
    ...done.blocks,
    ...(failed.length > 0 ? [list(failed.map(({ path, reason }): Text => [code(path), `: ${reason}`]))] : []),
    { kind: 'verdict', verdict: 'error', lead: 'Not everything was done', text: [`${error.message} (${error.code})`] },
    { kind: 'next', text: [error.fix] },
  ];
  return { ...done, blocks, verdict: 'error', exitCode: error.exitCode, error };
}

/** A list that a terminal can hold. */
export function list(items: readonly Text[]): Block {
  const rest = items.length - SHOWN;
  return { kind: 'list', items: rest <= 0 ? items : [...items.slice(0, SHOWN), [`and ${rest} more (--json has all)`]] };
}

export function paragraph(...text: Text): Block {
  return { kind: 'paragraph', text };
}

export function counted(count: number, noun: string): string {
  // As toLocaleString('en-US'), which loads the data of all languages first.
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${noun}${count === 1 ? '' : 's'}`;
}

const UNITS = ['byte', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in words, by thousands. */
export function byteText(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  return unit === 0 ? counted(bytes, 'byte') : `${amount.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
