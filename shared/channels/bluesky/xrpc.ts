import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { clip, measureFailure, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure } from '../provider.ts';

/** Address of a method on a server, with its query; a name may come more than once. */
export function xrpc(
  server: string,
  method: string,
  query: readonly (readonly [string, string])[] = [],
): string {
  const url = new URL(`/xrpc/${method}`, server);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url.href;
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Name and message of a refusal: `{error, message}`, https://atproto.com/specs/xrpc#error-responses */
export function xrpcError(answer: HttpAnswer): { error: string; message: string } | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  return z.object({ error: z.string(), message: z.string().default('') }).safeParse(answer.json).data;
}

const ACCOUNT_REFUSED = new Set([
  'AuthenticationRequired',
  'AuthFactorTokenRequired',
  'AccountTakedown',
  'AccountDeactivated',
  'AccountSuspended',
  'InvalidToken',
]);

/** The network's word that this account or its password is not let in; undefined when it says no such thing. */
export function accountRefusal(
  answer: HttpAnswer,
): Extract<MeasureFailure, { kind: 'unauthorized' }> | undefined {
  const refusal = xrpcError(answer);
  if (refusal === undefined || !ACCOUNT_REFUSED.has(refusal.error)) return undefined;
  return { kind: 'unauthorized', reason: clip(`${refusal.error}: ${refusal.message}`) };
}

/** True when another session may be let in where this one was not. */
export const isSessionRefused = (answer: HttpAnswer): boolean =>
  accountRefusal(answer) !== undefined ||
  xrpcError(answer)?.error === 'ExpiredToken' ||
  (answer.kind === 'answered' && answer.status === 401);

/** What an answer without success means where nothing is published. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  accountRefusal(answer) ?? measureFailure(answer, now);

export type ReadRecord =
  /** `cid` is empty where an old server does not tell it. */
  | { kind: 'found'; value: unknown; cid: string }
  | { kind: 'absent' }
  | { kind: 'cannotTell'; reason: string };

/** Reads one record from its repository; needs no session. `value` is whatever stands there, `cid` what it is known by. */
export async function readRecord(
  pds: string,
  at: { repo: string; collection: string; rkey: string },
  context: Context,
): Promise<ReadRecord> {
  const answer = await context.http({
    method: 'GET',
    url: xrpc(pds, 'com.atproto.repo.getRecord', Object.entries(at)),
  });
  if (answer.kind !== 'answered') return { kind: 'cannotTell', reason: answer.reason };
  const record = z.object({ value: z.unknown(), cid: z.string().optional() }).safeParse(answer.json);
  if (answer.status === 200 && record.success) {
    return { kind: 'found', value: record.data.value, cid: record.data.cid ?? '' };
  }
  const refusal = xrpcError(answer);
  // Servers from before the named error say it in words only.
  if (refusal?.error === 'RecordNotFound' || refusal?.message.startsWith('Could not locate record')) {
    return { kind: 'absent' };
  }
  return { kind: 'cannotTell', reason: reasonOf(answer) };
}

/**
 * What the handles resolve to. One that cannot be resolved now is left out: its mention stays plain text, and the
 * post goes on time.
 */
export async function resolveHandles(
  { pds, accessJwt }: { pds: string; accessJwt: string },
  handles: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const dids = new Map<string, string>();
  await Promise.all(
    handles.map(async (handle) => {
      const answer = await context.http({
        method: 'GET',
        url: xrpc(pds, 'com.atproto.identity.resolveHandle', [['handle', handle]]),
        headers: bearer(accessJwt),
      });
      if (answer.kind !== 'answered' || answer.status !== 200) return;
      const resolved = z.object({ did: z.string().startsWith('did:') }).safeParse(answer.json);
      if (resolved.success) dids.set(handle, resolved.data.did);
    }),
  );
  return dids;
}
