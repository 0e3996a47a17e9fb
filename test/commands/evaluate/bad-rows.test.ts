import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PredictionsFile } from '../../../lib/commands/evaluate/predictions-file.ts';
import { scoreSealed } from '../../../lib/commands/evaluate/score-sealed.ts';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, write } from '../../git/repository.ts';
import { csv, type Row, rowsOf, sigmoid } from '../days.ts';
import { commandYaml, contextOf, copyOf, errorOf, files, newWorkspace, opened, type Workspace } from '../repository.ts';
import { newCandidate } from '../verbs.ts';

const CLASSES = ['low', 'mid', 'high'] as const;
const p = (a: number, b: number) => ({ p_low: a, p_mid: b, p_high: 1 - a - b });

/** Rows of three classes beside the label, and weights. */
const DATA = rowsOf().map((row) => ({
  ...row,
  w: 1 + row.late,
  kind: CLASSES[row.x < -0.5 ? 0 : row.x < 0.5 ? 1 : 2],
}));
/** The development half, which both ways compare on. */
const FROM = 720;
const HALF = DATA.slice(FROM, 1080);
const OLD = HALF.map(({ id, z }) => ({ id, score: sigmoid(0.3 * z), ...p(0.3, 0.4) }));
const GOOD = HALF.map(({ x, z, ...row }) => ({ ...row, score: sigmoid(1.5 * x + 0.6 * z), ...p(0.31, 0.38) }));

const PREDICT = `import { readFileSync, writeFileSync } from 'node:fs';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const text = spec.format === 'csv' ? readFileSync(spec.data, 'utf8') : readFileSync('half.csv', 'utf8');
const [head, ...lines] = text.trim().split('\\n').map((line) => line.split(','));
const at = Object.fromEntries(head.map((name, index) => [name, index]));
const scores = spec.task === 'multiclass' ? () => '0.31,0.38,0.31' : (cells) => 1 / (1 + Math.exp(-1.5 * cells[at.x] - 0.6 * cells[at.z]));
writeFileSync(spec.output, ['id,' + spec.scores.join(','), ...lines.map((cells) => cells[at.id] + ',' + scores(cells))].join('\\n') + '\\n');
`;

type Rows = readonly Readonly<Record<string, unknown>>[];
type Format = 'csv' | 'parquet';
/** What is wrong: with the labelled rows, or with the predictions of the baseline. */
type Wrong = { readonly data: (rows: Rows) => Rows } | { readonly scores: (rows: Rows) => Rows };

const changed =
  (places: readonly number[], change: object) =>
  (rows: Rows): Rows => {
    const start = rows.length > HALF.length ? FROM : 0;
    return rows.map((row, index) => (places.includes(index - start) ? { ...row, ...change } : row));
  };
const without = (column: string) => (rows: Rows) => rows.map(({ [column]: _gone, ...row }) => row);
const mirrored = () => GOOD.map(({ id, score }) => ({ id, score: 1 - score, ...p(0.3, 0.4) }));

/** Both models on one dataset, whose file may be of either format. */
function twoModels() {
  const gate = { primary: 'roc_auc', guardrails: ['log_loss'], weight: 'w', slices: ['region'] };
  const yaml = commandYaml({ gate });
  const { late = {} } = yaml.models;
  const { primary: _binary, guardrails: _only, ...rest } = gate;
  yaml.models.kind = { ...late, target: 'kind', task: 'multiclass', classes: CLASSES, gate: rest };
  Object.assign(yaml.data.days ?? {}, { path: 'data/days.*' });
  return yaml;
}

let project: Workspace;
const runs = new Map<string, string>();
beforeAll(async () => {
  const contents = { ...files(twoModels()), 'data/days.csv': csv(DATA), 'predict.mjs': PREDICT, 'half.csv': csv(HALF) };
  project = await newWorkspace(contents);
  const { context, project: loaded } = await opened(project);
  for (const model of ['late', 'kind']) {
    runs.set(model, (await train(context, { project: loaded, model })).run.record.key);
  }
});

