import { deadUnsubscribePage, unsubscribePage } from '../../shared/email/unsubscribe-page.ts';
import { readUnsubscribeToken, type Subscription, unsubscribe } from '../../shared/usecases/unsubscribe.ts';
import { atLink, linkPage } from './link-page.ts';
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
    handle: (request, deps) =>
      atLink(request, deadUnsubscribePage, async (token) =>
        page(await readUnsubscribeToken(deps, token), false),
      ),
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
    handle: (request, deps) =>
      atLink(request, deadUnsubscribePage, async (token) => page(await unsubscribe(deps, token), true)),
  }),
];

function page({ brandName, email, locale }: Subscription, done: boolean): ApiAnswer {
  return linkPage(200, unsubscribePage({ brandName, email, locale, done }));
}
