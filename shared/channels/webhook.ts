import * as z from 'zod';
import { sha256 } from '../domain/ids.ts';
import { type Attachment, type FileLimits, fileFor, MEDIA_TYPES, MOST_MEDIA_BYTES } from '../domain/media.ts';
import { codePoints } from '../domain/text-count.ts';
import { type Instant, toRfc3339 } from '../domain/time.ts';
import { checkContent, withLink } from './check-content.ts';
import { defaultOutcome, reasonOf } from './outcome.ts';
import type {
  Context,
  HttpAnswer,
  HttpRequest,
  Limits,
  Outcome,
  Provider,
  PublishRequest,
} from './provider.ts';
import { signed, type WebhookCredential, webhookCredential } from './webhook-signature.ts';

/** Whatever the receiver understands. */
const options = z.record(
  z.string().min(1).max(100),
  z.union([z.string().max(10_000), z.number(), z.boolean()]),
);
const DAY_MINUTES = 1_440;

/** Whatever there is: the receiver decides, and answers 4xx to what it has no use for. */
const ANY_FILE: FileLimits = { types: MEDIA_TYPES, maxBytes: MOST_MEDIA_BYTES };
const LIMITS: Limits = {
  text: null,
  unit: 'characters',
  media: {
    least: 0,
    most: 20,
    mostVideos: 20,
    mixed: true,
    alt: 2_000,
    image: ANY_FILE,
    video: ANY_FILE,
    document: ANY_FILE,
  },
  thread: 25,
  firstComment: 100_000,
  poll: { options: 10, optionText: 100, minutes: [5, 43_200], question: 300, withMedia: true },
};
/** Rules of the networks that have such limits; here any files may stand together, and a poll may do without a question. */
const NOT_HERE: ReadonlySet<string> = new Set(['media_mixed', 'poll_question_required']);

/**
 * A post as a signed request to an address of the client's own.
 *
 * The receiver's part of the contract: answer 2xx when the post is taken, all of it, with `{externalId?, url?}` if
 * there is something to tell, and 4xx when it cannot show a part of it (a thread, a poll, a kind of file); take a
 * `webhook-id` (the same value is in `idempotency-key`) only once within 24 hours and answer a repetition like the
 * first; fetch the files within the hour. Connecting sends one signed HEAD; 401, 403 or 410 to it refuse the channel.
 */
export const webhook: Provider<WebhookCredential, z.infer<typeof options>> = {
  id: 'webhook',
  name: 'Webhook',
  limits: LIMITS,
  countText: codePoints,
  credential: webhookCredential,
  options,
  render: withLink,
  check: (variant) => checkContent(webhook, variant).filter(({ rule }) => !NOT_HERE.has(rule)),

  // A HEAD, because many receivers start a workflow at any POST. It is signed, so that one that cares may refuse.
  async verify(credential, context) {
    const now = context.now();
    const answer = await context.http(
      signed(credential, { method: 'HEAD', id: `verify.${now}`, body: '' }, now),
    );
    if (answer.kind !== 'answered') return { kind: 'unreachable', reason: answer.reason };
    if ([401, 403, 410].includes(answer.status)) return { kind: 'refused', reason: reasonOf(answer) };
    return { kind: 'verified', account: accountOf(credential), facts: {} };
  },

  safety: { kind: 'idempotent', forMinutes: DAY_MINUTES },

  async publish(request, context) {
    const media = await mediaOf(request.variant.media ?? [], context);
    const answer = await context.send(toRequest(request, media, context.now()));
    return toOutcome(answer, { id: request.delivery.key, credential: request.credential }, context.now());
  },
};

/** One file as a receiver is told of it. Width and height are pixels. */
export type WebhookMedia = {
  /** Anybody may read it there for an hour; another one in each send. */
  readonly url: string;
  readonly mime: string;
  readonly bytes: number;
  readonly fileName: string;
  readonly alt: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
};

async function mediaOf(media: readonly Attachment[], context: Context): Promise<readonly WebhookMedia[]> {
  return Promise.all(
    media.map(async (one) => {
      const file = fileFor(one, ANY_FILE);
      if (typeof file === 'string') throw new TypeError(`no file of ${one.id}: ${file}`);
      return {
        url: await context.media.url(file),
        mime: file.type,
        bytes: file.bytes,
        fileName: one.fileName,
        alt: one.alt,
        ...(file.width && file.height ? { width: file.width, height: file.height } : {}),
        ...(one.durationMs === undefined ? {} : { durationMs: one.durationMs }),
      };
    }),
  );
}

/**
 * Id and body are the same for every send of a delivery, but for the signatures in the addresses of its files:
 * `timestamp` in the body is the promised time. The header's timestamp and so the signature are the attempt's:
 * receivers refuse old ones as replays (5 minutes by the reference libraries), and deduplicate by `webhook-id`, which
 * is what makes sending again safe.
 */
export function toRequest(
  { variant, credential, channel, delivery }: PublishRequest<WebhookCredential>,
  media: readonly WebhookMedia[],
  now: Instant,
): HttpRequest {
  const dueAt = toRfc3339(delivery.dueAt);
  const body = {
    type: 'post.publish',
    timestamp: dueAt,
    data: {
      deliveryId: delivery.id,
      channelId: channel.id,
      text: variant.text,
      link: variant.link,
      media: media.length === 0 ? undefined : media,
      thread: variant.thread?.length ? variant.thread : undefined,
      firstComment: variant.firstComment,
      poll: variant.poll,
      options: variant.options,
      dueAt,
    },
  };
  return signed(credential, { method: 'POST', id: delivery.key, body: JSON.stringify(body) }, now);
}

/** `id`: stands in for the publication's own id where the receiver tells none. */
export function toOutcome(
  answer: HttpAnswer,
  { id, credential }: { id: string; credential: Pick<WebhookCredential, 'url'> },
  now: Instant,
): Outcome {
  if (answer.kind !== 'answered') return defaultOutcome(answer, now);
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const said = publication.safeParse(answer.json).data ?? {};
    return {
      kind: 'published',
      externalId: said.externalId ?? id,
      url: said.url ?? `${new URL(credential.url).origin}/`,
    };
  }
  if (status === 410)
    return { kind: 'unauthorized', reason: 'the endpoint says that it is gone for good (410)' };
  if (status === 403) return { kind: 'unauthorized', reason: reasonOf(answer) };
  // RFC 8470 §5.2: it was not processed, and may come again.
  if (status === 425) return { kind: 'unavailable', reason: reasonOf(answer) };
  return defaultOutcome(answer, now);
}

/** What the receiver may tell; an odd value is as good as none, for 2xx is what counts. */
const publication = z.object({
  externalId: z
    .union([z.string().min(1).max(200), z.int().transform(String)])
    .optional()
    .catch(undefined),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional()
    .catch(undefined),
});

function accountOf({ url }: WebhookCredential) {
  const { host, origin } = new URL(url);
  return { id: sha256(url).slice(0, 24), handle: host, url: `${origin}/` };
}
