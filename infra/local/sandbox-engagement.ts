import { createHash } from 'node:crypto';

export type Engagement = {
  readonly views: number;
  readonly reactions: number;
  readonly replies: number;
  readonly shares: number;
};

/** What the sandbox's page says about its numbers. */
export const FORMULA =
  'views = ⌊3 · s · ln(1 + age / 2 s)⌋, reactions = ⌊views · r⌋, replies = ⌊reactions / 5⌋, shares = ⌊reactions / 3⌋; ' +
  's (20 to 119) and r (4 % to 12 %) are drawn from the SHA-256 of the post’s id. ' +
  'Followers of an account = 100 to 999, drawn from its name, + 5 for each of its posts.';

/** Numbers of a post at an age in ms: the same for the same id and age, and never falling as it grows older. */
export function engagement(id: string, ageMs: number): Engagement {
  const drawn = createHash('sha256').update(id).digest();
  const strength = 20 + (drawn.readUInt16BE(0) % 100);
  const rate = 0.04 + (drawn.readUInt16BE(2) % 81) / 1_000;
  const views = Math.floor(3 * strength * Math.log(1 + Math.max(0, ageMs) / 2_000));
  const reactions = Math.floor(views * rate);
  return { views, reactions, replies: Math.floor(reactions / 5), shares: Math.floor(reactions / 3) };
}

export function followers(account: string, posts: number): number {
  const drawn = createHash('sha256').update(account).digest();
  return 100 + (drawn.readUInt16BE(0) % 900) + 5 * posts;
}
