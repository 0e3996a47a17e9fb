import { basename } from 'node:path';
import type { AssayError } from '../../errors.ts';
import { namedSide, placesAmong, withPlaces } from '../evaluate/row-places.ts';
import type { PredictionFile } from './compare-file.ts';

/**
 * Does something with prediction files. An error that names ids is told with the rows of the file that it is about.
 *
 * @param files the one that has the labels first
 */
export async function tellingFileRows<T>(files: readonly PredictionFile[], body: () => T): Promise<T> {
  try {
    return body();
  } catch (error) {
    throw await withPlaces(error, (ids, found) => {
      const file = fileOf(files, found);
      if (file === undefined) return [];
      return placesAmong(file.ids, ids).map((place) => (place === '' ? '' : `${place} of ${basename(file.path)}`));
    });
  }
}

/** The file whose rows an error names: of the side, else the first that has the column, else the first of all. */
function fileOf(files: readonly PredictionFile[], error: AssayError): PredictionFile | undefined {
  const side = files.find(({ name }) => name === namedSide(error));
  // An id that a side lacks is in the other's file alone.
  if (error.code === 'E_PAIR_MISSING_ID') return files.find((file) => file.side !== side?.side);
  const { column } = error.details;
  const having = typeof column === 'string' ? files.find(({ frame }) => frame.columns.has(column)) : undefined;
  return side ?? having ?? files[0];
}
