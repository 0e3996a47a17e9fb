import { type AssayError, assayError } from '../../errors.ts';
import { TransientFault } from './retry.ts';

/** What an SDK's error says, without its message: that may quote signed addresses, identities and headers. */
export interface RequestFailure {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The service's or the system's word for it: `SlowDown`, `ECONNRESET`. */
  readonly code: string;
  /** Value of the header Retry-After. */
  readonly retryAfter?: string | undefined;
  /** Region that the service names as the right one. */
  readonly region?: string | undefined;
}

export interface RequestContext {
  /** Title of the store. */
  readonly store: string;
  readonly bucket: string;
  /** What was tried: `read files/md5/…`. */
  readonly operation: string;
}

const NO_BUCKET = new Set(['NoSuchBucket', 'ContainerNotFound', 'ContainerBeingDeleted']);
const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'IncorrectEndpoint',
]);
const WRONG_CLOCK = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);
/** Credentials that are no longer, or never were, any. S3 says it of some with 400. */
const NOT_LET_IN = new Set(['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'InvalidAccessKeyId']);
/** The SDK's words where an answer has no body that could say more, as that to HEAD. */
const UNNAMED = new Set(['', 'Unknown', 'UnknownError', '400', 'BadRequest', 'Forbidden', '403']);
/** The body was damaged or cut on its way; the service has stored nothing. */
const DAMAGED = new Set([
  'BadDigest',
  'InvalidDigest',
  'Md5Mismatch',
  'IncompleteBody',
  'XAmzContentSHA256Mismatch',
  'XAmzContentChecksumMismatch',
]);
/** Objects that wait in an archive, or are on their way out of it (S3: "Archived objects"; Azure: "Archive tier"). */
const ARCHIVED = new Set(['InvalidObjectState', 'BlobArchived', 'BlobBeingRehydrated']);
/** Connections that may work next time. */
const CONFLICT = new Set(['ConditionalRequestConflict', 'OperationAborted', 'TimeoutError', 'RequestTimeout']);
const THROTTLED = new Set(['SlowDown', 'Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'ServerBusy']);
/** TLS refuses the server, which no further attempt changes. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|EPROTO/;

/**
 * What a failed request means: an error of the catalogue, or a fault that another attempt may not meet.
 * Statuses as HTTP defines them (RFC 9110, RFC 6585); codes of S3 ("Error responses"), Azure ("Blob error codes").
 */
export function requestFault(failure: RequestFailure, context: RequestContext): AssayError | TransientFault {
  const { status, code } = failure;
  const { store, bucket, operation } = context;
  const unnamed = UNNAMED.has(code);
  const reason = status === undefined ? code : `HTTP ${status}${unnamed ? '' : ` ${code}`}`;
  if (NO_BUCKET.has(code)) return assayError('E_STORE_BUCKET', { bucket, store });
  if (ARCHIVED.has(code)) return assayError('E_STORE_ARCHIVED', { store, operation, reason });
  if (WRONG_CLOCK.has(code)) return new TransientFault(() => assayError('E_STORE_CLOCK', { store }));
  // 307 is S3's of a new bucket, until its name is known everywhere ("Making requests", redirects).
  if (WRONG_REGION.has(code) || status === 301 || (status === 307 && failure.region !== undefined)) {
    return assayError('E_STORE_REGION', { store, region: failure.region });
  }
  if (status === 429 || status === 503 || THROTTLED.has(code)) {
    return new TransientFault(
      (attempts) => assayError('E_STORE_BUSY', { store, attempts, reason }),
      retryAfterMs(failure.retryAfter),
    );
  }
  // An answer of success that cannot be read was cut or damaged on its way.
  const lost = status === undefined ? !CERTIFICATE.test(code) : (status >= 500 && status !== 501) || status < 300;
  if (lost || status === 408 || DAMAGED.has(code) || CONFLICT.has(code)) {
    return new TransientFault(
      (attempts) => assayError('E_STORE_UNREACHABLE', { store, operation, attempts, reason }),
      retryAfterMs(failure.retryAfter),
    );
  }
  // S3 says by 400 that a token has expired; where only the status comes, nothing else in what is sent could be wrong.
  if (status === 401 || status === 403 || (status === 400 && unnamed) || NOT_LET_IN.has(code))
    return assayError('E_STORE_DENIED', { store, operation, reason });
  return assayError('E_STORE_REQUEST', { store, operation, reason });
}

/**
 * What it means that whoever gives credentials failed: a token service, the metadata of a machine. Nothing that it says is the
 * store's word; its 404 above all is no object that is not there.
 */
export function credentialFault(failure: RequestFailure, store: string): AssayError | TransientFault {
  const fault = requestFault(failure, { store, bucket: '', operation: 'learn who asks' });
  if (failure.status === undefined || fault instanceof TransientFault) return fault;
  const reason = `HTTP ${failure.status} ${failure.code}`.trim();
  return assayError('E_STORE_CREDENTIALS', { store, reason: `who gives them answers ${reason}` });
}

/** Seconds, or a date that Node's own clock is held against: only how long to wait depends on it. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
