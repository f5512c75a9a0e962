import * as z from 'zod';
import { AppError, notFound } from '../../shared/domain/app-error.ts';
import { type AssistStanding, assistPage, deadAssistPage } from '../../shared/email/assist-page.ts';
import type { Deps } from '../../shared/ports.ts';
import { assistView } from '../../shared/usecases/assist-view.ts';
import { type Followed, followAssistLink } from '../../shared/usecases/assisted-delivery.ts';
import { confirmByHand } from '../../shared/usecases/confirm-by-hand.ts';
import { presentFinding } from './answers.ts';
import { inGerman } from './german.ts';
import { atLink, linkPage } from './link-page.ts';
import { PROBLEMS } from './problem.ts';
import { type ApiAnswer, type ApiRequest, type Route, route } from './route.ts';

const tag = 'Assisted channels';
const path = '/v1/assist/{token}';

const confirmation = z
  .object({
    decision: z.enum(['published', 'not_published']),
    url: z.string().max(2_048).optional().describe('Of the published post'),
    reason: z.string().max(500).optional().describe('Why it cannot be published'),
  })
  .meta({ id: 'ByHandForm' });

export const assistRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path,
    operationId: 'showAssist',
    summary: 'The page behind the link in a mail that asks somebody to publish',
    description:
      'Text to copy, files, and two forms that say what became of it. It only shows: mail scanners open every link, so ' +
      'a GET never decides anything.',
    tag,
    scope: 'public',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: (request, deps) =>
      atLink(request, deadAssistPage, async (token) => {
        const followed = await followAssistLink(deps, token);
        return page(200, followed, pageUrl(request), {});
      }),
  }),
  route({
    method: 'POST',
    path,
    operationId: 'confirmByHand',
    summary: 'Say whether the post was published',
    description:
      'What the page’s buttons send. The delivery is published at this moment, or failed with the reason. Repeating it ' +
      'changes nothing; what was settled, called off or changed before is answered with 409 and a page that says so.',
    tag,
    scope: 'public',
    body: confirmation,
    bodyType: 'application/x-www-form-urlencoded',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: (request, deps) => atLink(request, deadAssistPage, (token) => confirm(request, deps, token)),
  }),
  route({
    method: 'GET',
    path: `${path}/media/{number}`,
    operationId: 'getAssistFile',
    summary: 'A file to be published by hand',
    description: 'Leads to a fresh address of the file, which is good for an hour. Numbers begin at 1.',
    tag,
    scope: 'public',
    answers: { 302: null },
    handle: async ({ params }, deps) => {
      const { task, standing } = await followAssistLink(deps, params.token ?? '');
      const wanted = /^[1-9]\d?$/.test(params.number ?? '')
        ? task.media[Number(params.number) - 1]
        : undefined;
      if (wanted === undefined || !SHOWN.includes(standing)) throw notFound('media');
      const location = await deps.bucket.readUrl(wanted.file.path);
      return { status: 302, headers: { location, 'referrer-policy': 'no-referrer' } };
    },
  }),
];

/** Of what was called off or changed meanwhile, an old link shows nothing any more. */
const SHOWN: readonly Followed['standing'][] = ['open', 'held', 'moving'];

async function confirm(
  request: ApiRequest<unknown, z.infer<typeof confirmation>>,
  deps: Deps,
  token: string,
): Promise<ApiAnswer> {
  const { body } = request;
  try {
    const followed = await confirmByHand(deps, token, body);
    const answered = followed.said ? 'said' : 'nothing';
    return page(followed.said ? 200 : 409, followed, pageUrl(request), { answered });
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'not_found') throw error;
    const followed = await followAssistLink(deps, token);
    const problem = { words: wordsOf(error, followed.brand.locale), url: body.url ?? '' };
    return page(PROBLEMS[error.code].status, followed, pageUrl(request), { problem });
  }
}

/** What is wrong, in the language of the page. */
function wordsOf({ message, findings }: AppError, locale: string): string {
  const language = locale.startsWith('de') ? 'de' : 'en';
  const said = language === 'de' ? inGerman(message) : message;
  return [said, ...findings.map((found) => presentFinding(found, language).message)].join(' ');
}

const pageUrl = ({ origin, params }: Pick<ApiRequest, 'origin' | 'params'>): string =>
  `${origin}/v1/assist/${params.token}`;

function page(
  status: number,
  followed: Followed,
  url: string,
  more: Pick<AssistStanding, 'answered' | 'problem'>,
): ApiAnswer {
  const { standing, delivery } = followed;
  const text = assistPage(assistView(followed, url), {
    standing,
    late: delivery.state === 'uncertain',
    publishedAt: delivery.publishedAt,
    url: delivery.url,
    reason: delivery.reason,
    ...more,
  });
  return linkPage(status, text);
}
