import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPartChecksum, type PartSum } from '../../../lib/stores/bucket/part-checksum.ts';

function checksum(sum: PartSum, ...chunks: Uint8Array[]): string {
  const made = createPartChecksum(sum);
  for (const chunk of chunks) made.update(chunk);
  return made.digest().toString('base64');
}

test('the CRC-32 of nine digits is the catalogue’s check value', () => {
  // CRC-32/ISO-HDLC, "Catalogue of parametrised CRC algorithms": check 0xcbf43926.
  expect(checksum('crc32', Buffer.from('123456789'))).toBe(Buffer.from('cbf43926', 'hex').toString('base64'));
  expect(checksum('crc32')).toBe('AAAAAA==');
});

test('the MD5 is that of the bytes', () => {
  expect(checksum('md5', Buffer.from('ab'), Buffer.from('c'))).toBe(createHash('md5').update('abc').digest('base64'));
});

test('it makes no difference in which pieces the bytes come', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.constantFrom<PartSum>('md5', 'crc32'), (one, other, sum) => {
      expect(checksum(sum, one, other)).toBe(checksum(sum, Buffer.concat([one, other])));
    }),
  );
});
