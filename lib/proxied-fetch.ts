import { proxySettings } from './proxy-settings.ts';

type Fetch = typeof globalThis.fetch;
type FetchAddress = (url: string | URL, init: RequestInit | undefined) => Promise<Response>;

/** `fetch` through the proxies that an environment names, at which Node's own does not look; Node's where none is named. */
export function proxiedFetch(environment: Readonly<Record<string, string | undefined>>): Fetch {
  const settings = proxySettings(environment);
  if (settings === undefined) return globalThis.fetch;
  const opened = new Map<string, Promise<FetchAddress>>();
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = url.protocol === 'https:' ? settings.HTTPS_PROXY : settings.HTTP_PROXY;
    if (proxy === undefined || isExcepted(url, settings.NO_PROXY ?? '')) return globalThis.fetch(input, init);
    const through = opened.get(proxy) ?? fetchThrough(proxy);
    opened.set(proxy, through);
    return (await through)(url, init);
  };
}

async function fetchThrough(proxy: string): Promise<FetchAddress> {
  const [{ ProxyAgent }, { fetch }] = await Promise.all([import('undici'), import('undici/lib/web/fetch/index.js')]);
  const dispatcher = new ProxyAgent(/^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
  return (url, init) => fetch(url, { ...init, dispatcher });
}

/** Whether NO_PROXY names a host, or a domain that it is in, with its port or without: as curl reads it, `*` is every host. */
function isExcepted({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const usual = protocol === 'https:' ? '443' : '80';
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', only = port || usual] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (entry === '*') return true;
      return name !== '' && only === (port || usual) && (host === name || host.endsWith(`.${name}`));
    });
}
