import type { ProxySettings } from '../../proxy-settings.ts';
import { type BucketLocation, bucketLocation } from '../bucket/bucket-location.ts';
import { remoteOptions } from '../remote-options.ts';
import type { AwsEnvironment } from './aws-environment.ts';

/** Where a store in S3 or a compatible service is, and how it is spoken to. */
export interface S3Options extends BucketLocation {
  /** Address of a compatible service; AWS where it is left out. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** Profile of the AWS configuration files. */
  readonly profile?: string | undefined;
  /** File of credentials in the place of `~/.aws/credentials`. */
  readonly credentialFile?: string | undefined;
  /** From `.dvc/config.local`; the SDK's own chain of credentials where they are left out. */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
    | undefined;
  /** No credentials at all, for public buckets. */
  readonly anonymous?: boolean | undefined;
  /** `http` instead of `https` for an endpoint without a scheme. */
  readonly useSsl?: boolean | undefined;
  /** false: certificates are not looked at; a path: the certificates to trust. */
  readonly sslVerify?: boolean | string | undefined;
  readonly sse?: (typeof SSE)[number] | undefined;
  readonly sseKmsKeyId?: string | undefined;
  /** A canned ACL. */
  readonly acl?: (typeof ACL)[number] | undefined;
  /** The bucket in the path instead of the host name; by default where an endpoint is given, as DVC does it. */
  readonly pathStyle?: boolean | undefined;
  readonly proxies?: ProxySettings | undefined;
  /** What completes these options; without it nothing does but the SDK's own chain. */
  readonly environment?: AwsEnvironment | undefined;
  /** Milliseconds. */
  readonly connectTimeoutMs?: number | undefined;
  readonly readTimeoutMs?: number | undefined;
}

const SSE = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;
/** S3 user guide, "Canned ACL". */
const ACL = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
] as const;

/** Options of DVC's remotes that are known and mean something else than what this store does. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['sse_customer_key', 'keys of the customer are not supported'],
  ['sse_customer_algorithm', 'keys of the customer are not supported'],
  ['grant_read', 'set acl instead'],
  ['grant_read_acp', 'set acl instead'],
  ['grant_full_control', 'set acl instead'],
  ['grant_write_acp', 'set acl instead'],
  ['configpath', 'set the environment variable AWS_CONFIG_FILE instead'],
]);

/**
 * Reads `s3://bucket/folder` with the options of a DVC remote (lower-case keys, values as they are in the file).
 *
 * @throws E_STORE_LOCATION, E_STORE_OPTION
 */
export function s3Options(location: string, remote: ReadonlyMap<string, string> = new Map()): S3Options {
  const place = bucketLocation(location, 's3');
  const option = remoteOptions(location, remote, UNSUPPORTED);
  const endpoint = option.text('endpointurl');
  const useSsl = option.flag('use_ssl');
  return {
    ...place,
    endpoint: option.address('endpointurl', endpoint === undefined ? undefined : withScheme(endpoint, useSsl ?? true)),
    region: option.text('region'),
    profile: option.text('profile'),
    credentialFile: option.text('credentialpath'),
    credentials: credentials(option),
    anonymous: option.flag('allow_anonymous_login'),
    useSsl,
    sslVerify: option.flagOrText('ssl_verify'),
    sse: option.oneOf('sse', SSE),
    sseKmsKeyId: option.text('sse_kms_key_id'),
    acl: option.oneOf('acl', ACL),
    pathStyle: endpoint === undefined ? undefined : true,
    connectTimeoutMs: option.seconds('connect_timeout'),
    readTimeoutMs: option.seconds('read_timeout'),
  };
}

function credentials(option: ReturnType<typeof remoteOptions>): S3Options['credentials'] {
  const accessKeyId = option.text('access_key_id');
  const secretAccessKey = option.text('secret_access_key');
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined) throw option.bad('access_key_id', 'secret_access_key is set without it');
  if (secretAccessKey === undefined) throw option.bad('secret_access_key', 'access_key_id is set without it');
  return { accessKeyId, secretAccessKey, sessionToken: option.text('session_token') };
}

function withScheme(endpoint: string, useSsl: boolean): string {
  return /^[a-z]+:\/\//i.test(endpoint) ? endpoint : `${useSsl ? 'https' : 'http'}://${endpoint}`;
}
