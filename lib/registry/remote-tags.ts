import { fetchRefs } from '../git/fetch-refs.ts';
import type { Git } from '../git/git.ts';
import type { GitObject, ObjectReader } from '../git/object-reader.ts';
import type { RemoteRef } from '../git/remote.ts';
import { isShallow } from '../git/status.ts';
import { type GtoTag, parseGtoTag } from './gto-tags.ts';
import type { TagFact } from './tag-state.ts';

const TAGS = 'refs/tags/';

/** A tag in GTO's grammar among a remote's refs; without `peeled` it is a lightweight one, which means nothing to GTO. */
export interface GtoRef extends RemoteRef {
  /** Without `refs/tags/`. */
  readonly name: string;
  readonly tag: GtoTag;
}

export interface ReadTags {
  readonly facts: readonly TagFact[];
  /** Annotated tags of which the object or the commit is not here. */
  readonly missing: readonly GtoRef[];
  /** Commits of tags that are here. */
  readonly commits: ReadonlySet<string>;
}

/** The GTO tags among a remote's refs. */
export function gtoTagsAmong(refs: readonly RemoteRef[]): GtoRef[] {
  return refs.flatMap((ref) => {
    const name = ref.ref.startsWith(TAGS) ? ref.ref.slice(TAGS.length) : '';
    const tag = parseGtoTag(name);
    return tag === undefined ? [] : [{ ...ref, name, tag }];
  });
}

/** The annotated tags with their times, as far as they are here. */
export async function readTags(reader: ObjectReader, tags: readonly GtoRef[]): Promise<ReadTags> {
  const annotated = tags.flatMap((one) => (one.peeled === undefined ? [] : [{ ...one, commit: one.peeled }]));
  const targets = [...new Set(annotated.map(({ commit }) => commit))];
  const objects = await reader.read([...annotated.map(({ id }) => id), ...targets]);
  const commits = new Set(targets.filter((_, place) => objects[annotated.length + place] !== undefined));
  return {
    facts: annotated.flatMap(({ name, tag, commit }, place) => {
      const at = taggerTime(objects[place]);
      return at === undefined ? [] : [{ name, tag, commit, at }];
    }),
    missing: annotated.filter(({ commit }, place) => objects[place] === undefined || !commits.has(commit)),
    commits,
  };
}

/**
 * Brings tags that are not here, over local tags of the same name: `actions/checkout` leaves lightweight stand-ins of
 * annotated tags behind.
 */
export async function fetchMissing(git: Git, remote: string, { missing, commits }: ReadTags): Promise<void> {
  const item = ({ ref }: GtoRef) => ({ source: ref, into: ref });
  const isHere = ({ peeled = '' }: GtoRef) => commits.has(peeled);
  // On commits that are here the tag comes alone. Others bring their history, which a shallow clone is spared.
  await fetchRefs(git, remote, missing.filter(isHere).map(item));
  const others = missing.filter((tag) => !isHere(tag)).map(item);
  if (others.length > 0) await fetchRefs(git, remote, others, (await isShallow(git)) ? { depth: 1 } : {});
}

/** The tagger's time, ms since 1970; undefined for what is no tag or has no tagger. */
function taggerTime(object: GitObject | undefined): number | undefined {
  if (object?.type !== 'tag') return undefined;
  const header = object.bytes.toString('utf8').split('\n\n')[0] ?? '';
  const seconds = /^tagger .*> (\d+) [+-]\d{4}$/m.exec(header)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
