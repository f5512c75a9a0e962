import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { partsOf } from '../../domain/content.ts';
import { kindOf } from '../../domain/media.ts';
import { handles } from '../handle.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { blobSchema, cardOf, type Embed, imagesOf, videoOf } from './embed.ts';
import { mentionedHandles } from './facets.ts';
import { uploadImages } from './images.ts';
import { type BlueskyOptions, hasCard, optionsOf } from './options.ts';
import { type Ref, textOf, toRecord } from './record.ts';
import { type BlueskyCredential, type Opened, openSession } from './session.ts';
import { uriOf } from './tid.ts';
import { anew, type VideoStep, videoState, videoStep } from './video.ts';
import { postUrl, write } from './write.ts';
import { resolveHandles } from './xrpc.ts';

type Request = PublishRequest<BlueskyCredential>;
type Session = Extract<Opened, { kind: 'open' }>;

/** What an earlier step left. Addresses follow from the delivery; the hashes that replies must name do not. */
const handleSchema = z.strictObject({
  video: videoState.optional(),
  /** The video, ready to be shown: the very same in every send. */
  blob: blobSchema.optional(),
  /** The post is out, and so many parts behind it; `parent` is what the next one answers to. */
  out: z.strictObject({ root: z.string(), parent: z.string(), sent: z.int() }).optional(),
});
export type Handle = z.infer<typeof handleSchema>;

export const { handleOf, pending } = handles(handleSchema);

/** One step: some of a video, the post with what it shows, or the next part of its thread. */
export async function nextStep(videoService: string, request: Request, context: Context): Promise<Outcome> {
  const { credential, channel, variant, delivery } = request;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const handle = handleOf(delivery);
  if (handle.out !== undefined) return sendPart(request, options, handle.out, context);
  const opened = await openSession(credential, channel.account.id, context);
  if (opened.kind !== 'open') return opened;
  const shown = await embedOf(videoService, request, options, handle, opened, context);
  if ('kind' in shown) return shown;

  const dids = await resolveHandles(opened.session, mentionedHandles(textOf(variant, 0) ?? ''), context);
  const record = toRecord(textOf(variant, 0) ?? '', options, delivery.dueAt, dids, shown);
  const written = await write(request, opened, 0, record, context);
  if (written.kind === 'blobGone') {
    if (handle.blob === undefined) return { kind: 'unavailable', reason: written.reason };
    return afterVideo(anew(handle.video ?? {}, written.reason, context.now()), handle, context);
  }
  if (written.kind !== 'written') return written;
  const out = { externalId: written.uri, url: written.url };
  if (partsOf(variant).length === 0) return { kind: 'published', ...out };
  const next = { root: written.cid, parent: written.cid, sent: 0 };
  return { ...pending({ out: next }, context.now()), out };
}

/** What the post shows beside its text, uploaded; or what must come before it is. */
async function embedOf(
  service: string,
  request: Request,
  options: BlueskyOptions,
  handle: Handle,
  opened: Session,
  context: Context,
): Promise<{ embed?: Embed } | Outcome> {
  const { variant } = request;
  const { media = [], link } = variant;
  const [first] = media;
  if (first?.files[0] !== undefined && kindOf(first.files[0].type) === 'video') {
    if (handle.blob !== undefined) return { embed: videoOf(handle.blob, first.files[0], first.alt) };
    const step = await videoStep({ service, request, context }, first, handle.video ?? {});
    return afterVideo(step, handle, context);
  }
  const images = await uploadImages(opened, media, context);
  if ('kind' in images) return images;
  if (link !== undefined && hasCard(variant)) return { embed: cardOf(link, options, images[0]?.blob) };
  return images.length === 0 ? {} : { embed: imagesOf(images) };
}

function afterVideo(step: VideoStep, { video }: Handle, context: Context): Outcome {
  if (step.kind === 'goOn') return pending({ video: step.state }, step.checkAt);
  // Kept before it is sent, so that a second send is the same record.
  if (step.kind === 'ready') return pending({ ...(video ? { video } : {}), blob: step.blob }, context.now());
  return step;
}

/** Sends the next part: each answers to the one before it, the first comment to the post itself. */
async function sendPart(
  request: Request,
  options: BlueskyOptions,
  state: NonNullable<Handle['out']>,
  context: Context,
): Promise<Outcome> {
  const { credential, channel, variant, delivery } = request;
  const { root, parent, sent } = state;
  const { account } = channel;
  const part = sent + 1;
  const text = textOf(variant, part);
  if (text === undefined) return published(request, sent);
  const opened = await openSession(credential, account.id, context);
  if (opened.kind !== 'open') return opened;
  const dids = await resolveHandles(opened.session, mentionedHandles(text), context);
  const rootRef: Ref = { uri: uriOf(account.id, delivery), cid: root };
  const isComment = isFirstComment(variant, part);
  const reply = {
    root: rootRef,
    parent: isComment ? rootRef : { uri: uriOf(account.id, delivery, sent), cid: parent },
  };
  // A millisecond later each: readers sort by this.
  const record = toRecord(text, options, delivery.dueAt + part, dids, { reply });
  const written = await write(request, opened, part, record, context);
  if (written.kind === 'rejected' || written.kind === 'blobGone') {
    const what = isComment ? 'the first comment' : `post ${part + 1} of the thread`;
    return { ...published(request, sent), missing: `${what} was refused: ${written.reason}` };
  }
  if (written.kind !== 'written') return written;
  const isOut = published(request, part);
  if (part === partsOf(variant).length) return isOut;
  const { parts = [] } = isOut;
  return { ...pending({ out: { root, parent: written.cid, sent: part } }, context.now()), parts };
}

const isFirstComment = ({ thread = [] }: Request['variant'], part: number): boolean => part > thread.length;

function published({ channel, delivery }: Request, parts: number): Outcome & { kind: 'published' } {
  const { account }: { account: Account } = channel;
  return {
    kind: 'published',
    externalId: uriOf(account.id, delivery),
    url: postUrl(account, uriOf(account.id, delivery)),
    ...(parts === 0
      ? {}
      : { parts: Array.from({ length: parts }, (_, n) => uriOf(account.id, delivery, n + 1)) }),
  };
}