/** Where a command reads labelled rows and the baseline's predictions, and how it is asked. */
interface Place {
  readonly root: string;
  /** Files without their ends, with what is in them when nothing is wrong. */
  readonly data: { readonly name: string; readonly rows: Rows };
  readonly scores: { readonly name: string; readonly rows: Rows };
  /** The row of the first example in the file of the labelled rows. */
  readonly first: number;
  args(model: string, data: string, scores: string): string[];
}

const WAYS: Readonly<Record<string, () => Promise<Place>>> = {
  async compare() {
    return {
      root: await newFolder(),
      data: { name: 'candidate', rows: GOOD },
      scores: { name: 'baseline', rows: OLD },
      first: 1,
      args(model, data, scores) {
        const options = ['--id', 'id', '--cluster', 'at', '--weight', 'w', '--slice', 'region'];
        const label = model === 'kind' ? ['--label', 'kind', '--classes', CLASSES.join(',')] : ['--label', 'late'];
        return ['compare', scores, data, ...options, ...label];
      },
    };
  },
  async 'evaluate-gate'() {
    const { root } = await copyOf(project);
    await rm(join(root, 'data/days.csv'));
    return {
      root,
      data: { name: 'data/days', rows: DATA },
      scores: { name: 'old', rows: OLD },
      first: FROM + 1,
      args: (model, _data, scores) => [
        ...['evaluate-gate', model, '--run', runs.get(model) ?? ''],
        ...['--baseline', `file:${scores}`],
      ],
    };
  },
};

/** Writes tables of one format below a folder; Parquet by way of the engine, which reads CSV. */
async function openWriter(root: string, format: Format) {
  const engine = format === 'parquet' ? await contextOf({ root }).openEngine([root]) : undefined;
  return {
    /** The path of the file, relative to the folder. */
    async write(name: string, rows: Rows): Promise<string> {
      const text = engine === undefined ? `${name}.csv` : 'rows.csv';
      await write(root, { [text]: csv(rows) });
      if (engine !== undefined) {
        const source = { name, files: [join(root, text)], format: 'csv' } as const;
        await engine.write(source, {}, { path: join(root, `${name}.parquet`), format: 'parquet' });
        await rm(join(root, text));
      }
      return `${name}.${format}`;
    },
    close: async () => engine?.close(),
  };
}

/** Exit code and error of a command that has to end in one, whatever it printed. */
async function refused(cwd: string, args: readonly string[]) {
  const { out, code: exit } = await assay(cwd, [...args, '--json']);
  const { schema, code, message } = JSON.parse(out);
  expect([schema, out]).toEqual(['assay/error/1', expect.not.stringContaining('comparisons')]);
  return { code, message, exit };
}

/** `"e00723" (row 4 of days.csv)`, of the examples of the half by their places in it. */
const told = (places: readonly number[], file: string, first: number): string =>
  places
    .map(
      (at, index) =>
        `${index === 0 ? '' : index === 1 ? '; then ' : ', '}"${HALF[at]?.id}" (row ${at + first} of ${file})`,
    )
    .join('');

