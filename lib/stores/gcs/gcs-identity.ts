import type { Bucket } from '@google-cloud/storage';
import { assayError, messageOf } from '../../errors.ts';
import { memberOf, textMember } from '../member-of.ts';
import { credentialFault } from '../requests/request-fault.ts';
import { gcsFailure, noCredentials } from './gcs-failure.ts';

/** Errors of a token service by their names (RFC 6749, 5.2). */
const OAUTH_ERROR = /^[a-z_]{1,40}$/;

/**
 * Has the SDK get the token that its next request bears, if it has none that is good. It would do so by itself, but then nobody could
 * tell what the token service answered from what the bucket did.
 *
 * @returns whether there is one; without any, public buckets can still be read
 * @throws E_STORE_CREDENTIALS, E_STORE_REQUEST, TransientFault
 */
export async function identify({ storage }: Bucket, store: string): Promise<boolean> {
  try {
    await storage.authClient.getRequestHeaders(storage.baseUrl);
    return true;
  } catch (error) {
    if (/Could not load the default credentials/.test(messageOf(error))) return false;
    const failure = gcsFailure(error);
    const reason = failure.status === undefined ? noCredentials(error) : undefined;
    if (reason !== undefined) throw assayError('E_STORE_CREDENTIALS', { store, reason });
    const named = textMember(memberOf(memberOf(error, 'response'), 'data'), 'error') ?? '';
    throw credentialFault(OAUTH_ERROR.test(named) ? { ...failure, code: named } : failure, store);
  }
}
