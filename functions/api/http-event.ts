import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Language } from './answers.ts';
import type { ApiAnswer } from './route.ts';
import type { Reading } from './serve.ts';

/** What an HTTP API event (payload 2.0) says, in the product's words. */
export function readEvent(event: APIGatewayProxyEventV2): Reading {
  const headers = lowerCase(event.headers ?? {});
  const { http, requestId, stage, domainName } = event.requestContext;
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return {
    method: http.method.toUpperCase(),
    path: withoutStage(event.rawPath, stage),
    rawQuery: event.rawQueryString ?? '',
    headers,
    text: event.isBase64Encoded
      ? Buffer.from(event.body ?? '', 'base64').toString('utf8')
      : (event.body ?? ''),
    language: languageOf(headers['accept-language']),
    origin: `${scheme}://${headers.host ?? domainName}`,
    requestId,
  };
}

export function toResult(
  answer: ApiAnswer,
  reading: Pick<Reading, 'method'>,
): APIGatewayProxyStructuredResultV2 {
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const type = answer.body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    statusCode: answer.status,
    headers: {
      ...type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...lowerCase(answer.headers ?? {}),
    },
    body: reading.method === 'HEAD' ? '' : text,
    isBase64Encoded: false,
  };
}

/** `de` when the reader likes German at least as much as English, else `en`. */
export function languageOf(accept: string | undefined): Language {
  const liking = (language: string): number =>
    Math.max(
      -1,
      ...(accept ?? '').split(',').flatMap((part, place) => {
        const [tag = '', ...params] = part.trim().toLowerCase().split(';');
        const primary = tag.split('-')[0];
        const q = Number(/q=([\d.]+)/.exec(params.join(';'))?.[1] ?? 1);
        // Of equal weights the one named first wins.
        return primary === language && q > 0 ? [q - place / 1_000] : [];
      }),
    );
  return liking('de') > liking('en') ? 'de' : 'en';
}

function lowerCase(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}

/** A stage that is not `$default` stands before the path in `rawPath`. */
function withoutStage(rawPath: string, stage: string): string {
  const prefix = `/${stage}`;
  return rawPath === prefix || rawPath.startsWith(`${prefix}/`)
    ? rawPath.slice(prefix.length) || '/'
    : rawPath;
}
