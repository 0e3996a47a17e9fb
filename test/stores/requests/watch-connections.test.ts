import { Agent, request } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { watchConnections } from '../../../lib/stores/requests/watch-connections.ts';

/** A connection that nobody takes, as to an address that a firewall swallows. */
class NobodyAnswers extends Socket {
  override readonly connecting = true;
}

test('who takes no connection is left after its time', async () => {
  const agent = new Agent();
  agent.createConnection = () => new NobodyAnswers();
  const asking = () =>
    new Promise((resolve, reject) => request('http://127.0.0.1', { agent }, resolve).on('error', reject).end());
  await expect(watchConnections(60_000, 10)(asking)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});
