import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../shared/adapters/aws/signer-hash.ts';

/** One request to an AWS service for which the project carries no client: a command asks it once, and few things. */
export type AwsRequest = {
  /** Name in the signature, and in the host unless `host` says otherwise: `sts`, `lambda`. */
  readonly service: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};
/** Resolves with the body of a 2xx answer. @throws `AwsRefusal` for any other, and whatever `fetch` throws */
export type AwsCall = (request: AwsRequest) => Promise<string>;

class AwsRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(service: string, status: number, body: string) {
    const code =
      /<Code>(\w+)</.exec(body)?.[1] ?? /"(?:__type|code)":"(?:[^"#]*#)?(\w+)/i.exec(body)?.[1] ?? '';
    const text = /<Message>([^<]+)</.exec(body)?.[1] ?? /"message":"([^"]+)/i.exec(body)?.[1] ?? '';
    super(`${service} answered ${status} ${code} ${text}`.trim());
    this.name = code || 'AwsRefusal';
    this.status = status;
    this.code = code;
  }
}

/** Calls with the region, credentials and endpoint that the SDK finds for its own clients. */
export function awsCall({ config }: CloudFormationClient, environment = process.env): AwsCall {
  return async ({ service, method = 'GET', path = '/', query = {}, headers = {}, body }) => {
    const region = await config.region();
    const own = environment.AWS_ENDPOINT_URL;
    const url = new URL(own ?? `https://${service}.${region}.amazonaws.com`);
    const signer = new SignatureV4({
      service,
      region,
      credentials: config.credentials,
      sha256: Sha256,
      uriEscapePath: service !== 's3',
    });
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path,
      query: { ...query },
      headers: { ...headers, host: url.host },
      ...(body === undefined ? {} : { body }),
    });
    const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
    const answer = await fetch(`${url.origin}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: signed.headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new AwsRefusal(service, answer.status, text);
    return text;
  };
}

/** A service that speaks JSON 1.1 by POST and names its operation in a header. */
export const jsonOperation = (service: string, target: string, input: unknown): AwsRequest => ({
  service,
  method: 'POST',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body: JSON.stringify(input),
});

const PATIENCE_MS = 15_000;
