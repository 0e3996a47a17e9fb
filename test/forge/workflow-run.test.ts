import { afterEach, beforeEach, expect, test } from 'vitest';
import { addWorkflowRun, type GitHubServer, startGitHubServer } from './github-server.ts';
import { openForge } from './open-forge.ts';

let server: GitHubServer;

beforeEach(async () => {
  server = await startGitHubServer();
  server.state.workflows.add('retrain.yml');
});

afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server.close();
});

test('the newest run of the workflow counts, of no other', async () => {
  const forge = await openForge(server);
  expect(await forge.lastRunOf('retrain.yml')).toBeUndefined();
  addWorkflowRun(server.state, { workflow: 'retrain.yml', createdAt: '2026-01-02T03:04:05Z' });
  addWorkflowRun(server.state, { workflow: 'retrain.yml', createdAt: '2026-03-02T03:04:05+01:00' });
  addWorkflowRun(server.state, { workflow: 'other.yml', createdAt: '2026-05-02T03:04:05Z' });
  expect(await forge.lastRunOf('retrain.yml')).toEqual(new Date('2026-03-02T02:04:05Z'));
});

test('only runs of the event that is asked for count', async () => {
  const forge = await openForge(server);
  addWorkflowRun(server.state, { workflow: 'retrain.yml', createdAt: '2026-01-02T03:04:05Z', event: 'schedule' });
  addWorkflowRun(server.state, { workflow: 'retrain.yml', createdAt: '2026-02-02T03:04:05Z', event: 'pull_request' });
  expect(await forge.lastRunOf('retrain.yml', 'schedule')).toEqual(new Date('2026-01-02T03:04:05Z'));
  expect(await forge.lastRunOf('retrain.yml', 'push')).toBeUndefined();
});

test('a workflow that is not there is an error that names the call', async () => {
  const forge = await openForge(server);
  await expect(forge.lastRunOf('missing.yml')).rejects.toMatchObject({ code: expect.stringMatching(/^E_FORGE_/) });
});

test('an answer of another shape is not believed', async () => {
  server.state.faults.push({ raw: '{"workflow_runs":[{"created_at":"yesterday"}]}' });
  const forge = await openForge(server);
  await expect(forge.lastRunOf('retrain.yml')).rejects.toMatchObject({ code: 'E_FORGE_ANSWER' });
});