describe.each(Object.entries(WAYS))('assay %s', (_verb, begin) => {
  describe.each<Format>(['csv', 'parquet'])('of %s files', (format) => {
    let at: Place;
    let writer: Awaited<ReturnType<typeof openWriter>>;
    beforeAll(async () => {
      at = await begin();
      writer = await openWriter(at.root, format);
      for (const { name, rows } of [at.data, at.scores]) await writer.write(name, rows);
    });
    afterAll(() => writer.close());

    /** The command with one file spoilt, which is whole again afterwards. */
    async function run(model: string, wrong: Wrong) {
      const [file, change] = 'data' in wrong ? [at.data, wrong.data] : [at.scores, wrong.scores];
      await writer.write(file.name, change(file.rows));
      const [data, scores] = [`${at.data.name}.${format}`, `${at.scores.name}.${format}`];
      const found = await refused(at.root, at.args(model, data, scores));
      await writer.write(file.name, file.rows);
      return { ...found, data: basename(data), scores };
    }

    it.each<[string, string, Wrong, string, RegExp | readonly number[]]>([
      ['a score that is NaN', 'late', { scores: changed([3, 5], { score: 'NaN' }) }, 'E_SCORE_NOT_FINITE', [3, 5]],
      ['an infinite score', 'late', { scores: changed([7], { score: '-inf' }) }, 'E_SCORE_NOT_FINITE', [7]],
      ['no score', 'late', { scores: changed([0, 9], { score: null }) }, 'E_SCORE_NOT_FINITE', [0, 9]],
      ['a score beyond 1', 'late', { scores: changed([1, 2], { score: 1.5 }) }, 'E_SCORE_NOT_PROBABILITY', [1, 2]],
      ['a negative score', 'late', { scores: changed([1], { score: -0.1 }) }, 'E_SCORE_NOT_PROBABILITY', [1]],
      ['a probability beyond 1', 'kind', { scores: changed([4], { p_mid: 7 }) }, 'E_SCORE_NOT_PROBABILITY', [4]],
      [
        'probabilities that do not add up',
        'kind',
        { scores: changed([4, 8], { p_low: 0.1, p_mid: 0, p_high: 0.1 }) },
        'E_SCORE_SUM',
        [4, 8],
      ],
      ['ids that do not pair', 'late', { scores: (rows) => rows.slice(2) }, 'E_PAIR_MISSING_ID', [0, 1]],
      [
        'an id twice',
        'late',
        { scores: changed([3], { id: HALF[1]?.id }) },
        'E_PAIR_DUPLICATE_ID',
        /"e00721" \(rows 2 and 4 of SCORES\)/,
      ],
      ['no id', 'late', { scores: changed([3, 5], { id: null }) }, 'E_PAIR_NULL_ID', /no id in row 4, 6$/],
      [
        'the probability of the other class',
        'late',
        { scores: mirrored },
        'E_SCORE_REVERSED',
        /rank backwards on 360 rows: ROC AUC 0\.\d+, and the candidate has 0\.\d+, which is nearly 1 − /,
      ],
      ['a class without a column', 'kind', { scores: without('p_mid') }, 'E_SCORE_COLUMNS', /no column "p_mid"/],
      [
        'a class that the other does not know',
        'kind',
        { scores: (rows) => without('p_mid')(rows).map((row) => ({ ...row, p_top: 0 })) },
        'E_SCORE_CLASSES',
        /other classes: top/,
      ],
      ['a label that is neither', 'late', { data: changed([6, 7], { late: 2 }) }, 'E_LABEL_NOT_BINARY', [6, 7]],
      ['a label outside of the classes', 'kind', { data: changed([0, 8], { kind: 'huge' }) }, 'E_LABEL_CLASS', [0, 8]],
      [
        'an example twice',
        'late',
        { data: changed([9], { id: HALF[8]?.id }) },
        'E_PAIR_DUPLICATE_ID',
        /"e00728" \(rows FIRST\+8 and FIRST\+9 of DATA\)/,
      ],
      [
        'an example without an id',
        'late',
        { data: changed([2, 4], { id: null }) },
        'E_PAIR_NULL_ID',
        /no id in row FIRST\+2, FIRST\+4/,
      ],
      ['a weight of 0', 'late', { data: changed([2, 4], { w: 0 }) }, 'E_WEIGHT', [2, 4]],
      ['a negative weight', 'kind', { data: changed([2], { w: -1 }) }, 'E_WEIGHT', [2]],
      ['no weight', 'late', { data: changed([2], { w: null }) }, 'E_WEIGHT', [2]],
      [
        'an empty slice',
        'late',
        { data: (rows) => rows.map((row) => ({ ...row, region: null })) },
        'E_SLICE_EMPTY',
        /empty in all 360 rows, from id "e00720" \(row FIRST\+0 of DATA\) on/,
      ],
    ])('%s', async (_what, model, wrong, code, where) => {
      const { data, scores, ...found } = await run(model, wrong);
      const { first } = at;
      expect(found).toMatchObject({ code, exit: 2 });
      expect(found.message).not.toMatch(/undefined|\[object/);
      if (where instanceof RegExp) {
        const source = where.source
          .replaceAll('SCORES', scores)
          .replaceAll('DATA', data)
          .replaceAll(/FIRST\\\+(\d+)/g, (_all, n: string) => String(first + Number(n)));
        expect(found.message).toMatch(new RegExp(source));
      } else {
        const inData = 'data' in wrong || code === 'E_PAIR_MISSING_ID';
        expect(found.message).toContain(told(where, inData ? data : scores, inData ? first : 1));
      }
    });
  });
});

describe('scores of another holdout', () => {
  let candidate: Workspace;
  let scored: PredictionsFile;
  beforeAll(async () => {
    candidate = await newCandidate();
    const { context, project } = await opened(candidate);
    scored = PredictionsFile.parse(await scoreSealed(context, { project }));
  });

  const sealed = (index: number) => rowsOf()[1080 + index]?.id;
  const rows = (change: (row: Row, index: number) => object | undefined) =>
    csv(rowsOf().flatMap((row, index) => change(row, index - 1080) ?? []));
  async function promoting(data: string, file = scored) {
    const workspace = await copyOf(candidate);
    await write(workspace.root, { 'data/days.csv': data });
    const { context, project } = await opened(workspace);
    return promote(context, { project, predictions: file });
  }

  it.each<[string, string, RegExp]>([
    [
      'of rows that came since',
      rows((row, at) => (at === 0 || at === 4 ? [{ ...row, id: `new-${at}` }] : row)),
      /lacks 2 row\(s\) that are in it now, the first is id "new-0" \(row 1081 of days\.csv\); then "new-4" \(row 1085/,
    ],
    [
      'of other labels',
      rows((row, at) => (at === 1 || at === 2 ? { ...row, late: 1 - row.late } : row)),
      /2 row\(s\) have another label, weight or query now, the first is id "e01081" \(row 1082 of days\.csv\); then "e01082"/,
    ],
  ])('%s are refused with the first of them', async (_what, data, message) => {
    const found = await errorOf(promoting(data));
    expect(found).toMatchObject({ code: 'E_HOLDOUT_DIFFERS', exitCode: 2, message: expect.stringMatching(message) });
  });

  it('that name no rows are refused as before', async () => {
    const { rows: _none, ...file } = scored;
    const found = await errorOf(
      promoting(
        rows((row, at) => (at === 1 ? { ...row, late: 1 - row.late } : row)),
        file,
      ),
    );
    expect(found).toMatchObject({ code: 'E_DOCUMENT', exitCode: 2, message: expect.stringMatching(/at holdout/) });
  });

  it('that are of more rows than are asked now, each the same, are the scores of those', async () => {
    const gone = sealed(359);
    const fewer = rows((row) => (row.id === gone ? undefined : row));
    const taken = await promoting(fewer);
    expect(taken.decision).toMatchObject({ verdict: 'pass', holdout: { rows: 359 } });
    const workspace = await copyOf(candidate);
    await write(workspace.root, { 'data/days.csv': fewer });
    const { context, project } = await opened(workspace);
    expect(taken.decision).toEqual((await promote(context, { project })).decision);
  });
});

it('columns of classes in another order are the same comparison', async () => {
  const turned = OLD.map(({ id, p_low, p_mid, p_high }) => ({ id, p_high, p_low, p_mid }));
  const decisions = [];
  for (const scores of [OLD.map(({ score: _score, ...row }) => row), turned]) {
    const { root } = await copyOf(project);
    await write(root, { 'old.csv': csv(scores) });
    const args = ['evaluate-gate', 'kind', '--run', runs.get('kind') ?? '', '--baseline', 'file:old.csv', '--json'];
    decisions.push(JSON.parse((await assay(root, args)).out));
  }
  expect(decisions[0].comparisons).toHaveLength(4);
  expect(decisions[1]).toEqual(decisions[0]);
});
