import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackRegistry {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** What let each of them in, where something was sent. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** A registry on the loopback interface: `answer` gives a tarball's bytes, a status, or writes the response itself. */
export async function startRegistry(
  answer: (path: string) => Uint8Array | number | ((response: ServerResponse) => void),
): Promise<LoopbackRegistry> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    authorizations.push(request.headers.authorization);
    const reply = answer(path);
    if (typeof reply === 'function') reply(response);
    else if (typeof reply === 'number') response.writeHead(reply).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(reply);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/npm/`,
    requests,
    authorizations,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
