import { unsubscribePage } from '../../shared/email/unsubscribe-page.ts';
import { readUnsubscribeToken, type Subscription, unsubscribe } from '../../shared/usecases/unsubscribe.ts';
import { type ApiAnswer, type Route, route } from './route.ts';

const tag = 'Unsubscribing';
const path = '/v1/unsubscribe/{token}';

export const unsubscribeRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path,
    operationId: 'askToUnsubscribe',
    summary: 'The page behind the link in a mail',
    description: 'It only asks: mail scanners open every link, so a GET never decides anything.',
    tag,
    scope: 'public',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: async ({ params }, deps) => page(await readUnsubscribeToken(deps, params.token ?? ''), false),
  }),
  route({
    method: 'POST',
    path,
    operationId: 'unsubscribe',
    summary: 'End the mails of one brand to one recipient',
    description:
      'What the page’s button sends, and mail programs by themselves (RFC 8058). Repeating it is harmless.',
    tag,
    scope: 'public',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: async ({ params }, deps) => page(await unsubscribe(deps, params.token ?? ''), true),
  }),
];

function page({ brandName, email, locale }: Subscription, done: boolean): ApiAnswer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      // The address holds the token.
      'referrer-policy': 'no-referrer',
    },
    text: unsubscribePage({ brandName, email, locale, done }),
  };
}
