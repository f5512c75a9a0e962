import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import type { Context, HttpAnswer, HttpRequest, MeasureFailure } from '../provider.ts';
import { bearer, isSessionRefused, toFailure, xrpc } from './xrpc.ts';

export const blueskyCredential = z.strictObject({
  serviceUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://bsky.social')
    .describe('Where the account logs in: Bluesky’s entryway unless told, or the account’s own server'),
  identifier: z.string().trim().min(1).max(253).describe('Handle, DID or e-mail address'),
  appPassword: z
    .string()
    .trim()
    .min(1)
    .max(512)
    .describe(
      'Made in Settings → Privacy and security → App passwords; never the password of the account itself',
    ),
});
export type BlueskyCredential = z.infer<typeof blueskyCredential>;

const sessionSchema = z.object({
  did: z.string().startsWith('did:'),
  handle: z.string(),
  /** The account's own server, where its records are written. */
  pds: z.url(),
  accessJwt: z.string().min(1),
  refreshJwt: z.string().min(1),
});
export type BlueskySession = z.infer<typeof sessionSchema>;

/** `fresh`: from a login or refresh just now, so a refusal of it is a refusal of the account. */
export type Opened = { kind: 'open'; session: BlueskySession; fresh: boolean } | MeasureFailure;

/**
 * The kept session while it lasts, else a refreshed one, else a new login. Logins are limited to 30 in 5 minutes
 * and 300 a day per account (https://docs.bsky.app/docs/advanced-guides/rate-limits), hence the order.
 */
export async function openSession(
  credential: BlueskyCredential,
  did: string,
  context: Context,
): Promise<Opened> {
  const kept = parseSession(await context.session.get());
  if (kept?.did !== did) return ofAccount(did, await logIn(credential, context));
  if (expiresAt(kept.accessJwt) > context.now() + MINUTE)
    return { kind: 'open', session: kept, fresh: false };
  return renewSession(credential, kept, context);
}

/** Refreshes a session that the network takes no more; logs in again when it cannot be refreshed. */
async function renewSession(
  credential: BlueskyCredential,
  kept: BlueskySession,
  context: Context,
): Promise<Opened> {
  const answer = await context.http({
    method: 'POST',
    url: xrpc(credential.serviceUrl, 'com.atproto.server.refreshSession'),
    headers: bearer(kept.refreshJwt),
  });
  const refreshed = toSession(answer, kept.pds);
  if (refreshed === undefined) {
    const failure = toFailure(answer, context.now());
    if (failure.kind === 'rateLimited') return failure;
    return ofAccount(kept.did, await logIn(credential, context));
  }
  await context.session.set(JSON.stringify(refreshed));
  return ofAccount(kept.did, { kind: 'open', session: refreshed, fresh: true });
}

export async function logIn(credential: BlueskyCredential, context: Context): Promise<Opened> {
  const answer = await context.http({
    method: 'POST',
    url: xrpc(credential.serviceUrl, 'com.atproto.server.createSession'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      identifier: credential.identifier.replace(/^@/, ''),
      password: credential.appPassword,
    }),
  });
  const session = toSession(answer, new URL(credential.serviceUrl).origin);
  if (session === undefined) return toFailure(answer, context.now());
  await context.session.set(JSON.stringify(session));
  return { kind: 'open', session, fresh: true };
}

/**
 * The network takes this session no more, and nothing was done: the next attempt logs in, and then the refusal is
 * one of the account.
 */
export async function endSession(
  { fresh }: { fresh: boolean },
  answer: HttpAnswer,
  context: Context,
): Promise<MeasureFailure> {
  await context.session.set('');
  return fresh
    ? toFailure(answer, context.now())
    : { kind: 'unavailable', reason: 'the login session had ended' };
}

/** A repeatable request under the account's session, renewed once when the network takes it no more; `pds`: who was asked. */
export async function callAs(
  credential: BlueskyCredential,
  did: string,
  context: Context,
  toRequest: (session: BlueskySession) => HttpRequest,
): Promise<(Extract<HttpAnswer, { kind: 'answered' }> & { pds: string }) | MeasureFailure> {
  let opened = await openSession(credential, did, context);
  if (opened.kind !== 'open') return opened;
  let answer = await context.http(toRequest(opened.session));
  if (!opened.fresh && isSessionRefused(answer)) {
    opened = await renewSession(credential, opened.session, context);
    if (opened.kind !== 'open') return opened;
    answer = await context.http(toRequest(opened.session));
  }
  return answer.kind === 'answered'
    ? { ...answer, pds: opened.session.pds }
    : toFailure(answer, context.now());
}

function ofAccount(did: string, opened: Opened): Opened {
  if (opened.kind !== 'open' || opened.session.did === did) return opened;
  return { kind: 'unauthorized', reason: `The credential is of another account, ${opened.session.did}.` };
}

function parseSession(text: string | undefined): BlueskySession | undefined {
  if (text === undefined) return undefined;
  try {
    return sessionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function toSession(answer: HttpAnswer, pds: string): BlueskySession | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  const told = z.looseObject({ didDoc: z.unknown().optional() }).safeParse(answer.json);
  if (!told.success) return undefined;
  return sessionSchema.safeParse({ ...told.data, pds: pdsOf(told.data.didDoc) ?? pds }).data;
}

const didDocument = z.object({
  service: z.array(z.looseObject({ id: z.string(), serviceEndpoint: z.unknown().optional() })),
});

/** The endpoint of `#atproto_pds`, https://atproto.com/specs/did#did-documents */
export function pdsOf(didDoc: unknown): string | undefined {
  const service = didDocument.safeParse(didDoc).data?.service.find(({ id }) => id.endsWith('#atproto_pds'));
  const endpoint = z.url({ protocol: /^https?$/ }).safeParse(service?.serviceEndpoint).data;
  return endpoint === undefined ? undefined : new URL(endpoint).origin;
}

/** `exp` of a JWT, never checked for its signature: only a hint when to refresh. A token without one never expires here. */
export function expiresAt(jwt: string): Instant {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    return z.object({ exp: z.number() }).parse(claims).exp * 1_000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
