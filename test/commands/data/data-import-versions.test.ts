import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { missingServer, type ObjectServer } from '../../stores/object-servers.ts';
import {
  BUCKET,
  freshPrefix,
  keepVersions,
  s3Client,
  s3RemoteConfig,
  startBucket,
} from '../../stores/s3/s3-fixture.ts';

const missing = missingServer('versitygw');

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

describe.skipIf(missing !== undefined)(
  `imports from a bucket that keeps versions (${missing ?? 'the server is here'})`,
  () => {
    let server: ObjectServer;
    let client: S3Client;
    let root: string;
    let prefix: string;
    beforeAll(async () => {
      server = await startBucket({ versions: true });
      client = s3Client(server.endpoint);
    }, 60_000);
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });
    beforeEach(async () => {
      root = (await newRepository()).folder;
      prefix = freshPrefix();
      writeFiles(root, { '.dvc/config': s3RemoteConfig('r', server.endpoint, `/${prefix}`) });
    });

    const at = (path: string) => ({ Bucket: BUCKET, Key: `${prefix}/${path}` });
    const put = async (path: string, Body: string) =>
      (await client.send(new PutObjectCommand({ ...at(path), Body }))).VersionId ?? '';
    const forget = (...paths: string[]) => {
      for (const path of ['.dvc/cache', ...paths]) rmSync(join(root, path), { recursive: true, force: true });
    };
    const pointer = (name: string) => readFileSync(join(root, `${name}.dvc`), 'utf8');

    test('an update reads what changed, and nothing else', async () => {
      for (const name of ['a', 'b/c', 'd']) await put(`rows/${name}`, `text of ${name}`);
      expect(await data(root, 'import-url', 'remote://r/rows', '--version-aware')).toMatchObject({ exit: 0, files: 3 });
      expect(pointer('rows')).toContain('  fs_config:\n    version_aware: true\n');
      expect(pointer('rows')).toContain('  push: false\n');
      await put('rows/b/c', 'changed');
      await client.send(new DeleteObjectCommand(at('rows/d')));
      const reads = async () => (await server.requests()).get('GetObject') ?? 0;
      const before = await reads();
      expect(await data(root, 'update', 'rows')).toMatchObject({ exit: 0, updated: [{ state: 'changed' }] });
      expect((await reads()) - before).toBe(1);
      expect(readFiles(join(root, 'rows'))).toEqual({ a: 'text of a', 'b/c': 'changed' });
      // What the source keeps is not pushed.
      writeFiles(root, { '.dvc/config': `${readFileSync(join(root, '.dvc/config'), 'utf8')}[core]\n    remote = r\n` });
      expect(await data(root, 'push')).toMatchObject({ exit: 0, transferred: 0 });
      forget('rows');
      expect(await data(root, 'pull')).toMatchObject({ exit: 0, failed: [] });
      expect(readFiles(join(root, 'rows'))).toEqual({ a: 'text of a', 'b/c': 'changed' });
    });

    test('a version that was cleared is no loss where the newest has the same bytes', async () => {
      const VersionId = await put('file', 'same');
      expect(await data(root, 'import-url', 'remote://r/file')).toMatchObject({ exit: 0 });
      expect(pointer('file')).toContain(`version_id: ${VersionId}\n`);
      await put('file', 'same');
      await client.send(new DeleteObjectCommand({ ...at('file'), VersionId }));
      forget('file');
      expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 1 });
      await put('file', 'other');
      forget('file');
      expect(await data(root, 'pull')).toMatchObject({ exit: 3, failed: [{ code: 'E_DATA_IMPORT_CHANGED' }] });
    });

    test('a bucket that keeps none is refused, and options go before those of a remote', async () => {
      await put('file', 'one');
      await keepVersions(server.endpoint, 'Suspended');
      try {
        await client.send(new PutObjectCommand({ ...at('plain'), Body: 'one' }));
        expect(await data(root, 'import-url', 'remote://r/plain', '--version-aware')).toMatchObject({
          ...{ exit: 2, code: 'E_STORE_UNVERSIONED' },
        });
      } finally {
        await keepVersions(server.endpoint);
      }
      const wrong = ['--fs-config', 'secret_access_key=x', 'endpointurl=http://127.0.0.1:1'];
      expect(await data(root, 'import-url', 'remote://r/file', ...wrong)).toMatchObject({
        exit: 2,
        code: 'E_DATA_SECRET',
      });
      expect(await data(root, 'import-url', 'remote://r/file', '--fs-config', 'use_ssl=maybe')).toMatchObject({
        ...{ exit: 2, code: 'E_STORE_OPTION' },
      });
    });
  },
);
