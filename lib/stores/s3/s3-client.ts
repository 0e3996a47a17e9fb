import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { assayError, messageOf } from '../../errors.ts';
import { bucketAddress } from '../bucket/bucket-location.ts';
import { checkCredentialFile } from '../requests/credential-file.ts';
import { withAwsProfile } from './aws-profile.ts';
import { wholeOf } from './s3-answers.ts';
import { createS3Direct, type S3Direct } from './s3-direct.ts';
import { notS3 } from './s3-failure.ts';
import { MAX_PAGE_BYTES } from './s3-listing.ts';
import type { S3Options } from './s3-options.ts';

/** What of the SDK is used, loaded when the first request is made. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/** What fails is told once, in our own words, and not in between on the terminal. */
const SILENT: NonNullable<S3ClientConfig['logger']> = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Requests leave unsigned. The SDK looks for credentials all the same, unless it has some. */
const ANONYMOUS: Pick<S3ClientConfig, 'credentials' | 'signer'> = {
  credentials: { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' },
  signer: { sign: async (request) => request },
};

export interface OpenS3 {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
  /** For single small objects. */
  readonly direct: S3Direct;
}

/** Milliseconds. DVC waits 60 s for both; a connection that takes longer than this one is tried again sooner. */
const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 60_000;
/**
 * After so long the SDK looks whether requests wait for a connection: they may. The timer outlives requests that cannot be
 * made.
 */
const POOL_LOOK_MS = 1000;
/** Where AWS sends requests of clients that name no region. */
const DEFAULT_REGION = 'us-east-1';

/**
 * Opens the SDK: its whole chain of credentials (environment, profile, SSO, web identity, container and instance
 * metadata) unless the options name some; one pool of kept connections; no retries of its own (see `createRetry`).
 *
 * @param connections the most connections at a time
 * @throws E_STORE_PROFILE for a profile that is not there, E_STORE_READ for a file of certificates that cannot be read, E_STORE_OPTION for one of credentials that does more
 */
export async function openS3(given: S3Options, connections: number): Promise<OpenS3> {
  const { credentialFile, environment } = given;
  const store = `the store ${bucketAddress('s3', given)}`;
  if (credentialFile !== undefined) await checkCredentialFile(credentialFile, 'aws', store);
  const completed = environment === undefined ? {} : await withAwsProfile(given, environment, store);
  const options: S3Options = { ...given, ...completed };
  const sdk = await import('@aws-sdk/client-s3');
  const certificates = await tls(options);
  const { proxies } = options;
  const kept = {
    keepAlive: true,
    maxSockets: connections,
    ...(proxies === undefined ? {} : { proxyEnv: { ...proxies } }),
  };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent({ ...kept, ...certificates }) };
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = options;
  const config: S3ClientConfig = {
    maxAttempts: 1,
    logger: SILENT,
    streamCollector: (answer) => wholeOf(answer, MAX_PAGE_BYTES, () => notS3(store)),
    // Every upload carries Content-MD5, which all compatible services check; newer checksums some of them refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketTimeout: readTimeoutMs,
      socketAcquisitionWarningTimeout: POOL_LOOK_MS,
      logger: SILENT,
      httpAgent: agents.http,
      httpsAgent: agents.https,
    },
    ...(options.endpoint === undefined ? { followRegionRedirects: true } : { endpoint: options.endpoint }),
    ...(options.pathStyle === undefined ? {} : { forcePathStyle: options.pathStyle }),
    ...(options.useSsl === undefined ? {} : { tls: options.useSsl }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...sharedFile(options),
    ...(options.anonymous === true ? ANONYMOUS : credentialsOf(options)),
  };
  const client = await inSomeRegion(sdk, config);
  const root = options.prefix === '' ? '' : `${options.prefix}/`;
  const direct = { root, connections, connectTimeoutMs, readTimeoutMs, tls: certificates };
  return { sdk, client, direct: proxies === undefined ? createS3Direct(client, direct) : NEVER };
}

/** Through a proxy the SDK does it all. */
const NEVER: S3Direct = { send: async () => undefined };

async function inSomeRegion(sdk: S3Sdk, config: S3ClientConfig): Promise<S3Client> {
  const client = new sdk.S3Client(config);
  return (await namesRegion(client)) ? client : new sdk.S3Client({ ...config, region: DEFAULT_REGION });
}

/** What the SDK's chain of credentials reads of the client's configuration, though the client's type does not say so. */
function sharedFile({ credentialFile }: S3Options): object {
  return credentialFile === undefined ? {} : { filepath: credentialFile };
}

function credentialsOf({ credentials }: S3Options): Pick<S3ClientConfig, 'credentials'> {
  if (credentials === undefined) return {};
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}

/** Whether options, environment or profile name a region. */
async function namesRegion(client: S3Client): Promise<boolean> {
  try {
    return (await client.config.region()) !== '';
  } catch {
    return false;
  }
}

async function tls({ sslVerify }: S3Options): Promise<{ rejectUnauthorized?: boolean; ca?: Buffer }> {
  if (sslVerify === false) return { rejectUnauthorized: false };
  if (typeof sslVerify !== 'string') return {};
  try {
    return { ca: await readFile(sslVerify) };
  } catch (error) {
    throw assayError('E_STORE_READ', { path: sslVerify, reason: messageOf(error) }, error);
  }
}
