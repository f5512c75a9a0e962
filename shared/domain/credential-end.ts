import type { Channel } from './channel.ts';
import { DAY, type Instant, MINUTE } from './time.ts';

/** `renews`: a new credential is fetched before this one ends; else only a new login helps. */
export type CredentialEnd = { readonly at: Instant; readonly renews: boolean };

const LEAST_LEAD = 10 * MINUTE;
const MOST_LEAD = 7 * DAY;
/** A request takes its time, and clocks differ. */
const AS_GOOD_AS_OVER = MINUTE;
/** An end is told as seconds from an answer that took its time. */
const CLOCKS_DIFFER = MINUTE;

/**
 * When the renewal job looks at a credential first: a renewable one in the middle of what is left of its life, at
 * least 10 minutes and at most 7 days before its end; one that only a person can renew 7 days before.
 */
export function firstLook(ends: CredentialEnd, now: Instant): Instant {
  if (!ends.renews) return Math.max(now, ends.at - MOST_LEAD);
  return ends.at - Math.min(Math.max((ends.at - now) / 2, LEAST_LEAD), MOST_LEAD);
}

/**
 * The end that a renewal has brought. One that it did not move is that of the means to renew, which shorten what comes
 * of them: LinkedIn's refresh tokens end a year after the login, and every access token with them. Only a person helps.
 * https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
 * A token of hours that is given out once more tells nothing of that: nearer to its end there may be another.
 */
export const endRenewed = (
  fresh: CredentialEnd,
  before: CredentialEnd | undefined,
  now: Instant,
): CredentialEnd =>
  before !== undefined && fresh.at <= before.at + CLOCKS_DIFFER && fresh.at > now + DAY
    ? { ...fresh, renews: false }
    : fresh;

/** From then on people are told that a renewal has not worked yet: a day before the end, later for short lives. */
export function warnFrom({ ends, renewAt }: Channel): Instant | undefined {
  if (ends === undefined) return undefined;
  const lead = Math.max(ends.at - (renewAt ?? ends.at), LEAST_LEAD);
  return ends.at - Math.min(DAY, lead / 2);
}

/** It is over, or too nearly so to begin something with it. */
export const isOver = ({ ends }: Pick<Channel, 'ends'>, now: Instant): boolean =>
  ends !== undefined && ends.at <= now + AS_GOOD_AS_OVER;

/** Will it end before that instant, unless a person logs in again? */
export const endsBefore = ({ ends }: Pick<Channel, 'ends'>, at: Instant): boolean =>
  ends !== undefined && !ends.renews && ends.at <= at;
