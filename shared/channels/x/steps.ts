import * as z from 'zod';
import { partsOf } from '../../domain/content.ts';
import type { Instant } from '../../domain/time.ts';
import { handles } from '../handle.ts';
import { doubtDuplicate } from '../outcome.ts';
import type { Context, FindRequest, Found, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { call, successJson, toRefusal, type XAccess, type XCredential } from './api.ts';
import { lookFor } from './find.ts';
import { uploadImages } from './media.ts';
import { isGif, optionsOf, render, toPost, toReply } from './post.ts';
import { uploadInSegments, uploadState } from './segments.ts';

/** What an earlier step left: the upload that is under way, or the ids of the posts that are out. */
const handleSchema = z.strictObject({
  upload: uploadState.optional(),
  out: z.array(z.string()).min(1).optional(),
});
type Handle = z.infer<typeof handleSchema>;

const { handleOf, pending } = handles(handleSchema);

type Request = PublishRequest<XCredential>;

/** One step: some of the upload, the post, or the next post of its thread. */
export async function nextStep(access: XAccess, request: Request, context: Context): Promise<Outcome> {
  const { upload, out } = handleOf(request.delivery);
  if (out !== undefined) return sendPart(access, request, out, context);
  const options = optionsOf(request.variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const ids = await uploaded(access, request, upload, context);
  if ('kind' in ids) return ids;
  const answer = await context.send(call(access, 'POST', '/2/tweets', toPost(request.variant, options, ids)));
  const outcome = await doubtDuplicate(toOutcome(answer, request.channel.account.handle, context.now()), () =>
    lookFor(access, wantedRoot(request), context),
  );
  if (outcome.kind !== 'published' || partsOf(request.variant).length === 0) return outcome;
  const { externalId, url } = outcome;
  return { ...pending({ out: [externalId] }, context.now()), out: { externalId, url } };
}

async function uploaded(
  access: XAccess,
  { variant: { media = [] }, delivery }: Request,
  state: Handle['upload'],
  context: Context,
): Promise<readonly string[] | Outcome> {
  const upload = { access, context, key: delivery.key };
  const [first] = media;
  if (first === undefined) return [];
  const isImages = !isGif(first) && first.files[0]?.type.startsWith('image/');
  if (isImages) return uploadImages(upload, media);
  const done = await uploadInSegments(upload, first, state);
  if (done.kind === 'ready') return [done.id];
  return done.kind === 'goOn' ? pending({ upload: done.state }, done.checkAt) : done;
}

const created = z.object({ data: z.object({ id: z.string().min(1) }) });

/** What became of a post that was sent. */
export function toOutcome(answer: HttpAnswer, username: string, now: Instant): Outcome {
  const id = created.safeParse(successJson(answer)).data?.data.id;
  if (id === undefined) return toRefusal(answer, now);
  return { kind: 'published', externalId: id, url: urlOf(username, id) };
}

const urlOf = (username: string, id: string): string => `https://x.com/${username}/status/${id}`;

/** Sends the next post of the thread, or the first comment; every post answers to the one before, the comment to the root. */
async function sendPart(
  access: XAccess,
  request: Request,
  out: readonly string[],
  context: Context,
): Promise<Outcome> {
  const [root = '', ...sent] = out;
  const { variant, channel } = request;
  const text = partsOf(variant)[sent.length];
  const isOut = { externalId: root, url: urlOf(channel.account.handle, root), parts: sent };
  if (text === undefined) return { kind: 'published', ...isOut };
  const isComment = sent.length >= (variant.thread?.length ?? 0);
  const inReplyTo = isComment ? root : (out.at(-1) ?? root);
  const answer = await context.send(call(access, 'POST', '/2/tweets', toReply(text, inReplyTo)));
  const outcome = await doubtDuplicate(toOutcome(answer, channel.account.handle, context.now()), () =>
    lookFor(access, wantedPart(request, out), context),
  );
  if (outcome.kind === 'rejected') {
    const what = isComment ? 'the first comment' : `post ${out.length + 1} of the thread`;
    return { kind: 'published', ...isOut, missing: `${what} was refused: ${outcome.reason}` };
  }
  if (outcome.kind !== 'published') return outcome;
  const parts = [...sent, outcome.externalId];
  if (parts.length === partsOf(variant).length) return { kind: 'published', ...isOut, parts };
  return { ...pending({ out: [root, ...parts] }, context.now()), parts };
}

/** The post itself: also one of an earlier attempt, which was made when it was due at the earliest. */
const wantedRoot = ({ variant, channel, delivery }: Request) => ({
  userId: channel.account.id,
  text: render(variant),
  media: variant.media?.length ?? 0,
  since: delivery.dueAt,
  excluding: new Set<string>(),
});

const wantedPart = (request: Request, out: readonly string[]) => ({
  ...wantedRoot(request),
  text: partsOf(request.variant)[out.length - 1] ?? '',
  media: 0,
  root: out[0] ?? '',
  excluding: new Set(out),
});

/** Looks for what the last step may have sent. */
export async function findStep(
  access: XAccess,
  request: FindRequest<XCredential>,
  context: Context,
): Promise<Found> {
  const { out = [] } = handleOf(request.delivery);
  const wanted = out.length === 0 ? wantedRoot(request) : wantedPart(request, out);
  const since = Math.min(request.since, wanted.since);
  const excluding = new Set([...request.excluding, ...wanted.excluding]);
  const seen = await lookFor(access, { ...wanted, since, excluding }, context);
  if (seen.kind !== 'seen') return seen;
  const found = { externalId: seen.id, url: urlOf(request.channel.account.handle, seen.id) } as const;
  if (partsOf(request.variant).length === 0) return { kind: 'found', ...found };
  return { kind: 'found', ...found, then: JSON.stringify({ out: [...out, seen.id] } satisfies Handle) };
}
