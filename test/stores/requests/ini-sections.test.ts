import { expect, test } from 'vitest';
import { readSections } from '../../../lib/stores/requests/ini-sections.ts';

test.each([
  ['[a]\nx = 1\n[b]\nx=2', { a: { x: '1' }, b: { x: '2' } }],
  ['[ profile  "a b" ]\r\nx = y = z ; no\r\n', { 'profile a b': { x: 'y = z' } }],
  ['[a]\ns3 =\n  x = 1\n  y = 2\nz = 3\n', { a: { 's3.x': '1', 's3.y': '2', z: '3' } }],
  ['[storage]\nkey = a2V5==\nconnection_string=A=b;C=d', { storage: { key: 'a2V5==', connection_string: 'A=b;C=d' } }],
  ['x = 1\n[a]\n# y = 2\n[a]\nz = 3\n[]\n=\n', { a: { z: '3' } }],
])('reads %j', (text, sections) => {
  const read = [...readSections(text)].map(([name, settings]) => [name, Object.fromEntries(settings)]);
  expect(Object.fromEntries(read)).toEqual(sections);
});
