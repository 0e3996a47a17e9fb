import { messageOf } from '../errors.ts';
import { memberOf, numberMember, textMember } from './member-of.ts';
import type { RequestFailure } from './request-fault.ts';

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

function withoutAddress(message: string): string {
  return message.replace(/ at https?:\S+/g, '');
}
