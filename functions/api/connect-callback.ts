import * as z from 'zod';
import { AppError } from '../../shared/domain/app-error.ts';
import { choicePage, connectedPage, refusedPage } from '../../shared/email/connect-page.ts';
import { chooseByForm } from '../../shared/usecases/choose-account.ts';
import { finishLogin } from '../../shared/usecases/finish-login.ts';
import { presentFinding } from './answers.ts';
import { inGerman } from './german.ts';
import { linkPage } from './link-page.ts';
import { PROBLEMS } from './problem.ts';
import { type ApiAnswer, type ApiRequest, type Route, route } from './route.ts';

const tag = 'Connecting';

export const connectPageRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/connect/callback',
    operationId: 'finishLogin',
    summary: 'Where a network sends the browser back to',
    description:
      'Good for one visit: the code is exchanged, and what comes of it is told on a page. A login with several accounts ' +
      'ends on a page with a button for each.',
    tag,
    scope: 'public',
    query: z.object({
      state: z.string().optional().describe('As it stood in the address that began the login'),
      code: z.string().optional(),
      error: z.string().optional().describe('Instead of `code`, RFC 6749 §4.1.2.1'),
      error_description: z.string().optional(),
    }),
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: (request, deps) =>
      orRefused(request, async () => {
        const finished = await finishLogin(deps, request.query);
        const { language } = request;
        if (finished.kind === 'choose') {
          const { login, token } = finished;
          const network = (await deps.provider(login.network))?.name ?? login.network;
          return linkPage(200, choicePage({ language, network, token, choices: login.choices ?? [] }));
        }
        const { account, name } = finished.channel;
        return linkPage(200, connectedPage({ language, name, account, returnUrl: finished.login.returnUrl }));
      }),
  }),
  route({
    method: 'POST',
    path: '/v1/connect/choose',
    operationId: 'chooseByForm',
    summary: 'What a button of that page sends',
    description: 'The token stands in the page, is random, and good for one choice.',
    tag,
    scope: 'public',
    body: z.object({ token: z.string().max(200), choice: z.string().max(2_000) }).meta({ id: 'ChoiceForm' }),
    bodyType: 'application/x-www-form-urlencoded',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: (request, deps) =>
      orRefused(request, async () => {
        const { login, channel } = await chooseByForm(deps, request.body);
        const { language } = request;
        const { account, name } = channel;
        return linkPage(200, connectedPage({ language, name, account, returnUrl: login.returnUrl }));
      }),
  }),
];

/** Only browsers come here: what a use case refuses becomes a page, with the status that it has everywhere. */
async function orRefused(
  { language }: Pick<ApiRequest, 'language'>,
  answer: () => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const message = language === 'de' ? inGerman(error.message) : error.message;
    const reasons = error.findings.map((found) => presentFinding(found, language).message);
    return linkPage(PROBLEMS[error.code].status, refusedPage({ language, message, reasons }));
  }
}
