import type { Outcome, Verified } from '../channels/provider.ts';

/** An id is part of a key of the table, or is compared with others; AT URIs, the longest that we know, have about 70. */
const LONGEST_ID = 500;
/** As with the addresses that people give us. */
const LONGEST_URL = 2_048;
/** What a provider needs to go on: the addresses of a long video's parts, say. */
const LONGEST_HANDLE = 200_000;
const LONGEST_FACTS = 20_000;

/**
 * An outcome that can be kept and shown. Many a network is a server of anybody's, and what it answers stands in the
 * post's head: an endless id would never be written, an endless address would be read with every list of posts. Under
 * an id that is none nobody finds the publication again, so it is in doubt; without an address its account's is shown.
 */
export function keepable(outcome: Outcome, accountUrl: string): Outcome {
  switch (outcome.kind) {
    case 'published': {
      if (![outcome.externalId, ...(outcome.parts ?? [])].every(isId)) return UNREADABLE;
      return { ...outcome, url: webAddress(outcome.url, accountUrl) };
    }
    case 'pending': {
      const { out, handle } = outcome;
      if (handle.length > LONGEST_HANDLE || (out && !isId(out.externalId))) return UNREADABLE;
      return out ? { ...outcome, out: { ...out, url: webAddress(out.url, accountUrl) } } : outcome;
    }
    default:
      return outcome;
  }
}

/** An account that can be kept and shown, or why not. */
export function keepableAccount(verified: Verified): Verified {
  if (verified.kind !== 'verified') return verified;
  const { account, facts } = verified;
  const fits =
    isId(account.id) &&
    account.handle.length <= LONGEST_ID &&
    webAddress(account.url, '') === account.url &&
    JSON.stringify(facts).length <= LONGEST_FACTS;
  return fits
    ? verified
    : { kind: 'refused', reason: 'The server tells of the account what cannot be kept.' };
}

const UNREADABLE: Outcome = { kind: 'uncertain', reason: 'The network answered with an id that is none.' };

const isId = (id: string): boolean => id.length <= LONGEST_ID;

/** What is shown as a link must lead somewhere, and run nothing. */
const webAddress = (url: string, instead: string): string =>
  url.length <= LONGEST_URL && /^https?:\/\//i.test(url) ? url : instead;
