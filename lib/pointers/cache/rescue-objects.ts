import { readdirSync, renameSync } from 'node:fs';
import { readSmallBytes, smallFileBuffer } from '../../stores/bytes/small-file.ts';
import { makeFolder } from '../../stores/folder/group-folder.ts';
import { md5OfBytes } from './hash-file.ts';

/** A folder without a name yet: a number, and the two digits that its objects' addresses begin with. */
const STAND_IN = /^\d+-([0-9a-f]{2})$/;
const REST = /^[0-9a-f]{30}$/;

/**
 * Gives objects their names that a killed process had not given theirs yet, as far as they are whole: each is held against the
 * address that it has as its name. What is not whole stays where it is.
 *
 * @param session the process's staging folder
 * @param pathOf where an object belongs
 * @param shared a group may write to the folders there
 */
export function rescueObjects(session: string, pathOf: (md5: string) => string, shared: boolean): void {
  const buffer = smallFileBuffer();
  for (const name of readdirSync(session)) {
    const prefix = STAND_IN.exec(name)?.[1];
    if (prefix === undefined) continue;
    for (const rest of readdirSync(`${session}/${name}`)) {
      if (!REST.test(rest)) continue;
      const [found, md5] = [`${session}/${name}/${rest}`, prefix + rest];
      const bytes = readSmallBytes(found, buffer, { follow: false });
      if (typeof bytes === 'string' || md5OfBytes(bytes, 'md5') !== md5) continue;
      const path = pathOf(md5);
      makeFolder(path.slice(0, path.lastIndexOf('/')), shared);
      renameSync(found, path);
    }
  }
}
