import * as z from 'zod';
import { partsOf } from '../../domain/content.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { handles } from '../handle.ts';
import { defaultOutcome, reasonOf } from '../outcome.ts';
import type {
  Context,
  FindRequest,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  PublishRequest,
} from '../provider.ts';
import {
  get,
  isShutOut,
  type MastodonCredential,
  type StatusEntity,
  serverId,
  statusEntity,
  withHost,
} from './api.ts';
import { lookFor, type Seen } from './find.ts';
import { lookAfter, uploadAll } from './media.ts';
import { type MastodonOptions, optionsOf, toStatus } from './status.ts';

type Request = PublishRequest<MastodonCredential>;

/** What an earlier step left: uploaded files, or the server's ids of the statuses that are out, and the first one's URL. */
const handleSchema = z.strictObject({
  media: z.array(z.string()).optional(),
  ready: z.literal(true).optional(),
  /** How often the files were uploaded anew. */
  again: z.int().optional(),
  out: z.array(z.string()).min(1).optional(),
  url: z.string().optional(),
});
type Handle = z.infer<typeof handleSchema>;

const { handleOf, pending } = handles(handleSchema);

/** One step: the files, the status, or the next one of its thread. */
export async function nextStep(request: Request, context: Context): Promise<Outcome> {
  const { variant, credential } = request;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const handle = handleOf(request.delivery);
  if (handle.out !== undefined) return sendPart(request, options, handle.out, handle.url ?? '', context);
  // Files get a step of their own, so that a second send names the same ones.
  if (variant.media?.length && !handle.ready) return prepareMedia(request, handle, context);
  const answer = await context.send(toRequest(request, options, handle.media));
  const outcome = toOutcome(answer, credential, context.now());
  if (outcome.kind !== 'published' || partsOf(variant).length === 0) return outcome;
  const { externalId, url } = outcome;
  const out = [serverId(externalId)];
  return { ...pending({ out, url }, context.now()), out: { externalId, url } };
}

const LOOK_AGAIN = 2 * SECOND;
const MOST_AGAIN = 2;

async function prepareMedia(request: Request, handle: Handle, context: Context): Promise<Outcome> {
  const { media: ids, again = 0 } = handle;
  const count = again === 0 ? {} : { again };
  if (ids === undefined) {
    const uploaded = await uploadAll(request, request.variant.media ?? [], context);
    if ('kind' in uploaded) return uploaded;
    const media = [...uploaded.ids];
    return uploaded.ready
      ? pending({ media, ready: true, ...count }, context.now())
      : pending({ media, ...count }, context.now() + LOOK_AGAIN);
  }
  const state = await lookAfter(request.credential, ids, context);
  if (state === 'ready') return pending({ media: ids, ready: true, ...count }, context.now());
  if (state === 'processing') return pending(handle, context.now() + LOOK_AGAIN);
  if (state !== 'gone') return state;
  if (again >= MOST_AGAIN) {
    return { kind: 'rejected', code: 'media_refused', reason: 'the server lost the files again and again' };
  }
  return pending({ again: again + 1 }, context.now() + LOOK_AGAIN);
}

/** The request that makes the post public. */
export function toRequest(
  { variant, credential, delivery }: Pick<Request, 'variant' | 'credential' | 'delivery'>,
  options: MastodonOptions,
  mediaIds: readonly string[] = [],
): HttpRequest {
  const status = toStatus(withLink(variant), options, { mediaIds, poll: variant.poll });
  return post(credential, delivery.key, status);
}

function post(credential: MastodonCredential, key: string, status: Record<string, unknown>): HttpRequest {
  const { url, headers } = get(credential, '/api/v1/statuses');
  return {
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(status),
  };
}

const posted = statusEntity.pick({ id: true, uri: true, url: true });

/** What became of a posted status. */
export function toOutcome(answer: HttpAnswer, credential: MastodonCredential, now: Instant): Outcome {
  if (answer.kind === 'answered' && isShutOut(answer))
    return { kind: 'unauthorized', reason: reasonOf(answer) };
  const status = answer.kind === 'answered' && answer.status < 300 && posted.safeParse(answer.json).data;
  if (!status) return defaultOutcome(answer, now);
  return { kind: 'published', externalId: withHost(status.id, credential), url: urlOf(status, credential) };
}

const urlOf = ({ url, uri }: Pick<StatusEntity, 'url' | 'uri'>, { instanceUrl }: MastodonCredential) =>
  url ?? uri ?? instanceUrl;

/** Sends the next part: each answers to the one before it, the first comment to the post itself. */
async function sendPart(
  request: Request,
  options: MastodonOptions,
  out: readonly string[],
  url: string,
  context: Context,
): Promise<Outcome> {
  const { variant, credential, delivery } = request;
  const [root = '', ...sent] = out;
  const isOut = {
    kind: 'published',
    externalId: withHost(root, credential),
    url,
    ...(sent.length === 0 ? {} : { parts: sent.map((id) => withHost(id, credential)) }),
  } as const;
  const text = partsOf(variant)[sent.length];
  if (text === undefined) return isOut;
  const status = toStatus(text, options, { inReplyTo: parentOf(request, out) });
  const answer = await context.send(post(credential, `${delivery.key}.${out.length}`, status));
  const outcome = toOutcome(answer, credential, context.now());
  if (outcome.kind === 'rejected') {
    const what = isComment(request, out) ? 'the first comment' : `post ${out.length + 1} of the thread`;
    return { ...isOut, missing: `${what} was refused: ${outcome.reason}` };
  }
  if (outcome.kind !== 'published') return outcome;
  const now = [...out, serverId(outcome.externalId)];
  const parts = now.slice(1).map((id) => withHost(id, credential));
  if (now.length > partsOf(variant).length) return { ...isOut, parts };
  return { ...pending({ out: now, url }, context.now()), parts };
}

const isComment = ({ variant }: Request, out: readonly string[]): boolean =>
  out.length > (variant.thread?.length ?? 0);

const parentOf = (request: Request, out: readonly string[]): string =>
  (isComment(request, out) ? out[0] : out.at(-1)) ?? '';

/** Looks for what the last step may have sent. */
export async function findStep(request: FindRequest<MastodonCredential>, context: Context): Promise<Found> {
  const { variant, credential, channel, since } = request;
  const { out = [], url } = handleOf(request.delivery);
  const isPart = out.length > 0;
  const text = isPart ? partsOf(variant)[out.length - 1] : withLink(variant);
  const excluding = new Set([...request.excluding].map(serverId));
  for (const id of out) excluding.add(id);
  const spoiler = optionsOf(variant)?.spoilerText ?? '';
  const seen: Seen = await lookFor(
    credential,
    channel.account.id,
    {
      text: text ?? '',
      spoiler,
      media: isPart ? 0 : (variant.media?.length ?? 0),
      inReplyTo: isPart ? parentOf(request, out) : null,
      since,
      excluding,
    },
    context,
  );
  if (seen.kind !== 'seen') return seen;
  const where = urlOf(seen.status, credential);
  const found = { kind: 'found', externalId: withHost(seen.status.id, credential), url: where } as const;
  if (partsOf(variant).length === 0) return found;
  const then: Handle = { out: [...out, seen.status.id], url: url ?? where };
  return { ...found, then: JSON.stringify(then) };
}
