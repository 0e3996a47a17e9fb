import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { register } from '../../../lib/commands/registry/register.ts';
import { write } from '../../git/repository.ts';
import { csv, rowsOf } from '../days.ts';
import { at, failing, judged, rows, trained, yaml } from '../failing.ts';
import { commandYaml, copyOf, errorOf, files, newWorkspace, opened, type Workspace, type Yaml } from '../repository.ts';
import { predict } from '../train/user-code.ts';

/** A clone with one finished run: what is written into it afterwards is judged with that run. */
let base: Workspace;
let run: string;
beforeAll(async () => {
  base = await newWorkspace();
  run = (await trained(base)).run.record.key;
});

describe('a holdout that cannot be judged', () => {
  // The development half is rows 720 to 1079.
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['an id twice', at(800, { id: 'e00801' }), 'E_PAIR_DUPLICATE_ID', /holdout "days".*"e00801"/],
    ['an id that is missing', at(800, { id: null }), 'E_PAIR_NULL_ID', /holdout "days" has no id/],
    ['a label that is neither', at(800, { late: 2 }), 'E_LABEL_NOT_BINARY', /"late".*2 of id "e00800"/],
    [
      'no labels',
      rows((row, index) => (index < 720 ? row : { ...row, late: null })),
      'E_HOLDOUT_EMPTY',
      /360 row\(s\).*none with a label/,
    ],
    [
      'no such slice',
      yaml((config) => Object.assign(config.models.late ?? {}, { gate: { primary: 'roc_auc', slices: ['regio'] } })),
      'E_COLUMN_MISSING',
      /no column "regio" \(slice\)/,
    ],
    [
      'no such cluster',
      yaml((config) => Object.assign(config.models.late ?? {}, { gate: { primary: 'roc_auc', cluster: 'user' } })),
      'E_COLUMN_MISSING',
      /no column "user" \(cluster\)/,
    ],
  ])('%s', async (_what, contents, code, message) => {
    const found = await failing(base, contents, (workspace) => judged(workspace, run));
    expect(found).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'one class only',
      {
        ...rows((row, index) => (index < 720 ? row : { ...row, late: 0 })),
        ...yaml((config) => Object.assign(config.models.late ?? {}, { gate: { primary: 'roc_auc' } })),
      },
      'one-class',
    ],
    [
      '19 days a half',
      yaml((config) => Object.assign(config.data.days ?? {}, { label_delay: '11d' })),
      'too-few-clusters',
    ],
  ])('%s is inconclusive', async (_what, contents, reason) => {
    const workspace = await copyOf(base);
    await write(workspace.root, contents);
    const { decision } = await judged(workspace, run);
    expect(decision.verdict).toBe('inconclusive');
    const { because, comparisons } = decision;
    expect('reason' in because ? because.reason : comparisons[because.comparison]?.reason).toBe(reason);
  });
});

