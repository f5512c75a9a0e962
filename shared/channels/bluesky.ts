import * as z from 'zod';
import type { Account } from '../domain/channel.ts';
import { graphemes } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import { mentionedHandles } from './bluesky-facets.ts';
import { blueskyMetrics } from './bluesky-metrics.ts';
import {
  type BlueskyOptions,
  blueskyOptions,
  checkPost,
  mintTid,
  optionsOf,
  POST_COLLECTION,
  type PostRecord,
  parseAtUri,
  renderPost,
  TEXT_GRAPHEMES,
  toRecord,
} from './bluesky-record.ts';
import {
  type BlueskyCredential,
  type BlueskySession,
  blueskyCredential,
  callAs,
  logIn,
  openSession,
} from './bluesky-session.ts';
import {
  accountRefusal,
  bearer,
  isSessionRefused,
  readRecord,
  resolveHandles,
  toFailure,
  xrpc,
  xrpcError,
} from './bluesky-xrpc.ts';
import { defaultOutcome } from './outcome.ts';
import type {
  Context,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  Provider,
  PublishRequest,
} from './provider.ts';

/** Bluesky over the AT Protocol, with an app password: https://docs.bsky.app */
export const bluesky: Provider<BlueskyCredential, BlueskyOptions> = {
  id: 'bluesky',
  name: 'Bluesky',
  limits: { text: TEXT_GRAPHEMES, unit: 'graphemes' },
  countText: graphemes,
  credential: blueskyCredential,
  options: blueskyOptions,
  render: renderPost,
  check: (variant) => checkPost(bluesky, variant),

  async verify(credential, context) {
    const opened = await logIn(credential, context);
    if (opened.kind === 'unauthorized') return { kind: 'refused', reason: opened.reason };
    if (opened.kind === 'unavailable') return { kind: 'unreachable', reason: opened.reason };
    if (opened.kind === 'rateLimited')
      return { kind: 'unreachable', reason: 'too many logins, try again later' };
    const { did, handle, pds } = opened.session;
    return {
      kind: 'verified',
      account: { id: did, handle, url: profileUrl({ id: did, handle }) },
      facts: { pds },
    };
  },

  // The record key is derived from the delivery, and `swapRecord: null` refuses a second write of it for as long
  // as the post stands, so the window has no end of its own; a year is longer than any delivery is in doubt.
  safety: { kind: 'idempotent', forMinutes: 525_600 },

  async publish(request, context) {
    const { credential, channel, variant } = request;
    const options = optionsOf(variant);
    if (options === undefined) {
      return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
    }
    const opened = await openSession(credential, channel.account.id, context);
    if (opened.kind !== 'open') return opened;
    const dids = await resolveHandles(opened.session, mentionedHandles(variant.text), context);
    const answer = await context.send(toRequest(request, options, opened.session, dids));
    if (isSessionRefused(answer)) {
      await context.session.set('');
      // Nothing was written; the next attempt logs in, and then the refusal is one of the account.
      if (!opened.fresh) return { kind: 'unavailable', reason: 'the login session had ended' };
    }
    if (xrpcError(answer)?.error !== 'InvalidSwap') return toOutcome(answer, channel.account, context.now());
    const found = await look(request, opened.session.pds, context);
    if (found.kind === 'found') return { ...found, kind: 'published' };
    if (found.kind === 'cannotTell') return { kind: 'uncertain', reason: found.reason };
    return { kind: 'unavailable', reason: 'the record was there and is gone' };
  },

  async find(request, context) {
    const found = await look(request, homeOf(request), context);
    if (found.kind !== 'found' || !request.excluding.has(found.externalId)) return found;
    return { kind: 'cannotTell', reason: 'this record belongs to another delivery' };
  },

  metrics: blueskyMetrics,

  async remove({ credential, account, externalId }, context) {
    const at = parseAtUri(externalId);
    if (at?.repo !== account.id) {
      return { kind: 'rejected', code: 'not_a_post', reason: 'not the address of a record of this account' };
    }
    const answer = await callAs(credential, account.id, context, (session) => ({
      method: 'POST',
      url: xrpc(session.pds, 'com.atproto.repo.deleteRecord'),
      headers: { ...bearer(session.accessJwt), 'content-type': 'application/json' },
      body: JSON.stringify(at),
    }));
    if (answer.kind !== 'answered') return answer;
    // No commit: there was nothing to delete.
    if (answer.status === 200)
      return { kind: deletion.safeParse(answer.json).success ? 'removed' : 'absent' };
    const outcome = toOutcome(answer, account, context.now());
    return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
  },
};

