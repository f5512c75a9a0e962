import { AppError } from '../../shared/domain/app-error.ts';
import { deadUnsubscribePage, unsubscribePage } from '../../shared/email/unsubscribe-page.ts';
import { readUnsubscribeToken, type Subscription, unsubscribe } from '../../shared/usecases/unsubscribe.ts';
import { type ApiAnswer, type ApiRequest, type Route, route } from './route.ts';
import { wants } from './wants.ts';

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
    handle: (request, deps) =>
      orDead(request, async (token) => page(await readUnsubscribeToken(deps, token), false)),
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
    handle: (request, deps) => orDead(request, async (token) => page(await unsubscribe(deps, token), true)),
  }),
];

/** A person who followed a dead link reads a page; a program gets the usual problem. */
async function orDead(
  request: ApiRequest,
  answer: (token: string) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  try {
    return await answer(request.params.token ?? '');
  } catch (error) {
    const dead = error instanceof AppError && error.code === 'not_found';
    if (!dead || !wants(request, 'text/html')) throw error;
    return { status: 404, headers: HEADERS, text: deadUnsubscribePage(request.language) };
  }
}

function page({ brandName, email, locale }: Subscription, done: boolean): ApiAnswer {
  return { status: 200, headers: HEADERS, text: unsubscribePage({ brandName, email, locale, done }) };
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // The address holds the token.
  'referrer-policy': 'no-referrer',
};
