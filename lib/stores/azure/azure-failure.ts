import { messageOf } from '../../errors.ts';
import { memberOf, numberMember, textMember } from '../member-of.ts';
import type { RequestFailure } from '../requests/request-fault.ts';

/** Numbers of Microsoft Entra's errors, which its documentation explains. */
const SIGN_IN_ERROR = /\bAADSTS\d{1,10}\b/;

/**
 * What an error of Azure's SDK says; `name` is the SDK's own word for it, `signIn` that of the service that signs in. Its message may quote
 * addresses and headers.
 */
export function azureFailure(error: unknown): RequestFailure & { readonly name: string; readonly signIn?: string } {
  const name = textMember(error, 'name');
  const status = numberMember(error, 'statusCode');
  const headers = memberOf(memberOf(error, 'response'), 'headers');
  const get = memberOf(headers, 'get');
  const header = (which: string): string | undefined => {
    const value: unknown = typeof get === 'function' ? get.call(headers, which) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  // The answer to HEAD has no body; the SDK looks nowhere else (REST API, "Status and error codes").
  const code = textMember(error, 'code') ?? header('x-ms-error-code') ?? (status === undefined ? name : 'Unknown');
  const signIn = SIGN_IN_ERROR.exec(messageOf(error))?.[0];
  return {
    name: name ?? 'Error',
    code: code ?? messageOf(error),
    status,
    retryAfter: header('retry-after'),
    ...(signIn === undefined ? {} : { signIn }),
  };
}
