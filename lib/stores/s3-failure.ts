import { z } from 'zod';
import { type AssayError, assayError, messageOf } from '../errors.ts';
import { type RequestContext, requestFault } from './request-fault.ts';
import type { TransientFault } from './retry.ts';

/** The parts of the SDK's errors that are read; everything else of them stays where it is. */
const S3Error = z.object({
  name: z.string(),
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
  $response: z
    .object({ headers: z.record(z.string(), z.string()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** The service's name of the error that the SDK threw, and its HTTP status. */
export function s3Code(error: unknown): { readonly code: string; readonly status: number | undefined } {
  const parsed = S3Error.safeParse(error);
  if (!parsed.success) return { code: messageOf(error), status: undefined };
  const { name, code, $metadata } = parsed.data;
  return { code: name === 'Error' && code !== undefined ? code : name, status: $metadata?.httpStatusCode };
}

/** What an error of the SDK means. No part of its message is kept where credentials or addresses may be in it. */
export function s3Fault(error: unknown, context: RequestContext): AssayError | TransientFault {
  const { code, status } = s3Code(error);
  if (status === undefined && /Credential|^TokenProvider/.test(code)) {
    return assayError('E_STORE_CREDENTIALS', { store: context.store, reason: messageOf(error) });
  }
  const parsed = S3Error.safeParse(error);
  const headers = parsed.success ? parsed.data.$response?.headers : undefined;
  return requestFault(
    { code, status, retryAfter: headers?.['retry-after'], region: headers?.['x-amz-bucket-region'] },
    context,
  );
}

/** Says that an upload in parts is no longer there: somebody completed it or gave it up. */
export class UploadGone extends Error {
  constructor() {
    super('the upload is no longer there');
    this.name = 'UploadGone';
  }
}
