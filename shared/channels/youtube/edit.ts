import * as z from 'zod';
import { refuseFixed } from '../../domain/fixed-parts.ts';
import { withLink } from '../check-content.ts';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import { call, reasonCode, successOf, toFailure, toHarmless, type YoutubeCredential } from './api.ts';
import { optionsOf } from './video.ts';

type Edit = NonNullable<Provider<YoutubeCredential>['edit']>;

/** What an upload decides; the rest of the options stands in the snippet. */
const FIXED = ['privacy', 'madeForKids', 'containsSyntheticMedia', 'playlistId', 'notifySubscribers'];

/**
 * Says title, description, tags, category and language anew. An update takes away whatever of the snippet it does not
 * say, and wants title and category: what nobody changes is read first and said again.
 * https://developers.google.com/youtube/v3/docs/videos/update
 */
export async function editOnYoutube(
  api: string,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, credential, externalId } = request;
  const refused = refuseFixed('YouTube', request, { options: FIXED });
  if (refused !== undefined) return refused;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const query = { part: 'snippet', id: externalId };
  const read = await context.http(call(api, credential, 'GET', 'videos', query));
  const videos = successOf(read, listed)?.items;
  if (videos === undefined) return toFailure(read, context.now());
  const present = videos.find(({ id }) => id === externalId)?.snippet;
  if (present === undefined) return GONE;
  const { title, tags, categoryId, language } = options;
  const snippet = {
    ...present,
    ...(title === undefined ? {} : { title }),
    description: withLink(variant),
    ...(tags === undefined ? {} : { tags }),
    ...(categoryId === undefined ? {} : { categoryId }),
    ...(language === undefined ? {} : { defaultLanguage: language }),
  };
  const body = { id: externalId, snippet };
  const answer = await context.http(call(api, credential, 'PUT', 'videos', { part: 'snippet' }, body));
  return successOf(answer, z.object({ id: z.string() })) === undefined
    ? failed(answer, context)
    : { kind: 'edited' };
}

const GONE = { kind: 'rejected', code: 'gone', reason: 'YouTube has no such video any more' } as const;

/** What of a snippet can be written. */
const listed = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        snippet: z.object({
          title: z.string(),
          categoryId: z.string(),
          tags: z.array(z.string()).optional(),
          defaultLanguage: z.string().optional(),
          defaultAudioLanguage: z.string().optional(),
        }),
      }),
    )
    .default([]),
});

function failed(answer: HttpAnswer, context: Context): Awaited<ReturnType<Edit>> {
  if (reasonCode(answer) === 'videoNotFound') return GONE;
  const outcome = toHarmless(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
