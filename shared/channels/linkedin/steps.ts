import * as z from 'zod';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import { handles } from '../handle.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { call, enc, type LinkedinAccess, type LinkedinCredential, problemOf, toRefusal } from './api.ts';
import { LONGEST_PROCESSING, type MediaState, mediaState, uploadFiles, usableMedia } from './media.ts';
import { mediaKind, optionsOf, toPost } from './post.ts';
import { uploadVideo, videoState } from './video.ts';

/** What an earlier step left: media under way, or the URNs of the post and its first comment. */
const handleSchema = z.strictObject({
  media: mediaState.optional(),
  video: videoState.optional(),
  out: z.array(z.string()).min(1).optional(),
});
export type Handle = z.infer<typeof handleSchema>;

export const { handleOf, pending } = handles(handleSchema);

type Request = PublishRequest<LinkedinCredential>;

/** One step: some of the upload, a look whether it is usable, the post, or its first comment. */
export async function nextStep(access: LinkedinAccess, request: Request, context: Context): Promise<Outcome> {
  const handle = handleOf(request.delivery);
  if (handle.out !== undefined) return sendComment(access, request, handle.out, context);
  const options = optionsOf(request.variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const brought = await bring(access, request, handle, context);
  if ('kind' in brought) return brought;
  const { urns, state } = brought;
  const { author } = access.credential;
  const body = toPost(request.variant, options, author, urns);
  const answer = await context.send(call(access, 'POST', '/rest/posts', body));
  const now = context.now();
  if (state !== undefined && isUnready(answer) && now < state.at + LONGEST_PROCESSING) {
    return pending({ media: state }, now + 15 * SECOND);
  }
  const outcome = doubtNamed(toOutcome(answer, now), request.delivery.dueAt);
  if (outcome.kind !== 'published' || request.variant.firstComment === undefined) return outcome;
  const { externalId, url } = outcome;
  return { ...pending({ out: [externalId] }, now), out: { externalId, url } };
}

type Brought = { readonly urns: readonly string[]; readonly state?: MediaState };

/** The variant's media, usable, or how far they are. */
async function bring(
  access: LinkedinAccess,
  { variant }: Request,
  handle: Handle,
  context: Context,
): Promise<Brought | Outcome> {
  const { media = [] } = variant;
  const kind = mediaKind(variant);
  const [first] = media;
  if (kind === undefined || first === undefined) return { urns: [] };
  const upload = { access, context };
  const before = handle.media ?? { ids: [], usable: 0, at: context.now() };
  const isThere = before.ids.length > 0;
  const state =
    kind !== 'video'
      ? await uploadFiles(upload, kind, media, before)
      : isThere
        ? before
        : await uploadVideo(upload, first, handle.video);
  if ('kind' in state) {
    if (state.kind === 'goOn') return pending({ media: state.state }, state.checkAt);
    return state.kind === 'goOnVideo' ? pending({ video: state.state }, state.checkAt) : state;
  }
  const urns = await usableMedia(upload, kind, state);
  if (!('kind' in urns)) return { urns, state };
  return urns.kind === 'goOn' ? pending({ media: urns.state }, urns.checkAt) : urns;
}

/** Refused for now: the media are not processed yet, which a member's token is not told before. */
const isUnready = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' &&
  answer.status === 400 &&
  /WAITING_UPLOAD|PROCESSING$/.test(problemOf(answer).code);

/** What became of a post that was sent; its URN stands in a header. */
export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const urn = answer.kind === 'answered' && answer.status === 201 ? answer.headers['x-restli-id'] : undefined;
  if (urn === undefined || urn === '') return toRefusal(answer, now);
  return { kind: 'published', externalId: urn, url: urlOf(urn) };
}

export const urlOf = (urn: string): string => `https://www.linkedin.com/feed/update/${urn}/`;

/**
 * LinkedIn names the post that stands there already. One that was made since this was due may be what an earlier
 * attempt of ours left: of a page `find` tells, of a member a person. The name alone proves nothing, for it may be that
 * of another delivery with the same words, or of no post at all: a name made for the refused request, under which
 * nothing stands (https://github.com/ComposioHQ/composio/issues/2710). An older one is another post.
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/ugc-post-api: 422, for ten minutes
 */
function doubtNamed(outcome: Outcome, dueAt: Instant): Outcome {
  if (outcome.kind !== 'rejected' || outcome.code !== 'duplicate') return outcome;
  const [urn] = /urn:li:(?:share|ugcPost):\d+/.exec(outcome.reason) ?? [];
  const madeAt = urn && timeOf(urn);
  if (!madeAt || madeAt < dueAt - MINUTE) return outcome;
  return { kind: 'uncertain', reason: outcome.reason };
}

/** The first bits of LinkedIn's ids are milliseconds since 1970: seen, not documented. */
const timeOf = (urn: string): Instant => Number(BigInt(urn.slice(urn.lastIndexOf(':') + 1)) >> 22n);

const commented = z.object({ commentUrn: z.string().min(1) });

async function sendComment(
  access: LinkedinAccess,
  { variant }: Request,
  [root = '', comment]: readonly string[],
  context: Context,
): Promise<Outcome> {
  const isOut = { externalId: root, url: urlOf(root) };
  const { firstComment } = variant;
  if (comment !== undefined) return { kind: 'published', ...isOut, parts: [comment] };
  if (firstComment === undefined) return { kind: 'published', ...isOut };
  const body = { actor: access.credential.author, object: root, message: { text: firstComment } };
  const path = `/rest/socialActions/${enc(root)}/comments`;
  const answer = await context.send(call(access, 'POST', path, body));
  if (answer.kind === 'answered' && answer.status === 201) {
    const urn = commented.safeParse(answer.json).data?.commentUrn ?? answer.headers['x-restli-id'];
    return { kind: 'published', ...isOut, ...(urn === undefined ? {} : { parts: [urn] }) };
  }
  const outcome = toRefusal(answer, context.now());
  if (outcome.kind !== 'rejected') return outcome;
  return { kind: 'published', ...isOut, missing: `the first comment was refused: ${outcome.reason}` };
}
