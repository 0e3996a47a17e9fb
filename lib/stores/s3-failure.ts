import { type AssayError, assayError, messageOf } from '../errors.ts';
import { type RequestContext, requestFault } from './request-fault.ts';
import type { TransientFault } from './retry.ts';

/** A member of something unknown, if it has it. */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The service's name of the error that the SDK threw, and its HTTP status. Everything else of it stays where it is. */
export function s3Code(error: unknown): { readonly code: string; readonly status: number | undefined } {
  const name = memberOf(error, 'name');
  const code = memberOf(error, 'code');
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
  if (typeof name !== 'string') return { code: messageOf(error), status: undefined };
  return {
    code: name === 'Error' && typeof code === 'string' ? code : name,
    status: typeof status === 'number' ? status : undefined,
  };
}

function headerOf(error: unknown, name: string): string | undefined {
  const value = memberOf(memberOf(memberOf(error, '$response'), 'headers'), name);
  return typeof value === 'string' ? value : undefined;
}

/** What an error of the SDK means. No part of its message is kept where credentials or addresses may be in it. */
export function s3Fault(error: unknown, context: RequestContext): AssayError | TransientFault {
  const { code, status } = s3Code(error);
  if (status === undefined && /Credential|^TokenProvider/.test(code)) {
    return assayError('E_STORE_CREDENTIALS', { store: context.store, reason: messageOf(error) });
  }
  const [retryAfter, region] = [headerOf(error, 'retry-after'), headerOf(error, 'x-amz-bucket-region')];
  return requestFault({ code, status, retryAfter, region }, context);
}

/** Says that an upload in parts is no longer there: somebody completed it or gave it up. */
export class UploadGone extends Error {
  constructor() {
    super('the upload is no longer there');
    this.name = 'UploadGone';
  }
}
