import { AppError } from '../../shared/domain/app-error.ts';
import type { Language } from './answers.ts';
import type { ApiAnswer, ApiRequest } from './route.ts';
import { wants } from './wants.ts';

/** A page behind a link whose address holds a secret: it runs no code, is framed by nobody, and tells no address. */
export const linkPage = (status: number, text: string): ApiAnswer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  },
  text,
});

/** What the link's token leads to. A person who followed a dead one reads a page; a program gets the usual problem. */
export async function atLink(
  request: ApiRequest<unknown, unknown>,
  deadPage: (language: Language) => string,
  answer: (token: string) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  try {
    return await answer(request.params.token ?? '');
  } catch (error) {
    const dead = error instanceof AppError && error.code === 'not_found';
    if (!dead || !wants(request, 'text/html')) throw error;
    return linkPage(404, deadPage(request.language));
  }
}
