import { SECOND } from '../../../shared/domain/time.ts';

export type FakePoll = {
  readonly options: readonly string[];
  readonly multiple: boolean;
  readonly hide_totals: boolean;
  readonly expiresAt: number;
  /** Votes by option. */
  readonly votes: readonly number[];
};

export type PostedPoll = {
  readonly options?: string[];
  readonly multiple?: boolean;
  readonly hide_totals?: boolean;
  readonly expires_in?: number;
};

/**
 * The poll that a status is to have, or why it cannot: as Mastodon's Poll validates it and UpdateStatusService keeps
 * the votes of the one before.
 */
export function toPoll(asked: PostedPoll, now: number, before?: FakePoll): FakePoll | string {
  const options = (asked.options ?? []).map((option) => option.trim()).filter((option) => option !== '');
  if (options.length < 2) return 'Options must have at least two items';
  if (options.length > 4) return "Options can't contain more than 4 items";
  if (options.some((option) => [...option].length > 50)) {
    return "Options can't be longer than 50 characters each";
  }
  if (asked.expires_in === undefined) return "Expires at can't be blank";
  if (asked.expires_in < 300) return 'Expires at is too soon';
  if (asked.expires_in > 2_629_746) return 'Expires at is too far into the future';
  const same = before && before.options.join('\n') === asked.options?.join('\n');
  // What is left out is not the same as false there.
  const votes = same && asked.multiple === before.multiple ? before.votes : options.map(() => 0);
  return {
    options,
    multiple: asked.multiple ?? false,
    hide_totals: asked.hide_totals ?? false,
    expiresAt: now + asked.expires_in * SECOND,
    votes,
  };
}

/** https://docs.joinmastodon.org/entities/Poll/ */
export function shownPoll(
  id: string,
  { options, multiple, expiresAt, votes, ...poll }: FakePoll,
  now: number,
) {
  const expired = expiresAt < now;
  const counts = (n: number): number | null => (poll.hide_totals && !expired ? null : (votes[n] ?? 0));
  return {
    id: `7${id}`,
    expires_at: new Date(expiresAt).toISOString(),
    expired,
    multiple,
    votes_count: votes.reduce((sum, one) => sum + one, 0),
    voters_count: multiple ? votes.reduce((sum, one) => sum + one, 0) : null,
    options: options.map((title, n) => ({ title, votes_count: counts(n) })),
    emojis: [],
  };
}
