import { assayError } from '../../errors.ts';
import { withoutSecrets } from '../without-secrets.ts';

/** What names of buckets and containers may be made of; the services' own rules are narrower, and they check them. */
const BUCKET = /^[A-Za-z0-9$][A-Za-z0-9._-]{1,254}$/;

export interface BucketLocation {
  readonly bucket: string;
  /** Folder in the bucket, without slashes at its end; '' for none. */
  readonly prefix: string;
}

/** Reads `<scheme>://bucket/folder`. @throws E_STORE_LOCATION */
export function bucketLocation(location: string, scheme: string): BucketLocation {
  const [, bucket = '', path = ''] = /^[a-z0-9]+:\/\/([^/?#]*)\/?([^?#]*)$/i.exec(location) ?? [];
  if (!BUCKET.test(bucket)) {
    const reason = `it has to be ${scheme}://name or ${scheme}://name/folder`;
    throw assayError('E_STORE_LOCATION', { location: withoutSecrets(location), reason });
  }
  // Slashes within are a part of keys: two in a row are not one, in storage as in DVC.
  return { bucket, prefix: path.replace(/\/+$/, '') };
}

/** The location as text, which reads back as the same. */
export function bucketAddress(scheme: string, { bucket, prefix }: BucketLocation): string {
  return `${scheme}://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}
