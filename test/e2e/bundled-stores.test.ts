import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledCode } from '../compiled-code.ts';
import { newFolder } from '../new-folder.ts';
import {
  AZURE_ACCOUNT,
  AZURE_KEY,
  missingServer,
  type ObjectServer,
  type ObjectServerName,
  startObjectServer,
} from '../stores/object-servers.ts';
import { createBucket, s3RemoteConfig } from '../stores/s3/s3-fixture.ts';
import { bundleFolder } from './fixtures/bundle.ts';

/** Milliseconds: the bundle may have to be built first. */
const BUILD_TIMEOUT = 240_000;
/** Bytes. Every cloud is sent it in more than one request; Google above 32 MiB. */
const LARGE = 36 * 1024 * 1024;
const BUCKET = 'team-bucket';

interface Cloud {
  readonly server: ObjectServerName;
  /** Makes the bucket, gives the remote's configuration. */
  readonly prepare: (endpoint: string) => Promise<string>;
}

const CLOUDS: Readonly<Record<string, Cloud>> = {
  S3: {
    server: 'versitygw',
    async prepare(endpoint) {
      await createBucket(endpoint);
      return s3RemoteConfig('team', endpoint, '/data');
    },
  },
  'Google Cloud Storage': {
    server: 'fake-gcs-server',
    async prepare(endpoint) {
      await new Storage({ apiEndpoint: endpoint, projectId: 'team' }).createBucket(BUCKET);
      return `['remote "team"']\n    url = gs://${BUCKET}/data\n    endpointurl = ${endpoint}\n    projectname = team\n`;
    },
  },
  'Azure Blob Storage': {
    server: 'azurite',
    async prepare(endpoint) {
      const account = `AccountName=${AZURE_ACCOUNT};AccountKey=${AZURE_KEY}`;
      const connection = `DefaultEndpointsProtocol=http;${account};BlobEndpoint=${endpoint}/${AZURE_ACCOUNT};`;
      await BlobServiceClient.fromConnectionString(connection).getContainerClient(BUCKET).create();
      return `['remote "team"']\n    url = azure://${BUCKET}/data\n    connection_string = ${connection}\n`;
    },
  },
};

// Minifying shortens the names of classes, and packages ask for them: what runs from the sources need not run from the bundle.
describe.each(Object.entries(CLOUDS))('the bundle and %s', (_name, cloud) => {
  const missing = missingServer(cloud.server);
  let server: ObjectServer | undefined;
  beforeAll(async () => void (await bundleFolder()), BUILD_TIMEOUT);
  afterAll(() => server?.stop());

  test.skipIf(missing !== undefined)(
    `bring small and large objects there and back${missing ?? ''}`,
    async () => {
      server = await startObjectServer(cloud.server);
      const root = await newFolder();
      await mkdir(join(root, '.dvc'));
      await writeFile(
        join(root, '.dvc', 'config'),
        `[core]\n    remote = team\n${await cloud.prepare(server.endpoint)}`,
      );
      const contents = { small: randomBytes(10), large: randomBytes(LARGE) };
      for (const [name, bytes] of Object.entries(contents)) await writeFile(join(root, name), bytes);
      const program = join(await bundleFolder(), 'dist', 'assay.js');
      const env = { ...process.env, HOME: root, NO_PROXY: '127.0.0.1', DVC_GLOBAL_CONFIG_DIR: root, ...compiledCode() };
      const data = async (...args: string[]) => {
        const all = [program, 'data', ...args, '--json'];
        return JSON.parse((await promisify(execFile)(process.execPath, all, { cwd: root, env })).stdout);
      };
      await promisify(execFile)('git', ['init', '--quiet'], { cwd: root, env });
      await data('add', ...Object.keys(contents));
      expect(await data('push')).toMatchObject({ transferred: 2 });
      for (const name of ['.dvc/cache', ...Object.keys(contents)]) await rm(join(root, name), { recursive: true });
      await data('pull');
      for (const [name, bytes] of Object.entries(contents))
        expect((await readFile(join(root, name))).equals(bytes)).toBe(true);
      expect(await data('status', '--cloud')).toMatchObject({ clean: true });
    },
    60_000,
  );
});
