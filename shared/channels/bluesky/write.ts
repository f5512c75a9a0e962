import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import type { Instant } from '../../domain/time.ts';
import { defaultOutcome, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { type PostRecord, textOf } from './record.ts';
import { type BlueskyCredential, type BlueskySession, endSession, type Opened } from './session.ts';
import { mintTid, POST_COLLECTION, parseAtUri, uriOf } from './tid.ts';
import { accountRefusal, bearer, isSessionRefused, readRecord, xrpc, xrpcError } from './xrpc.ts';

type Request = PublishRequest<BlueskyCredential>;

export type Written =
  | { kind: 'written'; uri: string; url: string; cid: string }
  /** The server has cleared an uploaded file away. Nothing was written. */
  | { kind: 'blobGone'; reason: string }
  | Outcome;

/** Writes the record of one part of a delivery: the irreversible request. */
export async function write(
  request: Request,
  opened: Extract<Opened, { kind: 'open' }>,
  part: number,
  record: PostRecord,
  context: Context,
): Promise<Written> {
  const { channel, delivery } = request;
  const rkey = mintTid(delivery.key, delivery.dueAt, part);
  const answer = await context.send(toRequest(rkey, record, opened.session));
  if (isSessionRefused(answer)) return endSession(opened, answer, context);
  if (xrpcError(answer)?.error === 'BlobNotFound' && answer.kind === 'answered') {
    return { kind: 'blobGone', reason: reasonOf(answer) };
  }
  if (xrpcError(answer)?.error !== 'InvalidSwap') return toWritten(answer, channel.account, context.now());
  const found = await look(request, opened.session.pds, part, context);
  if (found.kind === 'found') return { ...found, kind: 'written' };
  if (found.kind === 'cannotTell') return { kind: 'uncertain', reason: found.reason };
  return { kind: 'unavailable', reason: 'the record was there and is gone' };
}

/** The request that creates a post: `swapRecord: null` says that there must be no such record yet. */
export function toRequest(
  rkey: string,
  record: PostRecord,
  session: Pick<BlueskySession, 'did' | 'pds' | 'accessJwt'>,
): HttpRequest {
  return {
    method: 'POST',
    url: xrpc(session.pds, 'com.atproto.repo.putRecord'),
    headers: { ...bearer(session.accessJwt), 'content-type': 'application/json' },
    body: JSON.stringify({ repo: session.did, collection: POST_COLLECTION, rkey, record, swapRecord: null }),
  };
}

const put = z.object({ uri: z.string(), cid: z.string().min(1) });
/** Of an image or a video that the lexicon, or the server, does not allow. */
const FILE_REFUSED = new Set(['BlobTooLarge', 'InvalidMimeType', 'InvalidSize']);

/** What became of a `putRecord`; `InvalidSwap` (the record is there already) is cleared up by the caller. */
export function toWritten(answer: HttpAnswer, account: Account, now: Instant): Written {
  const refusal = accountRefusal(answer);
  if (refusal !== undefined) return refusal;
  const name = xrpcError(answer)?.error ?? '';
  if (name === 'ExpiredToken') return { kind: 'unavailable', reason: 'the login session had ended' };
  if (answer.kind !== 'answered' || answer.status !== 200) {
    const outcome = defaultOutcome(answer, now);
    return outcome.kind === 'rejected' && FILE_REFUSED.has(name)
      ? { ...outcome, code: 'media_refused' }
      : outcome;
  }
  const written = put.safeParse(answer.json).data;
  if (written === undefined || parseAtUri(written.uri) === undefined) {
    return { kind: 'uncertain', reason: 'the answer names no record' };
  }
  return { kind: 'written', ...written, url: postUrl(account, written.uri) };
}

// A handle that does not point back to its account is told as `handle.invalid`; the DID works always.
export const profileUrl = ({ id, handle }: Pick<Account, 'id' | 'handle'>): string =>
  `https://bsky.app/profile/${handle === 'handle.invalid' ? id : handle}`;

export const postUrl = (account: Account, uri: string): string =>
  `${profileUrl(account)}/post/${parseAtUri(uri)?.rkey}`;

export type Seen =
  | { kind: 'found'; uri: string; url: string; cid: string }
  | { kind: 'absent' }
  | { kind: 'cannotTell'; reason: string };

/** Looks for one part of this delivery in the repository, which is consistent at once. */
export async function look(
  { channel, delivery, variant }: Request,
  pds: string,
  part: number,
  context: Context,
): Promise<Seen> {
  const { account } = channel;
  const rkey = mintTid(delivery.key, delivery.dueAt, part);
  const read = await readRecord(pds, { repo: account.id, collection: POST_COLLECTION, rkey }, context);
  if (read.kind !== 'found') return read;
  if (!z.object({ text: z.literal(textOf(variant, part)) }).safeParse(read.value).success) {
    return { kind: 'cannotTell', reason: 'another text stands under the key of this delivery' };
  }
  const uri = uriOf(account.id, delivery, part);
  return { kind: 'found', uri, url: postUrl(account, uri), cid: read.cid };
}
