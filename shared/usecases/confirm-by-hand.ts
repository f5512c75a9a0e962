import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { type Delivery, triesOf } from '../domain/delivery.ts';
import { finding } from '../domain/finding.ts';
import { deliveryId } from '../domain/ids.ts';
import { released, without } from '../domain/settle.ts';
import { SECOND } from '../domain/time.ts';
import { pageKey, readWebUrl } from '../domain/web-page.ts';
import type { Deps } from '../ports.ts';
import { type Followed, followAssistLink } from './assisted-delivery.ts';
import { writeByHand } from './settle-by-hand.ts';

/** What the person in charge says. */
export type Confirmation =
  | { readonly decision: 'published'; readonly url?: string | undefined }
  | { readonly decision: 'not_published'; readonly reason?: string | undefined };

/** A worker looks at the delivery for less than a second, so a person is not sent away for that. */
const TRIES = 8;
const PAUSE = SECOND / 2;

/**
 * Takes the word of whoever follows the link in a mail. Published is published at this moment: nobody can say better.
 * Said twice, or too late, it changes nothing.
 * @returns how things then stand; `said`: by this word
 * @throws AppError `not_found` (no such link), `invalid` (the address), `conflict` (it belongs to another publication)
 */
export async function confirmByHand(
  deps: Deps,
  token: string,
  confirmation: Confirmation,
): Promise<Followed & { readonly said: boolean }> {
  let followed = await followAssistLink(deps, token);
  for (let tries = 1; tries < TRIES; tries++) {
    const { standing } = followed;
    const allowed = standing === 'open' || (standing === 'held' && confirmation.decision === 'published');
    if (!allowed && standing !== 'moving') return { ...followed, said: false };
    if (allowed && (await said(deps, followed, confirmation))) {
      return { ...(await followAssistLink(deps, token)), said: true };
    }
    await deps.clock.sleep(PAUSE);
    followed = await followAssistLink(deps, token);
  }
  return { ...followed, said: false };
}

/** False when the delivery moved meanwhile. */
async function said(deps: Deps, followed: Followed, confirmation: Confirmation): Promise<boolean> {
  const { agency, post, delivery, to } = followed;
  const actor: Actor = { keyId: 'assist', name: to, email: to };
  const act = { agency, actor, post, n: delivery.n };
  const next =
    confirmation.decision === 'published'
      ? await published(deps, followed, confirmation.url)
      : declined(delivery, confirmation.reason);
  try {
    await writeByHand(deps, act, delivery, `delivery.${confirmation.decision}_by_hand`, next);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return false;
    throw error;
  }
}

async function published(deps: Deps, followed: Followed, given: string | undefined): Promise<Delivery> {
  const { post, delivery } = followed;
  const url = given === undefined || given.trim() === '' ? undefined : postUrl(followed, given);
  const id = deliveryId(post.id, delivery.n);
  const externalId = url === undefined ? `by-hand:${id}` : pageKey(url);
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  if (!(await deps.posts.reserveExternalId(ref, delivery.network, externalId))) {
    throw new AppError('conflict', 'This address belongs to another publication.');
  }
  const now = deps.clock.now();
  return {
    ...without(released(delivery), 'nextAttemptAt', 'handle', 'doubtSince'),
    state: 'published',
    startedAt: now,
    publishedAt: now,
    externalId,
    ...(url === undefined ? {} : { url }),
  };
}

function postUrl({ task }: Followed, given: string): string {
  const url = readWebUrl(given);
  const wrong =
    url === undefined
      ? 'must be a web address'
      : pageKey(url) === pageKey(task.profileUrl)
        ? 'must be the address of the post, not of the profile'
        : undefined;
  if (url !== undefined && wrong === undefined) return url;
  throw new AppError('invalid', 'The address cannot be taken.', {
    findings: [finding('error', 'invalid_value', '/url', { rule: wrong ?? '' })],
  });
}

function declined(delivery: Delivery, reason: string | undefined): Delivery {
  const words = reason?.trim() ?? '';
  return {
    ...without(released(delivery), 'nextAttemptAt', 'handle', 'doubtSince'),
    attempts: triesOf(delivery),
    state: 'failed',
    code: 'declined',
    reason: words === '' ? 'The person who was asked could not publish it.' : words,
  };
}
