import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What of AWS is played: each as its documentation describes it. */
export interface AwsRules {
  /** Without s3:ListBucket a list is refused, and what is missing is refused like what is secret ("HeadObject", permissions). */
  readonly listing?: 'refused';
  /** Without s3:GetObject. */
  readonly reading?: 'refused';
  /** Encrypted by default with keys of KMS: entity tags are no digests ("Common response headers", ETag). */
  readonly encryption?: 'aws:kms';
  /** The storage class of objects that have to be restored before they can be read. */
  readonly archive?: 'GLACIER';
}

export interface AwsServer {
  readonly endpoint: string;
  /** By `bucket/key`; a bucket is there as soon as it is named by an object, or by `bucket/`. */
  readonly objects: Map<string, Buffer>;
  /** `METHOD host/path region` of each request, the region of its signature. */
  readonly asked: string[];
  rules: AwsRules;
  readonly stop: () => Promise<void>;
}

/** Objects in memory on loopback, answered for as AWS answers; signatures are not checked. */
export async function startAws(): Promise<AwsServer> {
  const server = createServer((request, response) => void answer(request, response));
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const aws = { rules: {} as AwsRules };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const { pathname, searchParams } = new URL(url, 'http://aws');
    const path = decodeURIComponent(pathname).slice(1);
    const [bucket = ''] = path.split('/');
    const key = path.slice(bucket.length + 1);
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
    asked.push(`${method} ${headers.host}/${path} ${region}`);
    const refuse = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>as AWS</Message></Error>`);
    };
    const { listing, reading, encryption, archive } = aws.rules;
    const list = key === '' && method === 'GET';
    if (list && listing === 'refused') return refuse(403, 'AccessDenied');
    if (![...objects.keys()].some((name) => name.startsWith(`${bucket}/`))) return refuse(404, 'NoSuchBucket');
    if (list) {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(listOf(bucket, searchParams.get('prefix') ?? '', searchParams.get('start-after') ?? ''));
      return;
    }
    const there = objects.get(path);
    if (method === 'PUT') {
      if (there !== undefined && headers['if-none-match'] === '*') return refuse(412, 'PreconditionFailed');
      const body = Buffer.concat(chunks);
      objects.set(path, body);
      response.writeHead(200, { etag: tagOf(body) });
      response.end();
      return;
    }
    if (reading === 'refused' || (there === undefined && listing === 'refused')) return refuse(403, 'AccessDenied');
    if (there === undefined) return refuse(404, 'NoSuchKey');
    if (archive !== undefined && method === 'GET') return refuse(403, 'InvalidObjectState');
    response.writeHead(200, {
      etag: tagOf(there),
      'content-length': there.length,
      'last-modified': new Date(0).toUTCString(),
      ...(encryption === undefined ? {} : { 'x-amz-server-side-encryption': encryption }),
    });
    response.end(method === 'HEAD' ? undefined : there);
  }

  function tagOf(bytes: Buffer): string {
    const secret = aws.rules.encryption === undefined ? '' : 'of the encrypted bytes';
    return `"${createHash('md5').update(bytes).update(secret).digest('hex')}"`;
  }

  function listOf(bucket: string, prefix: string, after: string): string {
    const below = [...objects].filter(([name]) => name.startsWith(`${bucket}/${prefix}`) && !name.endsWith('/'));
    const contents = below
      .map(([name, bytes]) => ({ key: name.slice(bucket.length + 1), bytes }))
      .filter(({ key }) => key > after)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(
        ({ key, bytes }) =>
          `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>` +
          `<ETag>${tagOf(bytes).replaceAll('"', '&quot;')}</ETag><Size>${bytes.length}</Size></Contents>`,
      );
    return `<ListBucketResult><Name>${bucket}</Name><KeyCount>${contents.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(aws, {
    endpoint: `http://127.0.0.1:${address.port}`,
    ...{ objects, asked },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
