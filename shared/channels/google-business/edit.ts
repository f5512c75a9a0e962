import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { notEditable } from '../../domain/fixed-parts.ts';
import { bearerRequest } from '../bearer.ts';
import { ok } from '../outcome.ts';
import type { Context, HttpRequest, Provider } from '../provider.ts';
import {
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleFailure,
  googleReadFailure,
  googleReason,
  isGoogleGone,
} from './api.ts';
import { toLocalPost, topicOf } from './post.ts';

type Edit = NonNullable<Provider<GoogleBusinessCredential>['edit']>;

/** Says text, button, event and offer anew; Google looks at the post again then. */
export async function editOnGoogle(
  hosts: GoogleHosts,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, was = variant } = request;
  if (topicOf(was) !== topicOf(variant)) {
    return notEditable('Google makes no event or offer of another post, and none of those a plain post');
  }
  const answer = await context.http(toEdit(hosts, request));
  const post = ok(answer, z.object({ state: z.string().optional() }));
  if (post?.state === 'REJECTED') {
    const reason = 'Google has rejected the post for its new content.';
    return { kind: 'rejected', code: 'content_refused', reason };
  }
  if (post !== undefined) return { kind: 'edited' };
  const failure = googleFailure(answer, context.now());
  if (isGoogleGone(answer)) return { kind: 'rejected', code: 'gone', reason: googleReason(failure) };
  return failure.kind === 'rejected' ? failure : googleReadFailure(answer, context.now());
}

/**
 * A field that is in the mask and not in the body is cleared: so goes a button whose link was taken away.
 * https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/patch
 */
export function toEdit(
  hosts: Pick<GoogleHosts, 'posts'>,
  {
    variant,
    was = variant,
    credential,
    externalId,
  }: { variant: Variant; was?: Variant; credential: GoogleBusinessCredential; externalId: string },
): HttpRequest {
  const name = externalId.split('/').map(encodeURIComponent).join('/');
  const body = changeable(variant);
  const mask = [...new Set([...Object.keys(body), ...Object.keys(changeable(was))])];
  return bearerRequest(credential, 'PATCH', `${hosts.posts}/v4/${name}`, {
    query: { updateMask: mask.join(',') },
    body,
  });
}

function changeable(variant: Variant): Readonly<Record<string, unknown>> {
  const { topicType: _topic, ...fields } = toLocalPost(variant, undefined);
  return fields;
}
