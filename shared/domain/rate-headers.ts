import { HOUR, type Instant, SECOND } from './time.ts';

type Headers = Readonly<Record<string, string>>;

/** No network's word stops a channel for longer: a header may be wrong, and asking once an hour harms nobody. */
const LONGEST = HOUR;

/**
 * Until when a network takes no more, by the budget that it tells with an answer: defined only when nothing of it
 * remains, at most an hour from `now`. Header names are lower case. Read are `RateLimit-Remaining` and `-Reset`,
 * also under the names of `PREFIXES` (docs.bsky.app/docs/advanced-guides/rate-limits: epoch seconds;
 * docs.joinmastodon.org/api/rate-limits: ISO 8601; elsewhere seconds from now), and the one header of
 * draft-ietf-httpapi-ratelimit-headers, as `limit=…, remaining=…, reset=…` and as `"policy";r=…;t=…`.
 */
export function exhaustedUntil(headers: Headers, now: Instant): Instant | undefined {
  const ends = [...budgetsOf(headers)]
    // Reddit counts in fractions: `0.0`.
    .filter(({ remaining }) => /^0+(\.0+)?$/.test(remaining?.trim() ?? ''))
    .map(({ reset }) => toldInstant(reset, now) ?? 0);
  const until = Math.min(Math.max(0, ...ends), now + LONGEST);
  return until > now ? until : undefined;
}

/** What a header says of a time: an HTTP date, an ISO 8601 instant, seconds from now, or seconds or ms of the epoch. */
export function toldInstant(header: string | undefined, now: Instant): Instant | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) {
    const count = Number(text);
    if (count >= 1_000_000_000_000) return Math.ceil(count);
    // No wait is a billion seconds; an epoch time has been above it since 2001.
    return Math.ceil(count >= 1_000_000_000 ? count * SECOND : now + count * SECOND);
  }
  // Without letters it is no date that anybody sends, though Date.parse would read "-5" as one.
  const at = /[A-Z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

const PREFIXES = [
  'ratelimit',
  'x-ratelimit',
  'x-rate-limit',
  // X counts posts by the day, too, and Tumblr requests of an app.
  'x-user-limit-24hour',
  'x-app-limit-24hour',
  'x-ratelimit-perhour',
  'x-ratelimit-perday',
];

type Budget = { readonly remaining: string | undefined; readonly reset: string | undefined };

function* budgetsOf(headers: Headers): Generator<Budget> {
  for (const prefix of PREFIXES) {
    yield { remaining: headers[`${prefix}-remaining`], reset: headers[`${prefix}-reset`] };
  }
  const told = headers.ratelimit;
  if (told === undefined) return;
  yield { remaining: parameter(told, 'remaining'), reset: parameter(told, 'reset') };
  for (const policy of told.split(',')) {
    yield { remaining: parameter(policy, 'r'), reset: parameter(policy, 't') };
  }
}

const parameter = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|[,;])\\s*${name}=(\\d+)`).exec(text)?.[1];
