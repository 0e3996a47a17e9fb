import { messageOf } from '../errors.ts';
import { memberOf, numberMember, textMember } from './member-of.ts';
import type { RequestFailure } from './request-fault.ts';

/** What an error of Azure's SDK says; `name` is the SDK's own word for it. Its message may quote addresses and headers. */
export function azureFailure(error: unknown): RequestFailure & { readonly name: string } {
  const name = textMember(error, 'name');
  const code = textMember(error, 'code') ?? name ?? messageOf(error);
  const headers = memberOf(memberOf(error, 'response'), 'headers');
  const get = memberOf(headers, 'get');
  const retryAfter: unknown = typeof get === 'function' ? get.call(headers, 'retry-after') : undefined;
  return {
    name: name ?? 'Error',
    code,
    status: numberMember(error, 'statusCode'),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  };
}
