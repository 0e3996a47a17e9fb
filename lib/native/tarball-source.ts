import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { percentDecoded } from '../percent-decoded.ts';
import { withoutPasswords } from '../plain-address.ts';
import type { LockedPackage } from './locked-packages.ts';

/** The global `fetch` or one that knows a proxy or a token. */
export type FetchPort = (
  url: string,
  init: { readonly signal: AbortSignal; readonly headers: Record<string, string> },
) => Promise<Response>;

/** How long one download may take, in milliseconds. */
const DOWNLOAD_MS = 5 * 60_000;

/** Worth another try: a broken connection or a server's passing trouble. */
export class TransientFailure extends Error {}

/** Where tarballs come from. `open` throws a TransientFailure, or an Error when trying again would not help. */
export interface TarballSource {
  /** For messages, without credentials. */
  readonly title: string;
  open(locked: LockedPackage): AsyncIterable<Uint8Array>;
}

/**
 * Tarballs of an npm registry (its address) or of a folder (a path or file:// address) filled with `npm pack`.
 */
export function openTarballSource(registry: string, fetch: FetchPort): TarballSource {
  if (/^https?:\/\//i.test(registry)) return registrySource(registry.replace(/\/+$/, ''), fetch);
  return folderSource(registry.startsWith('file:') ? fileURLToPath(registry) : registry);
}

function registrySource(address: string, fetch: FetchPort): TarballSource {
  const { registry, headers } = withoutUser(address);
  return {
    title: registry,
    async *open({ name, version }) {
      // The address that npm's registry and its mirrors give every tarball: NAME/-/LAST-PART-OF-NAME-VERSION.tgz.
      const url = `${registry}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
      const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS), headers }).catch(
        (error: unknown) => {
          throw new TransientFailure(reasonOf(error), { cause: error });
        },
      );
      if (response.status >= 500 || response.status === 429) throw new TransientFailure(`HTTP ${response.status}`);
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      try {
        yield* response.body;
      } catch (error) {
        throw new TransientFailure(reasonOf(error), { cause: error });
      }
    },
  };
}

/** The address alone, and the header that its user and password become: `fetch` takes no address with them. */
function withoutUser(address: string): { readonly registry: string; readonly headers: Record<string, string> } {
  if (!URL.canParse(address)) return { registry: withoutPasswords(address), headers: {} };
  const url = new URL(address);
  const user = [url.username, url.password].map(percentDecoded).join(':');
  url.username = '';
  url.password = '';
  const headers = user === ':' ? undefined : { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
  return { registry: url.href.replace(/\/+$/, ''), headers: headers ?? {} };
}

function folderSource(folder: string): TarballSource {
  return {
    title: folder,
    async *open({ name, version }) {
      // What `npm pack` calls the file, and what the registry calls it.
      const names = [
        `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`,
        `${name.split('/').at(-1)}-${version}.tgz`,
      ];
      const path = names.map((one) => join(folder, one)).find((one) => existsSync(one));
      if (path === undefined) throw new Error(`there is no ${names[0]}`);
      yield* createReadStream(path);
    },
  };
}

/** fetch says "fetch failed" and keeps what happened in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
