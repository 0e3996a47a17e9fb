import { expect, test } from 'vitest';
import { mayKeep } from '../../actions/may-keep.ts';
import { parseEvent } from '../../lib/forge/event.ts';

const repository = { id: 42, name: 'flights', owner: { login: 'octo' }, default_branch: 'main' };
const side = (id: number) => ({ ref: 'patch-1', sha: 'a'.repeat(40), repo: { id } });
const pull = (id: number) => ({
  ...{ action: 'opened', repository },
  pull_request: { number: 3, head: side(id), base: side(42) },
});

test.each([
  ['pull_request', pull(42), true],
  ['pull_request', pull(7), false],
  ['pull_request_review', pull(42), true],
  ['pull_request_review', pull(7), false],
  ['pull_request_review_comment', pull(7), false],
  ['issue_comment', { repository, issue: { number: 3 } }, true],
  ['issue_comment', { repository, issue: { number: 3, pull_request: {} } }, false],
  ['pull_request_target', pull(42), false],
])('%s %#: keeps data for later runs only where no fork can have made them', async (name, payload, keeps) => {
  const event = async () => parseEvent(name, payload, 'event.json');
  expect(await mayKeep({ env: { GITHUB_EVENT_NAME: name }, event })).toBe(keeps);
});

test('an event that is about no pull request is not read', async () => {
  const event = () => Promise.reject(new Error('read'));
  expect(await mayKeep({ env: { GITHUB_EVENT_NAME: 'schedule' }, event })).toBe(true);
});
