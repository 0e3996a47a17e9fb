/**
 * The proxies of the environment as Node's agents take them (`proxyEnv`; from Node 22.21 and 24.5 on, before they look at none). A
 * proxy's address may hold a password.
 */
export interface ProxySettings {
  readonly HTTP_PROXY?: string;
  readonly HTTPS_PROXY?: string;
  /** Hosts that are spoken to directly. */
  readonly NO_PROXY?: string;
}

/** The proxies that an environment names; undefined for none. The name in small letters goes first, as in DVC's libraries. */
export function proxySettings(environment: Readonly<Record<string, string | undefined>>): ProxySettings | undefined {
  const set = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const [http, https, none] = [set('HTTP_PROXY'), set('HTTPS_PROXY'), set('NO_PROXY')];
  if (http === undefined && https === undefined) return undefined;
  return {
    ...(http === undefined ? {} : { HTTP_PROXY: http }),
    ...(https === undefined ? {} : { HTTPS_PROXY: https }),
    ...(none === undefined ? {} : { NO_PROXY: none }),
  };
}
