import * as z from 'zod';
import type { Account } from '../domain/channel.ts';
import { partsOf } from '../domain/content.ts';
import { graphemes } from '../domain/text-count.ts';
import { BLUESKY_LIMITS, checkPost } from './bluesky/check.ts';
import { blueskyMetrics } from './bluesky/metrics.ts';
import { type BlueskyOptions, blueskyOptions } from './bluesky/options.ts';
import { renderPost } from './bluesky/record.ts';
import { type BlueskyCredential, blueskyCredential, callAs, logIn } from './bluesky/session.ts';
import { type Handle, handleOf, nextStep } from './bluesky/steps.ts';
import { parseAtUri } from './bluesky/tid.ts';
import { look, profileUrl, toWritten } from './bluesky/write.ts';
import { bearer, toFailure, xrpc } from './bluesky/xrpc.ts';
import { unverified } from './outcome.ts';
import type { Context, Found, Provider, PublishRequest } from './provider.ts';
import { type Removed, removeAll } from './remove-all.ts';

const NETWORK = {
  name: 'Bluesky',
  limits: BLUESKY_LIMITS,
  countText: graphemes,
  render: renderPost,
} as const;

/** Bluesky over the AT Protocol, with an app password: https://docs.bsky.app */
export const bluesky = (
  videoService = 'https://video.bsky.app',
): Provider<BlueskyCredential, BlueskyOptions> => ({
  id: 'bluesky',
  ...NETWORK,
  credential: blueskyCredential,
  options: blueskyOptions,
  check: (variant) => checkPost(NETWORK, variant),

  async verify(credential, context) {
    const opened = await logIn(credential, context);
    if (opened.kind !== 'open') return unverified(opened);
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

  publish: (request, context) => nextStep(videoService, request, context),
  poll: (request, context) => nextStep(videoService, request, context),

  async find(request, context) {
    const { variant, delivery, excluding } = request;
    const { out } = handleOf(delivery);
    const parts = partsOf(variant).length;
    const part = out === undefined ? 0 : Math.min(out.sent + 1, parts);
    const seen = await look(request, homeOf(request), part, context);
    if (seen.kind !== 'found') return seen;
    if (excluding.has(seen.uri)) {
      return { kind: 'cannotTell', reason: 'this record belongs to another delivery' };
    }
    const found: Found = { kind: 'found', externalId: seen.uri, url: seen.url };
    if (parts === 0) return found;
    if (seen.cid === '') return { kind: 'cannotTell', reason: 'the server does not tell the record’s hash' };
    const then: Handle = { out: { root: out?.root ?? seen.cid, parent: seen.cid, sent: part } };
    return { ...found, then: JSON.stringify(then) };
  },

  metrics: blueskyMetrics,

  remove: (request, context) =>
    removeAll(request, (uri) => removeRecord(request.credential, request.account, uri, context)),
});

async function removeRecord(
  credential: BlueskyCredential,
  account: Account,
  uri: string,
  context: Context,
): Promise<Removed> {
  const at = parseAtUri(uri);
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
  if (answer.status === 200) return { kind: deletion.safeParse(answer.json).success ? 'removed' : 'absent' };
  const outcome = toWritten(answer, account, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}

const deletion = z.object({ commit: z.object({ cid: z.string() }) });

/** The server of the account's repository, as told when the channel was connected. */
const homeOf = ({ channel, credential }: PublishRequest<BlueskyCredential>): string =>
  typeof channel.facts.pds === 'string' ? channel.facts.pds : credential.serviceUrl;
