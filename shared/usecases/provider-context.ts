import type { Context, HttpAnswer } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import { exhaustedUntil } from '../domain/rate-headers.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A claim as the point of no return sees it. */
export type ClaimGuard = {
  readonly dueAt: Instant;
  /** Of the monotonic clock, taken when the claim was written. */
  readonly claimedAtMs: number;
  /** Blind networks: writes the mark that it may be out from here on; false when the claim is lost. */
  readonly markSending?: () => Promise<boolean>;
  /** Hears that the answer to a send leaves nothing of the network's budget. Logins and reads have budgets of their own. */
  readonly budgetSpent?: (until: Instant) => void;
  /** Where people publish: brings them the question. */
  readonly ask?: Context['ask'];
};

/** Set as an attempt passes the point of no return. */
export type AttemptTrace = { startedAt?: Instant };

/** A claim older than this must not send any more: its lease could end before the request does. */
export const CLAIM_FRESH_MS = 40_000;
const TOO_OLD: HttpAnswer = { kind: 'unreachable', reason: 'the claim was too old to send' };
const LOST: HttpAnswer = { kind: 'unreachable', reason: 'the claim was lost before sending' };

/**
 * What a provider works with. Without a `guard` it cannot send anything irreversible: connecting, looking and
 * measuring need none.
 */
export function providerContext(
  deps: Pick<Deps, 'clock' | 'http' | 'channels' | 'vault' | 'bucket'>,
  who: { agency: Agency; channelId?: string },
  guard?: ClaimGuard,
  trace: AttemptTrace = {},
): Context {
  const fresh = (): boolean =>
    guard !== undefined &&
    deps.clock.monotonic() - guard.claimedAtMs < CLAIM_FRESH_MS &&
    deps.clock.now() >= guard.dueAt;
  const passPointOfNoReturn = (): boolean => {
    if (!fresh()) return false;
    trace.startedAt = deps.clock.now();
    return true;
  };

  return {
    now: deps.clock.now,
    http: async (request) => withoutSecrets(request, await deps.http(request)),
    send: async (request) => {
      if (!fresh()) return TOO_OLD;
      if (guard?.markSending && !(await guard.markSending())) return LOST;
      const answer = withoutSecrets(request, await deps.http(request, passPointOfNoReturn));
      const spentUntil =
        answer.kind === 'answered' ? exhaustedUntil(answer.headers, deps.clock.now()) : undefined;
      if (spentUntil !== undefined) guard?.budgetSpent?.(spentUntil);
      return answer;
    },
    session: sealedSession(deps, who),
    media: {
      url: ({ path }) => deps.bucket.readUrl(path),
      read: ({ path }, range) => deps.bucket.read(path, range),
    },
    ask: async (what) => {
      if (guard?.ask === undefined) throw new Error('there is no delivery to ask about');
      await guard.ask(what);
    },
  };
}

/** The login session of a channel, sealed like its credential. Without a channel (connecting) it lives in memory. */
function sealedSession(
  deps: Pick<Deps, 'channels' | 'vault'>,
  { agency, channelId }: { agency: Agency; channelId?: string },
): Context['session'] {
  let present: string | undefined;
  if (channelId === undefined) {
    return {
      get: async () => present,
      set: async (value) => {
        present = value;
      },
    };
  }
  return {
    get: async () => {
      const sealed = await deps.channels.session(agency.id, channelId);
      return sealed === undefined ? undefined : deps.vault.open(agency, channelId, 'session', sealed);
    },
    set: async (value) => {
      await deps.channels.putSession(
        agency.id,
        channelId,
        await deps.vault.seal(agency, channelId, 'session', value),
      );
    },
  };
}
