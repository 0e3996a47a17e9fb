import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A request as it leaves. */
export interface SignableRequest {
  readonly method: string;
  /** As it stands in the address, encoded. */
  readonly path: string;
  /** As `canonicalQuery` gives it. */
  readonly query: string;
  /** Lower-case names, `host` and `x-amz-content-sha256` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

/** Gives a request's headers with date, token and signature. */
export type Sign = (
  request: SignableRequest,
  identity: SigningIdentity,
  scope: SigningScope,
  date: Date,
) => Record<string, string>;

/** Headers that proxies change on their way, or that say nothing of the request: as the SDK's signer leaves them out. */
const UNSIGNED =
  /^(authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

/**
 * AWS Signature Version 4 for requests to S3, in headers, of one chunk. Source: "AWS Signature Version 4 for API requests" (IAM
 * User Guide) and "Authenticating Requests: Using the Authorization Header" (S3 API Reference). What the SDK's signer makes of
 * the same request is the same (test/stores/s3/s3-signature.test.ts), in a quarter of the time (bench/pointers/requests.ts).
 */
export function createSigner(): Sign {
  /** Whether headers of these names are signed. */
  const signs = new Map<string, boolean>();
  let derived: { readonly of: string; readonly key: KeyObject } | undefined;

  /** The key of a day, region and service. */
  function keyOf({ secretAccessKey }: SigningIdentity, scope: string): KeyObject {
    const of = `${scope}\n${secretAccessKey}`;
    if (derived?.of === of) return derived.key;
    const key = scope
      .split('/')
      .reduce<KeyObject>(
        (above, part) => createSecretKey(createHmac('sha256', above).update(part).digest()),
        createSecretKey(`AWS4${secretAccessKey}`, 'utf8'),
      );
    derived = { of, key };
    return key;
  }

  return ({ method, path, query, headers }, identity, { region, service }, date) => {
    const time = `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const { sessionToken } = identity;
    const sent: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    };
    const names: string[] = [];
    for (const name of Object.keys(sent)) {
      let signed = signs.get(name);
      if (signed === undefined) {
        signed = !UNSIGNED.test(name);
        signs.set(name, signed);
      }
      if (signed) names.push(name);
    }
    names.sort();
    const signedHeaders = names.join(';');
    let lines = '';
    for (const name of names) lines += `${name}:${(sent[name] ?? '').trim().replace(/\s+/g, ' ')}\n`;
    const canonical = `${method}\n${path}\n${query}\n${lines}\n${signedHeaders}\n${sent['x-amz-content-sha256'] ?? ''}`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    const signature = createHmac('sha256', keyOf(identity, scope)).update(text).digest('hex');
    const credential = `Credential=${identity.accessKeyId}/${scope}`;
    sent.authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return sent;
  };
}

/** The query as it is signed, and as it stands in the address: sorted, everything but letters, digits and `-_.~` encoded. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const values = new Map(Object.entries(query).map(([name, value]) => [encoded(name), encoded(value)]));
  return [...values.keys()]
    .sort()
    .map((name) => `${name}=${values.get(name)}`)
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
