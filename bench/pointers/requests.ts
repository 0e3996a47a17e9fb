// What one request for a small object takes on our side, in microseconds of CPU: `node bench/pointers/requests.ts [--rounds 3]`
// Signing by the SDK's signer and by ours; sending by Node's http, by undici's `request` and as lib/stores/s3-connection.ts does it. The
// server is another process, whose time does not count. Medians of the rounds, each way in turn.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { Pool } from 'undici';
import { openConnections } from '../../lib/stores/s3/s3-connection.ts';
import { createSigner } from '../../lib/stores/s3/s3-signature.ts';

const REQUESTS = 10_000;
const AT_A_TIME = 16;
const OBJECT_BYTES = 4096;
const SCOPE = { region: 'us-east-1', service: 's3' };
const IDENTITY = { accessKeyId: 'key', secretAccessKey: 'secret' };
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

if (process.argv[2] === 'serve') serve();
else await main();

function serve(): void {
  const body = Buffer.alloc(OBJECT_BYTES, 'x');
  const server = createServer((_request, answer) => {
    answer.writeHead(200, {
      'content-length': body.length,
      etag: '"0"',
      'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT',
    });
    answer.end(body);
  }).listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : 0);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
  const server = fork(import.meta.filename, ['serve']);
  try {
    const [port] = await once(server, 'message');
    const ways = await waysTo(Number(port));
    const taken = new Map<string, number[]>([...ways.keys()].map((name) => [name, []]));
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [name, once] of ways) taken.get(name)?.push(await microseconds(once));
    }
    for (const [name, all] of taken) {
      all.sort((a, b) => a - b);
      console.log(`${name.padEnd(32)} ${(all[Math.floor(all.length / 2)] ?? Number.NaN).toFixed(1)} µs`);
    }
  } finally {
    server.kill();
  }
}

type Once = (index: number) => Promise<unknown>;

async function waysTo(port: number): Promise<Map<string, Once>> {
  const headers = {
    host: `127.0.0.1:${port}`,
    'user-agent': 'aws-sdk-js/3 os/linux lang/js',
    'x-amz-content-sha256': EMPTY_SHA256,
    authorization: `AWS4-HMAC-SHA256 Credential=key/20261122/us-east-1/s3/aws4_request, Signature=${EMPTY_SHA256}`,
  };
  const path = (index: number) => `/team-bucket/files/md5/ab/${index}`;
  const client = new S3Client({ region: SCOPE.region, credentials: IDENTITY });
  const signer = await client.config.signer();
  const sign = createSigner();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: AT_A_TIME });
  const timeouts = { connectTimeoutMs: 10_000, readTimeoutMs: 60_000 };
  const exchange = await openConnections(`http://127.0.0.1:${port}`, { connections: AT_A_TIME, ...timeouts, tls: {} });
  const unsigned = { host: headers.host, 'user-agent': headers['user-agent'], 'x-amz-content-sha256': EMPTY_SHA256 };
  const signable = (index: number) => ({ method: 'GET', path: path(index), headers: unsigned });
  return new Map<string, Once>([
    [
      "signed by the SDK's signer",
      (index) =>
        signer.sign(
          { ...signable(index), query: {}, protocol: 'http:', hostname: '127.0.0.1' },
          { signingDate: new Date(), signingRegion: SCOPE.region, signingService: SCOPE.service },
        ),
    ],
    ['signed by ours', async (index) => sign({ ...signable(index), query: '' }, IDENTITY, SCOPE, new Date())],
    [
      "sent by Node's http",
      (index) =>
        new Promise((resolve, reject) => {
          const sending = request({ agent, hostname: '127.0.0.1', port, path: path(index), headers }, (answer) => {
            answer.on('data', () => {});
            answer.on('end', resolve);
          });
          sending.on('error', reject);
          sending.end();
        }),
    ],
    [
      "sent by undici's request",
      async (index) => (await pool.request({ method: 'GET', path: path(index), headers })).body.arrayBuffer(),
    ],
    ['sent as S3 stores send', (index) => exchange({ method: 'GET', path: path(index), headers }, undefined)],
  ]);
}

/** CPU of this process for one, of many of which some are under way at a time. */
async function microseconds(once: Once): Promise<number> {
  const some = async (count: number) => {
    let next = 0;
    const worker = async () => {
      while (next < count) await once(next++);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  };
  await some(REQUESTS / 10);
  const before = process.cpuUsage();
  await some(REQUESTS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}
