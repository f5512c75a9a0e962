import { refuseFixed } from '../../domain/fixed-parts.ts';
import { reasonOf } from '../outcome.ts';
import type { Context, HttpRequest, Provider } from '../provider.ts';
import { call, enc, type LinkedinAccess, type LinkedinCredential, toFailure, toRefusal } from './api.ts';
import { isCard, NAME, render } from './post.ts';
import { escapeLittleText } from './text.ts';

type Edit = NonNullable<Provider<LinkedinCredential>['edit']>;

const FIXED = ['visibility', 'title', 'cardTitle', 'cardDescription', 'reshareDisabled'];

/** Says the commentary anew; nothing else of a post can be. A link that stands in the commentary is part of it. */
export async function editOnLinkedin(
  access: LinkedinAccess,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const refused = refuseFixed(NAME, request, { link: isCard(request.variant), options: FIXED });
  if (refused !== undefined) return refused;
  const answer = await context.http(toEdit(access, request));
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) return { kind: 'edited' };
  if (answer.kind === 'answered' && answer.status === 404) {
    return { kind: 'rejected', code: 'gone', reason: reasonOf(answer) };
  }
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}

/** https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api#update-posts */
export function toEdit(
  access: LinkedinAccess,
  { variant, externalId }: Pick<Parameters<Edit>[0], 'variant' | 'externalId'>,
): HttpRequest {
  const patch = { $set: { commentary: escapeLittleText(render(variant)) } };
  const request = call(access, 'POST', `/rest/posts/${enc(externalId)}`, { patch });
  return { ...request, headers: { ...request.headers, 'x-restli-method': 'PARTIAL_UPDATE' } };
}
