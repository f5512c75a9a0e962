import { SignatureV4 } from '@smithy/signature-v4';
import { type Instant, SECOND } from '../../domain/time.ts';
import { Sha256 } from './signer-hash.ts';

export type S3Place = {
  readonly bucket: string;
  readonly region: string | (() => Promise<string>);
  /** Another S3 than AWS's: buckets are then a part of the path. */
  readonly endpoint?: string;
  readonly credentials: S3Credentials | (() => Promise<S3Credentials>);
};
export type S3Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};
export type S3Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE';
/** The address of one object, signed for one method and for just these headers. */
export type PresignedS3 = (
  method: S3Method,
  path: string,
  valid: { at: Instant; ms: number },
  headers?: Readonly<Record<string, string>>,
) => Promise<string>;

/**
 * Addresses with the signature in the query (SigV4). The body is not signed; who wants it to be certain signs its
 * `x-amz-checksum-sha256`, which S3 compares with what it gets.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignedS3({ bucket, region, endpoint, credentials }: S3Place): PresignedS3 {
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: Sha256,
    // S3 alone takes the path into the signature as it is sent.
    uriEscapePath: false,
    applyChecksum: false,
  });
  return async (method, path, valid, headers = {}) => {
    const name = typeof region === 'string' ? region : await region();
    const { url, prefix } = endpoint
      ? { url: new URL(endpoint), prefix: `/${bucket}` }
      : { url: new URL(`https://${bucket}.s3.${name}.amazonaws.com`), prefix: '' };
    const signed = await signer.presign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: `${url.pathname.replace(/\/$/, '')}${prefix}/${path.split('/').map(encoded).join('/')}`,
        query: {},
        headers: { ...headers, host: url.host, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
      },
      {
        signingDate: new Date(valid.at),
        expiresIn: valid.ms / SECOND,
        // Where S3 looks for it: a checksum in the query would be a wish, not a condition.
        unhoistableHeaders: new Set(Object.keys(headers)),
      },
    );
    const query = Object.entries(signed.query ?? {}).map(
      ([key, value]) => `${key}=${encoded(String(value))}`,
    );
    return `${url.origin}${signed.path}?${query.join('&')}`;
  };
}

/** RFC 3986, as the signature has it: `encodeURIComponent` leaves five characters more. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
