import { fileFor, kindOf, type MediaFile } from '../domain/media.ts';
import { codePoints } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import {
  call,
  isGone,
  PINTEREST_API,
  type PinterestCredential,
  pinterestCredential,
  toFailure,
  toRefusal,
} from './pinterest/api.ts';
import { findPin } from './pinterest/find.ts';
import { pinterestLogin, pinterestRenewal, verifyPinterest } from './pinterest/login.ts';
import { pinterestMetrics } from './pinterest/metrics.ts';
import {
  boardOf,
  checkPin,
  optionsOf,
  PINTEREST_LIMITS,
  type PinSource,
  type PinterestOptions,
  pinterestOptions,
  toOutcome,
  toPin,
} from './pinterest/pin.ts';
import { uploadVideo, videoState } from './pinterest/video.ts';
import type { Context, HttpRequest, Outcome, Provider, PublishRequest } from './provider.ts';

type Request = PublishRequest<PinterestCredential>;

/**
 * Pinterest, API v5. With trial access its pins are seen only by their own account; for the public an app needs
 * standard access: https://developers.pinterest.com/docs/key-concepts/access-tiers/
 */
export function pinterest(api = PINTEREST_API): Provider<PinterestCredential, PinterestOptions> {
  const provider: Provider<PinterestCredential, PinterestOptions> = {
    id: 'pinterest',
    name: 'Pinterest',
    limits: PINTEREST_LIMITS,
    countText: codePoints,
    credential: pinterestCredential,
    options: pinterestOptions,
    // The link is a field of its own and is not counted.
    render: ({ text }) => text,
    check: (variant, facts) => checkPin(provider, variant, facts),
    verify: (credential, context) => verifyPinterest(api, credential, context),

    // Pinterest does not say how soon a board lists a new pin: two minutes are a guess, and to the safe side.
    safety: { kind: 'findable', findAfterSeconds: 120 },

    async publish(request, context) {
      const [video] = filesOf(request, 'video');
      if (video !== undefined) return uploadVideo(api, request, video, context, context.now());
      const urls: string[] = [];
      for (const image of filesOf(request, 'image')) urls.push(await context.media.url(image));
      return urls.length === 0 ? NO_MEDIA : send(api, request, { urls }, context);
    },

    async poll(request, context) {
      const [video] = filesOf(request, 'video');
      if (video === undefined) return NO_MEDIA;
      const state = await videoState(api, request, context);
      if (state.kind === 'ready') return send(api, request, { videoId: state.videoId }, context);
      return state.kind === 'lost' ? uploadVideo(api, request, video, context, state.since) : state;
    },

    find: (request, context) => findPin(api, request, context),
    metrics: pinterestMetrics(api),
    login: pinterestLogin(api),
    renewal: pinterestRenewal(api),

    async remove({ credential, externalId }, context) {
      const path = `/pins/${encodeURIComponent(externalId)}`;
      const answer = await context.http(call(api, credential, 'DELETE', path));
      if (answer.kind === 'answered' && answer.status === 204) return { kind: 'removed' };
      if (isGone(answer)) return { kind: 'absent' };
      const outcome = toRefusal(answer, context.now());
      return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
    },
  };
  return provider;
}

/** The request that makes the pin public; undefined when an option is invalid or no board is known. */
export function toRequest(
  api: string,
  { variant, credential, channel }: Pick<Request, 'variant' | 'credential' | 'channel'>,
  source: PinSource,
): HttpRequest | undefined {
  const options = optionsOf(variant);
  const board = options && boardOf(options, channel.facts);
  if (options === undefined || board === undefined) return undefined;
  return call(api, credential, 'POST', '/pins', { body: toPin(variant, options, { board, source }) });
}

async function send(api: string, request: Request, source: PinSource, context: Context): Promise<Outcome> {
  const pin = toRequest(api, request, source);
  if (pin === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'the board or another option is not valid' };
  }
  const now: Instant = context.now();
  return toOutcome(await context.send(pin), now);
}

const NO_MEDIA: Outcome = {
  kind: 'rejected',
  code: 'media_refused',
  reason: 'a pin needs one to five images or a video',
};

/** The files that Pinterest takes; none when they are of another kind, or one of them does not fit. */
function filesOf({ variant: { media = [] } }: Request, kind: 'image' | 'video'): MediaFile[] {
  const limits = PINTEREST_LIMITS.media?.[kind];
  const files = media.flatMap((one) => {
    const [original] = one.files;
    const file = limits && original && kindOf(original.type) === kind ? fileFor(one, limits) : 'media_type';
    return typeof file === 'string' ? [] : [file];
  });
  return files.length === media.length ? files : [];
}
