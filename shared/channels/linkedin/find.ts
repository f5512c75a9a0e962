import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { reasonOf } from '../outcome.ts';
import type { Context, FindRequest, Found, HttpAnswer } from '../provider.ts';
import { call, enc, isPage, type LinkedinAccess, type LinkedinCredential, successJson } from './api.ts';
import { render } from './post.ts';
import { type Handle, handleOf, urlOf } from './steps.ts';
import { escapeLittleText } from './text.ts';

/** How far LinkedIn's clock may be behind ours. */
const CLOCK_TOLERANCE = MINUTE;
const PAGE = 50;

const post = z.object({
  id: z.string(),
  commentary: z.string().default(''),
  lifecycleState: z.string().optional(),
  createdAt: z.number(),
  lastModifiedAt: z.number().optional(),
});
const posts = z.object({ elements: z.array(post) });
export type PostElement = z.infer<typeof post>;

const comments = z.object({
  elements: z.array(
    z.object({
      id: z.string(),
      commentUrn: z.string().optional(),
      actor: z.string(),
      message: z.object({ text: z.string() }),
      created: z.object({ time: z.number() }).optional(),
    }),
  ),
});

/** Looks among a page's newest posts, or a post's comments. What a member has written may not be read. */
export async function findStep(
  access: LinkedinAccess,
  request: FindRequest<LinkedinCredential>,
  context: Context,
): Promise<Found> {
  if (!isPage(access.credential.author)) {
    return { kind: 'cannotTell', reason: 'LinkedIn lets nobody read what a member has posted' };
  }
  const { out } = handleOf(request.delivery);
  return out?.[0] === undefined
    ? findPost(access, request, context)
    : findComment(access, request, out[0], context);
}

async function findPost(
  access: LinkedinAccess,
  { variant, delivery, since, excluding }: FindRequest<LinkedinCredential>,
  context: Context,
): Promise<Found> {
  const { author } = access.credential;
  const path = `/rest/posts?q=author&author=${enc(author)}&count=${PAGE}&sortBy=LAST_MODIFIED`;
  const answer = await context.http(finder(access, path));
  const elements = posts.safeParse(successJson(answer)).data?.elements;
  if (elements === undefined) return unread(answer);
  // Also what an earlier attempt left, which was made when it was due at the earliest.
  const from = Math.min(since, delivery.dueAt) - CLOCK_TOLERANCE;
  const match = matchAmong(elements, { text: render(variant), from, excluding });
  if (match !== undefined) {
    const found = { kind: 'found', externalId: match.id, url: urlOf(match.id) } as const;
    if (variant.firstComment === undefined) return found;
    return { ...found, then: JSON.stringify({ out: [match.id] } satisfies Handle) };
  }
  const last = elements.at(-1);
  const isAll = elements.length < PAGE || (last?.lastModifiedAt ?? last?.createdAt ?? 0) < from;
  return isAll ? { kind: 'absent' } : { kind: 'cannotTell', reason: `${PAGE} newer posts stand before it` };
}

async function findComment(
  access: LinkedinAccess,
  { variant, since, excluding }: FindRequest<LinkedinCredential>,
  root: string,
  context: Context,
): Promise<Found> {
  const answer = await context.http(finder(access, `/rest/socialActions/${enc(root)}/comments?count=100`));
  const elements = comments.safeParse(successJson(answer)).data?.elements;
  if (elements === undefined) return unread(answer);
  const match = elements.find(
    ({ id, commentUrn, actor, message, created }) =>
      actor === access.credential.author &&
      plain(message.text) === plain(variant.firstComment ?? '') &&
      (created?.time ?? since) >= since - CLOCK_TOLERANCE &&
      !excluding.has(commentUrn ?? id),
  );
  if (match === undefined) return { kind: 'absent' };
  const urn = match.commentUrn ?? match.id;
  return {
    kind: 'found',
    externalId: urn,
    url: urlOf(root),
    then: JSON.stringify({ out: [root, urn] } satisfies Handle),
  };
}

const finder = (access: LinkedinAccess, path: string) => {
  const request = call(access, 'GET', path);
  return { ...request, headers: { ...request.headers, 'x-restli-method': 'FINDER' } };
};

const unread = (answer: HttpAnswer): Found => ({
  kind: 'cannotTell',
  reason: answer.kind === 'answered' ? reasonOf(answer) : answer.reason,
});

/** The oldest that fits. */
export function matchAmong(
  elements: readonly PostElement[],
  wanted: { readonly text: string; readonly from: Instant; readonly excluding: ReadonlySet<string> },
): PostElement | undefined {
  const text = plainLittle(escapeLittleText(wanted.text));
  return elements
    .filter(
      ({ id, commentary, createdAt, lifecycleState }) =>
        createdAt >= wanted.from &&
        lifecycleState !== 'PUBLISH_FAILED' &&
        plainLittle(commentary) === text &&
        !wanted.excluding.has(id),
    )
    .toSorted((a, b) => a.createdAt - b.createdAt)[0];
}

/** Little text without its escapes, every hashtag in its short form: LinkedIn gives it back in another one. */
const plainLittle = (text: string): string =>
  plain(text.replace(/\{hashtag\|\\?#\|((?:[^{}\\]|\\.)*)\}/g, '#$1').replace(/\\(.)/gs, '$1'));

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();
