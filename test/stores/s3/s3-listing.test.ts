import { once } from 'node:events';
import { createServer } from 'node:http';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readListing } from '../../../lib/stores/s3/s3-listing.ts';
import { s3Client, s3Store } from './s3-fixture.ts';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
const object = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>` +
  '<ETag>&quot;900150983cd24fb0d6963f7d28e17f72&quot;</ETag><Size>3</Size><StorageClass>STANDARD</StorageClass></Contents>';

/** What the SDK makes of an answer. */
let xml = '';
const server = createServer((_request, response) => response.end(xml)).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const client = s3Client(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
afterAll(() => {
  client.destroy();
  server.close();
});

async function bySdk(text: string) {
  xml = text;
  const page = await client.send(new ListObjectsV2Command({ Bucket: 'b' }));
  return {
    Contents: (page.Contents ?? []).map(({ Key, Size, ETag, LastModified }) => ({ Key, Size, ETag, LastModified })),
    IsTruncated: page.IsTruncated,
    NextContinuationToken: page.NextContinuationToken,
  };
}

const escaped = (text: string) =>
  text.replace(
    /[&<>"'\r\n]/g,
    (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark] ?? `&#${mark.charCodeAt(0)};`,
  );

describe('a page of a list', () => {
  test('is read as the SDK reads it, whatever the keys', async () => {
    // Characters that XML 1.0 can hold, no white space at the ends, which parsers treat in their own ways.
    const key = fc.stringMatching(/^[!-~]([ -~\u00a1-\ud7ff]{0,20}[!-~])?$/);
    const keys = fc.array(fc.record({ key, size: fc.nat(), tag: fc.stringMatching(/^[0-9a-f]{32}(-[1-9])?$/) }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(keys, fc.boolean(), async (objects, more) => {
        const token = more ? '<NextContinuationToken>1ue/Gc&amp;==</NextContinuationToken>' : '';
        const text = `${HEAD}<Name>b</Name><Prefix>a/</Prefix><KeyCount>${objects.length}</KeyCount><MaxKeys>1000</MaxKeys>${objects
          .map(
            ({ key, size, tag }) =>
              `<Contents><Key>${escaped(key)}</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>"${tag}"</ETag><Size>${size}</Size></Contents>`,
          )
          .join('')}${token}<IsTruncated>${more}</IsTruncated></ListBucketResult>`;
        expect(readListing(text)).toEqual(await bySdk(text));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    [
      'in another order, with line breaks',
      `${HEAD}\n <IsTruncated>false</IsTruncated>\n ${object('k')}\n</ListBucketResult>\n`,
    ],
    ['with nothing', `${HEAD}<IsTruncated>false</IsTruncated></ListBucketResult>`],
    [
      'with an owner',
      `${HEAD}${object('k').replace('<Size>', '<Owner><ID>1</ID></Owner><Size>')}<IsTruncated>false</IsTruncated></ListBucketResult>`,
    ],
    [
      'with names in other alphabets',
      `${HEAD}${object('файл/日本')}<IsTruncated>false</IsTruncated></ListBucketResult>`,
    ],
  ])('%s too', async (_what, text) => {
    expect(readListing(text)).toEqual(await bySdk(text));
  });

  test.each([
    ['an error', '<Error><Code>NoSuchBucket</Code></Error>'],
    ['cut off', `${HEAD}${object('k')}`],
    ['with a section', `${HEAD}${object('<![CDATA[k]]>')}</ListBucketResult>`],
    ['with a comment', `${HEAD}<!-- -->${object('k')}</ListBucketResult>`],
    ['with attributes', `${HEAD}${object('k').replace('<Contents>', '<Contents a="b">')}</ListBucketResult>`],
    ['with a prefix of names', `${HEAD}${object('k').replaceAll('Key>', 's3:Key>')}</ListBucketResult>`],
    ['with encoded keys', `${HEAD}<EncodingType>url</EncodingType>${object('a%20b')}</ListBucketResult>`],
    [
      'cut off by its own word, without saying where to go on',
      `${HEAD}<IsTruncated>true</IsTruncated></ListBucketResult>`,
    ],
    ['with no size', `${HEAD}${object('k').replace('<Size>3</Size>', '')}</ListBucketResult>`],
    ['of something else', '<html></html>'],
    ['empty', ''],
  ])('is left to the SDK: %s', (_what, text) => {
    expect(readListing(text)).toBeUndefined();
  });

  test('has characters by their numbers, also those that the SDK reads as others', () => {
    const page = readListing(`${HEAD}${object('a&#x1F600;&#10;b&#65;')}</ListBucketResult>`);
    expect(page?.Contents[0]?.Key).toBe('a\u{1f600}\nbA');
  });

  test('is read or left, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '<',
            '>',
            '/',
            '&',
            '#',
            ';',
            'Contents',
            'Key',
            'Size',
            '1',
            HEAD,
            '</ListBucketResult>',
          ),
        }),
        (text) => {
          expect(() => readListing(text)).not.toThrow();
          expect(() => readListing(`${HEAD}${text}</ListBucketResult>`)).not.toThrow();
        },
      ),
    );
  });
});

describe('a service that lists what it likes', () => {
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  test('is believed of what was asked for alone', async () => {
    const names = ['team/files/a', 'other/files/b', 'tea/m/files/c', 'files/d', 'team/files/../../e', 'team/filesx/f'];
    xml = `${HEAD}<Name>b</Name><IsTruncated>false</IsTruncated>${names.map(object).join('')}</ListBucketResult>`;
    expect(await s3Store(endpoint, 'team').list('files')).toEqual(['files/a']);
  });

  test('and never ends is left', async () => {
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>';
    xml = `${HEAD}<Name>b</Name>${more}${object('team/files/a')}</ListBucketResult>`;
    await expect(s3Store(endpoint, 'team').list('files')).rejects.toMatchObject({ code: 'E_STORE_REQUEST' });
  });
});
