import type { S3Client } from '@aws-sdk/client-s3';
import { type AssayError, assayError, messageOf } from '../../errors.ts';
import { memberOf, numberMember, textMember } from '../member-of.ts';
import { credentialFault, type RequestContext, requestFault } from '../requests/request-fault.ts';
import { TransientFault } from '../requests/retry.ts';

/** The service's name of the error that the SDK threw, and its HTTP status. Everything else of it stays where it is. */
export function s3Code(error: unknown): { readonly code: string; readonly status: number | undefined } {
  const name = textMember(error, 'name');
  if (name === undefined) return { code: messageOf(error), status: undefined };
  const status = numberMember(memberOf(error, '$metadata'), 'httpStatusCode');
  // The system's own word says more than the SDK's: it calls lost connections a timeout too.
  const general = name === 'Error' || name === 'TimeoutError';
  return { code: general ? (textMember(error, 'code') ?? name) : name, status };
}

/** What an error of the SDK means. No part of its message is kept where credentials or addresses may be in it. */
export function s3Fault(error: unknown, context: RequestContext): AssayError | TransientFault {
  const { code, status } = s3Code(error);
  if (status === undefined && /Credential|^TokenProvider/.test(code)) {
    return assayError('E_STORE_CREDENTIALS', { store: context.store, reason: messageOf(error) });
  }
  if (status === undefined && error instanceof TypeError) return notSent(error, context);
  const headers = memberOf(memberOf(error, '$response'), 'headers');
  const retryAfter = textMember(headers, 'retry-after');
  const region = textMember(headers, 'x-amz-bucket-region');
  return requestFault({ code, status, retryAfter, region }, context);
}

/** Calls of the system that fail for a file, such as that of a web identity's token, and not for a service. */
const FILE_CALLS: readonly string[] = ['open', 'read', 'stat'];

/**
 * Has the SDK find credentials, if it has none that are good: what its chain of services answers is not the store's word.
 *
 * @throws E_STORE_CREDENTIALS, TransientFault
 */
export async function identify({ config }: S3Client, store: string): Promise<void> {
  try {
    await config.credentials();
  } catch (error) {
    const { code, status } = s3Code(error);
    if (status !== undefined) throw credentialFault({ code, status }, store);
    if (FILE_CALLS.includes(textMember(error, 'syscall') ?? '')) {
      throw assayError('E_STORE_CREDENTIALS', { store, reason: messageOf(error) });
    }
    throw s3Fault(error, { store, bucket: '', operation: 'learn who asks' });
  }
}

/** What could not even be sent: no further attempt changes it. */
function notSent(error: TypeError, { store, operation }: RequestContext): AssayError {
  // Of what is put into headers only credentials come from outside as they are.
  return textMember(error, 'code') === 'ERR_INVALID_CHAR'
    ? assayError('E_STORE_CREDENTIALS', { store, reason: 'they have characters that no request can carry' })
    : assayError('E_STORE_REQUEST', { store, operation, reason: 'the request could not be made' });
}

/** Something else answers in the service's place: a page to sign in to a network, an error page with the status of success. */
export function notS3(store: string): TransientFault {
  return new TransientFault((attempts) =>
    assayError('E_STORE_UNREACHABLE', { store, operation: 'be asked', attempts, reason: 'what answers is not S3' }),
  );
}

/** Says that an upload in parts is no longer there: somebody completed it or gave it up. */
export class UploadGone extends Error {
  constructor() {
    super('the upload is no longer there');
    this.name = 'UploadGone';
  }
}

/** Says that the service took a part without telling its checksum: nothing says that it arrived as it was sent. */
export class NoPartChecksum extends Error {
  constructor() {
    super('the service does not check parts by their CRC32');
    this.name = 'NoPartChecksum';
  }
}

/** Whether the next call may get further: then what was sent is worth keeping. */
export function isPassing(error: AssayError): boolean {
  return error.code === 'E_STORE_UNREACHABLE' || error.code === 'E_STORE_BUSY';
}
