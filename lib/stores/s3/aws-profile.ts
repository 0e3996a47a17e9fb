import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { assayError } from '../../errors.ts';
import { readSections, type Sections } from '../requests/ini-sections.ts';
import type { AwsEnvironment } from './aws-environment.ts';
import type { S3Options } from './s3-options.ts';

/** What of the options a profile or the environment completes. */
type Completed = Pick<S3Options, 'credentials' | 'endpoint' | 'pathStyle' | 'profile' | 'region' | 'sslVerify'>;

/** The profile that need not be there. */
const DEFAULT = 'default';

/**
 * Completes the options of a store from profile and environment where DVC does (botocore) and the SDK here does not: it passes over
 * a profile that is not there, prefers a profile of the environment to the environment's own keys, does not read a named profile's
 * endpoint, writes the bucket into the host's name of such an endpoint, and knows neither AWS_DEFAULT_REGION nor AWS_CA_BUNDLE.
 *
 * @throws E_STORE_PROFILE, E_STORE_OPTION
 */
export async function withAwsProfile(
  options: S3Options,
  environment: AwsEnvironment,
  store: string,
): Promise<Completed> {
  const { credentialFile = environment.credentialsFile } = options;
  const own = options.credentials !== undefined || options.anonymous === true;
  const name = options.profile ?? environment.profile ?? DEFAULT;
  const config = await sectionsOf(environment.configFile);
  const profile = config.get(`profile ${name}`) ?? (name === DEFAULT ? config.get(name) : undefined);
  if (profile === undefined && name !== DEFAULT && !own) {
    const files = [environment.configFile, credentialFile];
    if (!(await sectionsOf(credentialFile)).has(name)) throw assayError('E_STORE_PROFILE', { store, name, files });
  }
  const endpoint = options.endpoint ?? endpointOf(environment, profile, config);
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:/i.test(endpoint))) {
    const reason = 'it has to be an address of http or https';
    throw assayError('E_STORE_OPTION', { option: 'endpoint_url', store, reason });
  }
  const style = profile?.get('s3.addressing_style');
  const keys = own || options.profile !== undefined ? undefined : environment.keys;
  return {
    endpoint,
    // Compatible services have no names of their own for buckets, unless somebody says so.
    pathStyle: style === 'path' || (style !== 'virtual' && endpoint !== undefined ? true : undefined),
    profile: options.profile ?? environment.profile,
    credentials: options.credentials ?? keys,
    region: options.region ?? environment.region,
    sslVerify: options.sslVerify ?? environment.certificates ?? profile?.get('ca_bundle'),
  };
}

function endpointOf(
  { endpoint, ignoresEndpoints }: AwsEnvironment,
  profile: ReadonlyMap<string, string> | undefined,
  config: Sections,
): string | undefined {
  if (ignoresEndpoints || profile?.get('ignore_configured_endpoint_urls')?.toLowerCase() === 'true') return undefined;
  const services = config.get(`services ${profile?.get('services')}`);
  return endpoint ?? services?.get('s3.endpoint_url') ?? profile?.get('endpoint_url');
}

/** None of a file that cannot be read: what has to be in it is then missing by name. */
async function sectionsOf(path: string): Promise<Sections> {
  const text = await readFile(path.replace(/^~(?=\/)/, homedir()), 'utf8').catch(() => '');
  return readSections(text);
}
