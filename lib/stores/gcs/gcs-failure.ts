import { messageOf } from '../../errors.ts';
import { memberOf, numberMember, textMember } from '../member-of.ts';
import type { RequestFailure } from '../requests/request-fault.ts';

/** What an error of Google's SDK says, without the address that its message may quote. */
export function gcsFailure(error: unknown): RequestFailure {
  const code = memberOf(error, 'code');
  const answered = memberOf(memberOf(error, 'response'), 'headers');
  const retryAfter = textMember(error, 'retryAfter') ?? textMember(answered, 'retry-after');
  const number = numberMember(error, 'status') ?? (/^\d{3}$/.test(`${code}`) ? Number(code) : undefined);
  // A message of the network's names no secret; one of the service is not needed beside its status.
  const word = number === undefined ? (typeof code === 'string' ? code : withoutAddress(messageOf(error))) : '';
  return { status: number, code: word, retryAfter };
}

export const NO_CREDENTIALS = 'Application Default Credentials found none';

/** What keeps the SDK from asking at all, without its message: that may quote the key. Undefined for other failures. */
export function noCredentials(error: unknown): string | undefined {
  const message = messageOf(error);
  if (/default credentials|invalid_grant|ENOENT|EISDIR|EACCES/.test(message)) return NO_CREDENTIALS;
  const code = memberOf(error, 'code');
  const unusable = /key must be|private_key|client_email|JSON at|valid JSON|Unexpected (token|end)/;
  const isKey = unusable.test(message) || (typeof code === 'string' && /^ERR_(OSSL|CRYPTO)/.test(code));
  return isKey ? 'the key that is set cannot be read' : undefined;
}

function withoutAddress(message: string): string {
  return message.replace(/^request to \S+ failed, reason: | at https?:\S+/g, '');
}
