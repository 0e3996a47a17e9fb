import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createGcsBucket, gcsOptions } from '../../../lib/stores/gcs/gcs-bucket.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { objectOf } from '../conformance.ts';

// Resumable uploads as Google's documentation has them ("Perform resumable uploads"): chunks are multiples of 256 KiB.
const UNIT = 256 * 1024;

type Fault = 'refuse' | 'drop' | 'lose-answer' | 'half' | 'nothing' | 'forget' | 'exists';

let server: Server;
let endpoint: string;
let faults: Map<number, Fault>;
let chunks: number;
let asked: string[];
let sessions: number;
let taken: Buffer;
let object: Buffer | undefined;
/** As an emulator does. */
let endsWhenAsked: boolean;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk);
  const json = (value: unknown) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  if (request.method === 'POST') {
    taken = Buffer.alloc(0);
    if (object !== undefined && request.url?.includes('ifGenerationMatch=0')) return void response.writeHead(412).end();
    object = undefined;
    response.setHeader('location', `${endpoint}/session/${++sessions}`);
    return json({});
  }
  if (request.method !== 'PUT') return void response.writeHead(404).end();
  const range = request.headers['content-range'] ?? '';
  asked.push(`${range} ${request.headers.authorization ?? ''}`.trim());
  const status = range.startsWith('bytes */');
  const fault = status ? undefined : faults.get(++chunks);
  if (!request.url?.endsWith(`/session/${sessions}`)) return void response.writeHead(404).end();
  if (fault === 'refuse') return void response.writeHead(503).end();
  if (fault === 'drop') return void request.socket.destroy();
  if (fault === 'exists') return void response.writeHead(412).end();
  if (fault === 'forget') {
    sessions++;
    return void response.writeHead(410).end();
  }
  const [, first = '0', total = '*'] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range) ?? [];
  const sent = Buffer.concat(body);
  if (!status && Number(first) !== taken.length) return void response.writeHead(400).end();
  const kept = fault === 'nothing' ? 0 : fault === 'half' ? Math.floor(sent.length / 2 / UNIT) * UNIT : sent.length;
  taken = Buffer.concat([taken, sent.subarray(0, kept)]);
  if (!status && total !== '*' && taken.length === Number(total)) object = taken;
  if (status && endsWhenAsked) object = taken;
  if (fault === 'lose-answer') return void request.socket.destroy();
  if (object !== undefined) return json({ size: String(object.length), generation: '7', etag: 'eA==' });
  response.writeHead(308, taken.length === 0 ? {} : { range: `bytes=0-${taken.length - 1}` }).end();
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [chunks, sessions, object, asked, faults, endsWhenAsked] = [0, 0, undefined, [], new Map(), false];
});

const bytes = randomBytes(14 * UNIT + 1000);
const PART = 4 * UNIT;

function store() {
  const retry = createRetry({ sleep: async () => {} });
  const options = gcsOptions('gs://team/x', new Map(Object.entries({ endpointurl: endpoint, projectname: 'p' })));
  return createObjectStore(createGcsBucket(options, { retry, connections: 2 }), { retry, partBytes: PART });
}
const digestOf = (of: Buffer | undefined) =>
  createHash('md5')
    .update(of ?? '')
    .digest('hex');
const large = objectOf(bytes);
const put = () => store().write([large]);

test('chunks go one after the other in one session, and bear no credentials', async () => {
  expect(await put()).toEqual({ written: 1, writtenBytes: bytes.length, present: 0 });
  expect(digestOf(object)).toBe(large.expected.md5);
  expect([sessions, asked]).toEqual([
    1,
    [0, 1, 2, 3].map((at) => {
      const end = Math.min(bytes.length, (at + 1) * PART);
      return `bytes ${at * PART}-${end - 1}/${end === bytes.length ? end : '*'}`;
    }),
  ]);
});

test.each<[string, [number, Fault][]]>([
  ['each is refused once', [1, 3, 5, 7].map((at) => [at, 'refuse'])],
  [
    'connections break',
    [
      [2, 'drop'],
      [3, 'drop'],
      [5, 'lose-answer'],
    ],
  ],
  ['the answer to the last is lost', [[4, 'lose-answer']]],
  [
    'only a part of one is kept',
    [
      [2, 'half'],
      [4, 'half'],
    ],
  ],
  [
    'nothing of one is kept',
    [
      [1, 'nothing'],
      [3, 'nothing'],
    ],
  ],
])('goes on in the same session where %s', async (_, planned) => {
  faults = new Map(planned);
  expect(await put()).toMatchObject({ written: 1 });
  expect([sessions, digestOf(object)]).toEqual([1, large.expected.md5]);
  // Nothing but what failed is sent again.
  expect(asked.filter((range) => range.startsWith('bytes 0-'))).toHaveLength(planned[0]?.[0] === 1 ? 2 : 1);
});

test('begins anew where the service has forgotten the upload, and gives up where it forgets each', async () => {
  faults = new Map([[3, 'forget']]);
  expect(await put()).toMatchObject({ written: 1 });
  expect(digestOf(object)).toBe(large.expected.md5);
  object = undefined;
  chunks = 0;
  faults = new Map(Array.from({ length: 20 }, (_, at) => [at, 'forget'] as const));
  await expect(put()).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE', exitCode: 3 });
});

test('begins anew where asking how far it is ends the upload, and replaces what that made', async () => {
  endsWhenAsked = true;
  faults = new Map([[3, 'refuse']]);
  expect(await put()).toMatchObject({ written: 1 });
  expect([sessions, digestOf(object)]).toEqual([2, large.expected.md5]);
});

test('what somebody else has written in the meantime is there', async () => {
  faults = new Map([[4, 'exists']]);
  expect(await put()).toEqual({ written: 0, writtenBytes: 0, present: 1 });
});

test('a source that is not what it has to be ends the upload before its last chunk', async () => {
  const other = { ...large, source: { bytes: Buffer.concat([bytes.subarray(1), Buffer.from('x')]) } };
  await expect(store().write([other])).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
  expect([object, asked.length]).toEqual([undefined, 3]);
});

test('a service that refuses every chunk is given up', async () => {
  faults = new Map(Array.from({ length: 200 }, (_, at) => [at, 'refuse'] as const));
  await expect(put()).rejects.toMatchObject({ code: 'E_STORE_BUSY', exitCode: 3 });
});
