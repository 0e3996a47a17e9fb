import { posix } from 'node:path';
import { assayError } from '../../errors.ts';
import { Name } from '../../project/config.ts';

/** The words of any text as a name: `data/flights 2013.csv.gz` → `flights-2013`. Empty where nothing is left. */
function nameFrom(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 60)
    .replace(/[^A-Za-z0-9]+$/, '');
}

/** A dataset's name from its path: that of the file, of a glob's folder where the file's says nothing. */
export function datasetName(path: string): string {
  const file = posix
    .basename(path)
    .replace(/\.dvc$/, '')
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[a-z]+$/i, '');
  const [own, folder] = [nameFrom(file.replace(/[*?[\]{}].*$/, '')), nameFrom(posix.basename(posix.dirname(path)))];
  return own || folder || 'data';
}

/** The name that was asked for, else one made of the target's. Throws E_INIT_NAME. */
export function modelName(asked: string | undefined, target: string): string {
  if (asked === undefined) return nameFrom(target) || 'model';
  if (!Name.safeParse(asked).success) throw assayError('E_INIT_NAME', { what: 'model', name: asked });
  return asked;
}
