import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { type AwsServer, startAws } from '../../stores/s3/aws-server.ts';
import { BUCKET, s3RemoteConfig } from '../../stores/s3/s3-fixture.ts';

let aws: AwsServer;
beforeAll(async () => {
  aws = await startAws();
  aws.rules = { encryption: 'aws:kms' };
});
afterAll(() => aws?.stop());

test('a folder of a bucket that encrypts with keys of KMS is brought: its tags are no digests', async () => {
  const { folder: root } = await newRepository();
  const rows = { 'a.csv': 'a,b\n1,2\n', 'b.csv': 'a,b\n3,4\n' };
  for (const [name, text] of Object.entries(rows)) aws.objects.set(`${BUCKET}/raw/rows/${name}`, Buffer.from(text));
  writeFiles(root, { '.dvc/config.local': s3RemoteConfig('raw', aws.endpoint, '/raw') });
  const { out, code } = await assay(root, ['data', 'import-url', 'remote://raw/rows', '--json']);
  expect([code, JSON.parse(out)]).toMatchObject([0, { path: 'rows', files: 2 }]);
  expect(readFiles(join(root, 'rows'))).toEqual(rows);
});
