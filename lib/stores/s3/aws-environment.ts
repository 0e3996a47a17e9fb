import { homedir } from 'node:os';
import { join } from 'node:path';
import type { S3Options } from './s3-options.ts';

/** What an environment says of AWS, by the names that DVC's libraries read; the SDK here reads some of them, or in another order. */
export interface AwsEnvironment {
  /** Files of profiles: settings and keys. */
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profile?: string;
  readonly keys?: NonNullable<S3Options['credentials']>;
  readonly region?: string;
  readonly endpoint?: string;
  /** No endpoint but that of the options counts. */
  readonly ignoresEndpoints: boolean;
  /** File of the certificates that are trusted. */
  readonly certificates?: string;
}

/**
 * Reads it as botocore does (its documentation, "Configuration", "Service-specific endpoints"), and AWS_REGION, which newer SDKs
 * read in the place of AWS_DEFAULT_REGION.
 */
export function awsEnvironment(environment: Readonly<Record<string, string | undefined>>): AwsEnvironment {
  const first = (...names: readonly string[]) => names.map((name) => environment[name] || undefined).find(Boolean);
  const home = join(first('HOME', 'USERPROFILE') ?? homedir(), '.aws');
  const [accessKeyId, secretAccessKey] = [first('AWS_ACCESS_KEY_ID'), first('AWS_SECRET_ACCESS_KEY')];
  const sessionToken = first('AWS_SESSION_TOKEN');
  const [profile, region] = [first('AWS_PROFILE', 'AWS_DEFAULT_PROFILE'), first('AWS_REGION', 'AWS_DEFAULT_REGION')];
  const [endpoint, certificates] = [first('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'), first('AWS_CA_BUNDLE')];
  return {
    configFile: first('AWS_CONFIG_FILE') ?? join(home, 'config'),
    credentialsFile: first('AWS_SHARED_CREDENTIALS_FILE') ?? join(home, 'credentials'),
    ignoresEndpoints: first('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS')?.toLowerCase() === 'true',
    ...(profile === undefined ? {} : { profile }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { keys: { accessKeyId, secretAccessKey, sessionToken } }),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(certificates === undefined ? {} : { certificates }),
  };
}
