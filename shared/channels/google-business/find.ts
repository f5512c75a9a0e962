import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { ok } from '../outcome.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { readSince } from '../read-since.ts';
import {
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleFailure,
  googleReason,
  postsOf,
} from './api.ts';
import { renderGoogle, topicOf } from './post.ts';
import { type LocalPost, postSchema } from './state.ts';

type Look = FindRequest<GoogleBusinessCredential>;
const PAGE = '100';

/**
 * Looks for the delivery among the new posts of the business. No page of Google's promises the order of the list:
 * https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts/list
 */
export async function findOnGoogle(hosts: GoogleHosts, request: Look, context: Context): Promise<Found> {
  const url = postsOf(hosts, request.credential);
  const read = async (pageToken: string | undefined) => {
    const query = { pageSize: PAGE, ...(pageToken === undefined ? {} : { pageToken }) };
    const answer = await context.http(bearerRequest(request.credential, 'GET', url, { query }));
    const page = ok(answer, pageSchema);
    if (page !== undefined) return { entries: page.localPosts, next: page.nextPageToken || undefined };
    const reason = googleReason(googleFailure(answer, context.now()));
    return { kind: 'cannotTell' as const, reason };
  };
  const listed = await readSince(read, madeAt, request.since - MINUTE);
  return 'kind' in listed ? listed : findAmong(listed, request, context);
}

const pageSchema = z.object({
  localPosts: z.array(postSchema).default([]),
  nextPageToken: z.string().optional(),
});

/** A post without a time may be new. */
function madeAt({ createTime = '' }: LocalPost): Instant {
  const at = Date.parse(createTime);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

/** The delivery among the new posts, by its words, kind and time; the oldest of several. */
function findAmong(
  { entries, whole }: { entries: readonly LocalPost[]; whole: boolean },
  { variant, since, excluding, channel }: Look,
  context: Context,
): Found {
  const words = plain(renderGoogle(variant));
  const match = entries
    .filter((post) => madeAt(post) >= since - MINUTE)
    .toSorted((a, b) => madeAt(b) - madeAt(a))
    .findLast(
      ({ name, summary, topicType = 'STANDARD' }) =>
        plain(summary) === words && topicType === topicOf(variant) && !excluding.has(name),
    );
  if (match === undefined) {
    return whole ? { kind: 'absent' } : { kind: 'cannotTell', reason: 'too many posts stand before it' };
  }
  const { name, state, searchUrl } = match;
  const settled = state !== 'PROCESSING' && state !== 'REJECTED';
  const then = settled ? {} : { then: JSON.stringify({ name, since: context.now() }) };
  return { kind: 'found', externalId: name, url: searchUrl ?? channel.account.url, ...then };
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
