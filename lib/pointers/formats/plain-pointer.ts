import type { OutputEntry } from './output-entry.ts';

/**
 * What `dvc add` writes for one output with a plain name. A letter other than `e` keeps YAML from reading an address as a number;
 * a name that begins with a digit has something that no number has (`1e5`, `0x1f`, `0o7`).
 */
const PLAIN =
  /^outs:\n- md5: (?=[0-9e]*[a-df]|[0-9a-f]{32}\.dir)([0-9a-f]{32}(?:\.dir)?)\n {2}size: (0|[1-9]\d{0,14})\n(?: {2}nfiles: (0|[1-9]\d{0,14})\n)?( {2}isexec: true\n)? {2}hash: md5\n {2}path: ((?:[A-Za-z_]|\d(?=[\w.-]*[/_g-npq-wyzG-NPQ-WYZ]))[\w./-]*)\n$/;
/** Names that YAML reads as something else than text. */
const WORDS = /^(true|false|null)$/i;

/**
 * The output of a pointer in the form that most pointers have, many times faster than YAML; undefined for any other text, which
 * is not to say that it is wrong. A repository can have tens of thousands of pointers, and each command reads all.
 */
export function readPlainPointer(text: string): OutputEntry | undefined {
  const [, md5, size, nfiles, isexec, path] = PLAIN.exec(text) ?? [];
  if (md5 === undefined || path === undefined || WORDS.test(path)) return undefined;
  return {
    path,
    md5,
    hash: 'md5',
    size: Number(size),
    ...(nfiles === undefined ? {} : { nfiles: Number(nfiles) }),
    isexec: isexec !== undefined,
    cache: true,
    push: true,
    persist: false,
  };
}
