import { expect, test } from 'vitest';
import { assayError } from '../lib/errors.ts';
import { plainAddress, withoutPasswords } from '../lib/plain-address.ts';

test.each([
  ['host', 'https://host/x'],
  ['ada:secret@host:80', 'https://host:80/x'],
  ['ada:sec@ret@host', 'https://host/x'],
  ['[::1]:80', 'https://[::1]:80/x'],
  // Cut at the slash of a password.
  ['ada:sec', 'https://…'],
])('of %s nothing is told that lets in', (authority, told) => {
  expect(plainAddress('https://', authority, '/x')).toBe(told);
});

test.each([
  ['get https://ada:secret@host/x and s3://key:secret@bucket', 'get https://host/x and s3://bucket'],
  ['https://:secret@host', 'https://host'],
  ['clone https://token@host/x', 'clone https://host/x'],
  ['ssh://git@host/x, mail@host, https://host:80/a@b', 'ssh://git@host/x, mail@host, https://host:80/a@b'],
  ['"HTTPS://ada:p@ss@host"', '"HTTPS://host"'],
])('%s is told without passwords', (text, told) => {
  expect(withoutPasswords(text)).toBe(told);
});

test('a long word is looked at once', () => {
  const word = 'a'.repeat(1_000_000);
  expect(withoutPasswords(word)).toBe(word);
});

test('an error that quotes what was typed tells no password of it', () => {
  const error = assayError('E_DATA_NOTHING', { target: 'https://ada:secret@host/x', reason: 'it is not there' });
  expect(error.message + error.fix).not.toContain('secret');
  expect(error.message).toContain('https://host/x');
});