/** The request that creates the post: `swapRecord: null` says that there must be no such record yet. */
export function toRequest(
  { variant, delivery }: Pick<PublishRequest<BlueskyCredential>, 'variant' | 'delivery'>,
  options: BlueskyOptions,
  session: Pick<BlueskySession, 'did' | 'pds' | 'accessJwt'>,
  dids: ReadonlyMap<string, string>,
): HttpRequest {
  const record: PostRecord = toRecord(variant, options, delivery.dueAt, dids);
  const rkey = mintTid(delivery.key, delivery.dueAt);
  return {
    method: 'POST',
    url: xrpc(session.pds, 'com.atproto.repo.putRecord'),
    headers: { ...bearer(session.accessJwt), 'content-type': 'application/json' },
    body: JSON.stringify({ repo: session.did, collection: POST_COLLECTION, rkey, record, swapRecord: null }),
  };
}

/** What became of a `putRecord`; `InvalidSwap` (the record is there already) is cleared up by the caller. */
export function toOutcome(answer: HttpAnswer, account: Account, now: Instant): Outcome {
  const refusal = accountRefusal(answer);
  if (refusal !== undefined) return refusal;
  if (xrpcError(answer)?.error === 'ExpiredToken') {
    return { kind: 'unavailable', reason: 'the login session had ended' };
  }
  if (answer.kind !== 'answered' || answer.status !== 200) return defaultOutcome(answer, now);
  const uri = z.object({ uri: z.string() }).safeParse(answer.json).data?.uri;
  const at = uri === undefined ? undefined : parseAtUri(uri);
  if (uri === undefined || at === undefined) {
    return { kind: 'uncertain', reason: 'the answer names no record' };
  }
  return { kind: 'published', externalId: uri, url: postUrl(account, at.rkey) };
}

// A handle that does not point back to its account is told as `handle.invalid`; the DID works always.
const profileUrl = ({ id, handle }: Pick<Account, 'id' | 'handle'>): string =>
  `https://bsky.app/profile/${handle === 'handle.invalid' ? id : handle}`;

const postUrl = (account: Account, rkey: string): string => `${profileUrl(account)}/post/${rkey}`;

/** The server of the account's repository, as told when the channel was connected. */
const homeOf = ({ channel, credential }: PublishRequest<BlueskyCredential>): string =>
  typeof channel.facts.pds === 'string' ? channel.facts.pds : credential.serviceUrl;

/** Looks for this delivery's record in the repository, which is consistent at once. */
async function look(
  { channel, delivery, variant }: PublishRequest<BlueskyCredential>,
  pds: string,
  context: Context,
): Promise<Found> {
  const rkey = mintTid(delivery.key, delivery.dueAt);
  const at = { repo: channel.account.id, collection: POST_COLLECTION, rkey };
  const read = await readRecord(pds, at, context);
  if (read.kind !== 'found') return read;
  if (z.object({ text: z.literal(renderPost(variant)) }).safeParse(read.value).success) {
    const externalId = `at://${channel.account.id}/${POST_COLLECTION}/${rkey}`;
    return { kind: 'found', externalId, url: postUrl(channel.account, rkey) };
  }
  return { kind: 'cannotTell', reason: 'another text stands under the key of this delivery' };
}

const deletion = z.object({ commit: z.object({ cid: z.string() }) });