describe('a predict command', () => {
  const writing = (expression: string) => `import { readFileSync, writeFileSync } from 'node:fs';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const ids = readFileSync(spec.data, 'utf8').trim().split('\\n').slice(1).map((line) => line.split(',')[0]);
writeFileSync(spec.output, ${expression});
`;
  const table = (cells: string) => writing(`['id,score', ...ids.map((id, n) => ${cells})].join('\\n') + '\\n'`);
  it.each<[string, string, string, 2 | 3, RegExp]>([
    [
      'writes NaN',
      table("id + ',' + (n === 3 ? 'NaN' : 0.5)"),
      'E_SCORE_NOT_FINITE',
      2,
      /candidate.*NaN of id "e00723"/,
    ],
    ['leaves a score empty', table("id + ',' + (n === 3 ? '' : 0.5)"), 'E_SCORE_NOT_FINITE', 2, /e00723/],
    ['writes text', table("id + ',high'"), 'E_TABLE_COLUMN_KIND', 2, /"score"/],
    [
      'writes more than 1',
      table("id + ',' + n"),
      'E_SCORE_NOT_PROBABILITY',
      2,
      /candidate.*2 of id "e00722".*log_loss/,
    ],
    [
      'writes too few rows',
      writing("'id,score\\n' + ids.slice(5).map((id) => id + ',0.5\\n').join('')"),
      'E_PAIR_MISSING_ID',
      2,
      /candidate lacks 5 of 360.*"e00720"/,
    ],
    [
      'writes a row twice',
      writing("'id,score\\n' + [...ids, ids[7]].map((id) => id + ',0.5\\n').join('')"),
      'E_PAIR_DUPLICATE_ID',
      2,
      /candidate.*"e00727"/,
    ],
    [
      'writes another table',
      writing("'key,score\\n1,2\\n'"),
      'E_COLUMN_MISSING',
      2,
      /"predictions\.csv" has no column "id"/,
    ],
    [
      'writes no table',
      writing('Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x00])'),
      'E_TABLE_NOT_UTF8',
      2,
      /predictions\.csv/,
    ],
    ['writes nothing', writing("''"), 'E_COMMAND_NO_OUTPUT', 2, /predict command/],
    ['fails', 'process.exit(1);', 'E_COMMAND_FAILED', 3, /predict command.*exit code 1/],
    ['is not there', '', 'E_COMMAND_FAILED', 3, /predict command.*MODULE_NOT_FOUND/],
  ])('that %s', async (_what, code, error, exitCode, message) => {
    const found = await failing(base, { 'predict.mjs': code }, async (workspace) => {
      if (code === '') await rm(join(workspace.root, 'predict.mjs'));
      return judged(workspace, run);
    });
    expect(found).toMatchObject({ code: error, exitCode, message: expect.stringMatching(message) });
  });
});

describe('a holdout of its own', () => {
  const own = (test: object, training: object = {}): Yaml => {
    const config = commandYaml({ holdout: { data: 'test' } });
    return {
      ...config,
      data: { days: { path: 'data/days.csv', ...training }, test: { path: 'data/test.csv', id: 'id', ...test } },
    };
  };
  const judgedAnew = async (workspace: Workspace) => {
    await trained(workspace);
    const { context, project } = await opened(workspace);
    return { ...(await evaluateGate(context, { project })), said: context.said };
  };
  const placed = async (config: Yaml, test: readonly object[]) =>
    newWorkspace({ ...files(config), 'data/test.csv': csv(test) });
  const later = rowsOf({ from: '2024-05-01', days: 60, seed: 8, prefix: 't' });

  it('is judged, and its smoke test needs no ids of the training rows', async () => {
    const workspace = await placed(own({ time: 'at' }), later);
    const { decision } = await judgedAnew(workspace);
    expect(decision).toMatchObject({ verdict: 'pass', holdout: { dataset: 'test', rows: 360, clusters: 30 } });
    const { context, project } = await opened(workspace);
    expect((await register(context, { project })).version).toBe('1.0.0');
  });

  it('that shares ids with the training rows is refused, with a time or without', async () => {
    const shared = later.map((row, index) => (index === 30 ? { ...row, id: 'e00012' } : row));
    for (const time of [{}, { time: 'at' }]) {
      const found = await errorOf(judgedAnew(await placed(own(time, { id: 'id', ...time }), shared)));
      expect(found).toMatchObject({ code: 'E_HOLDOUT_OVERLAP', exitCode: 2 });
      expect(found.message).toMatch(/1 example\(s\) of the holdout "test".*"e00012" \(row 31 of test\.csv\)$/);
    }
  });

  it('that lies before the end of the training rows is no holdout', async () => {
    const early = rowsOf({ from: '2024-02-01', days: 60, seed: 8, prefix: 't' });
    const found = await errorOf(judgedAnew(await placed(own({ time: 'at' }, { time: 'at' }), early)));
    expect(found).toMatchObject({ code: 'E_HOLDOUT_EMPTY', exitCode: 2 });
    expect(found.message).toMatch(/"test".*training rows reach up to 2024-04-29/);
  });

  it('whose rows nobody can tell from the training rows is judged with a warning', async () => {
    const config = own({}, {});
    const workspace = await newWorkspace({
      ...files(
        config,
        rowsOf().map(({ id: _id, ...row }) => row),
      ),
      'data/test.csv': csv(later),
      'predict.mjs': predict(),
    });
    const { decision, said } = await judgedAnew(workspace);
    expect(decision.holdout.clusterUnit).toBe('row');
    expect(said.join('\n')).toMatch(/nobody can tell whether rows of "test" were trained on/);
  });
});
