import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunRecord } from '../../lib/train/run-record.ts';
import { configure, files, newWorkspace, treesYaml } from '../commands/repository.ts';
import { newFolder } from '../git/repository.ts';
import { runStep } from './fixtures/runner.ts';

/** The parts of the bundle that load on demand are other people's code, which a bundler can break without a word. */
const TIMEOUT_MS = 300_000;

test(
  'the trainers on TensorFlow.js find their WebAssembly files beside the bundle',
  async () => {
    const workspace = await newWorkspace(files(treesYaml()));
    for (const train of [
      { trainer: 'logistic', parameters: {} },
      { trainer: 'mlp', parameters: { steps: 20 } },
    ]) {
      await configure(workspace, treesYaml({}, train), train.trainer);
      const { exitCode, log, outputs } = await runStep({ action: 'train', workspace: workspace.root });
      expect(exitCode, log).toBe(0);
      const { file = '' } = outputs;
      const record = RunRecord.parse(JSON.parse(await readFile(file, 'utf8')));
      expect(record.inputs.recipe).toEqual({ trainer: train.trainer });
      expect(record.inputs.backend).toMatch(/^tfjs-wasm\//);
    }
  },
  TIMEOUT_MS,
);

test(
  "without DuckDB at hand, the runner's cache and then the registry are asked, and the error names the setting",
  async () => {
    const workspace = await newWorkspace();
    // The cache service of a runner, which refuses whatever it is asked: best effort.
    const asked: string[] = [];
    const service = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(400).end();
    });
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
    const { port } = service.address() as AddressInfo;
    const { exitCode, log } = await runStep({
      action: 'validate-data',
      workspace: workspace.root,
      env: {
        RUNNER_TOOL_CACHE: await newFolder(),
        ASSAY_NPM_REGISTRY: join(workspace.folder, 'no-registry'),
        ACTIONS_CACHE_URL: `http://127.0.0.1:${port}/`,
        ACTIONS_RUNTIME_TOKEN: 'token',
      },
    });
    service.close();
    expect(asked).toEqual([expect.stringContaining('/cache?keys=')]);
    expect(exitCode).toBe(3);
    expect(log).toMatch(/E_NATIVE_UNREACHABLE.*ASSAY_NPM_REGISTRY/);
    expect(log).not.toMatch(/is not defined|Cannot find module|is not a function|Dynamic require/);
  },
  TIMEOUT_MS,
);
